import { assertEquals, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "@remote-store/core";
import {
  entriesOf,
  pathOf,
  refused,
  segmentsOf,
  splitColumn,
  twice,
} from "../../../ext/_partition/parts.ts";

Deno.test("splitColumn() wants one equals sign and something before it", () => {
  assertEquals(splitColumn("a=b"), ["a", "b"]);
  assertEquals(splitColumn("a="), ["a", ""]);
  for (const segment of ["", "a", "=b", "a=b=c"]) {
    assertEquals(splitColumn(segment), null);
  }
});

Deno.test("entriesOf(), pathOf() and segmentsOf() take what makes a path", () => {
  assertEquals([...entriesOf({ a: 1 })], [["a", 1]]);
  assertEquals([...entriesOf(new Map([["a", 1]]))], [["a", 1]]);
  assertThrows(() => entriesOf(null as never), InvalidArgumentError);
  assertEquals(pathOf(["a=1"], "f"), "a=1/f");
  assertThrows(() => pathOf(["a=1"], "b=2"), InvalidArgumentError);
  assertEquals(segmentsOf("a//b/"), ["a", "b"]);
  assertThrows(() => segmentsOf(""), InvalidArgumentError);
});

Deno.test("refused() and twice() name the part", () => {
  assertEquals(
    [refused("column", "a", "it is odd").message, twice("a").message],
    [
      'Cannot use the column "a" of a partition: it is odd',
      'Cannot use the column "a" of a partition: it stands twice',
    ],
  );
});
