import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvalidArgumentError, InvalidPathError } from "@remote-store/core";
import { hivePath, parseHivePath } from "../../../ext/partition.ts";

const value = (text: string) => hivePath("f", { k: text }).slice(2, -2);

Deno.test("PART-014 names and values are encoded but for letters, digits and -._~", () => {
  const plain = "azAZ09-._~";
  assertEquals(value(plain), plain);
  assertEquals(
    value("a b/c=d%é🙂!'()*+\\\0"),
    [
      "a%20b%2Fc%3Dd%25%C3%A9%F0%9F%99%82",
      "%21%27%28%29%2A%2B%5C%00",
    ].join(""),
  );
  assertEquals(hivePath("f", { "a b": 1 }), "a%20b=1/f");
  assertEquals([value(""), value("."), value("..")], ["", ".", ".."]);
});

Deno.test("PART-014 every text comes back as it was, and null as null", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.string({ unit: "binary", minLength: 1 }),
          fc.oneof(fc.string({ unit: "binary" }), fc.constant(null)),
        ),
      ),
      (pairs) => {
        const columns = new Map(pairs);
        const { partitions, folder, filename } = parseHivePath(
          hivePath("f", columns),
        );
        assertEquals([...partitions], [...columns]);
        assertEquals([folder, filename], ["", "f"]);
      },
    ),
  );
});

Deno.test("PART-015 null is Hive's folder, and texts that look like null are none", () => {
  assertEquals(hivePath("f", { k: null }), "k=__HIVE_DEFAULT_PARTITION__/f");
  assertEquals(
    ["__HIVE_DEFAULT_PARTITION__", "null", "NULL", "nULLs"].map(value),
    ["%5F_HIVE_DEFAULT_PARTITION__", "%6Eull", "%4EULL", "nULLs"],
  );
  const { partitions } = parseHivePath("a=null/b=__HIVE_DEFAULT_PARTITION__/f");
  assertEquals([...partitions], [["a", "null"], ["b", null]]);
});

Deno.test("PART-016 numbers, booleans and dates are the text that is read the same", () => {
  const path = hivePath("f", {
    a: 1.5,
    b: 12345678901234567890n,
    c: false,
    d: new Date(Date.UTC(2026, 2, 1)),
    e: new Date(Date.UTC(2026, 2, 1, 12, 30, 0, 500)),
  });
  assertEquals(
    path,
    "a=1.5/b=12345678901234567890/c=false/d=2026-03-01/e=2026-03-01%2012%3A30%3A00.500/f",
  );
});

Deno.test("PART-017 columns are found below and between other folders, and never in the file's name", () => {
  const { folder, partitions, filename } = parseHivePath(
    "lake/sales/a=1/raw/b=2/x/c=3",
  );
  assertEquals([folder, filename], ["lake/sales", "raw/x/c=3"]);
  assertEquals([...partitions], [["a", "1"], ["b", "2"]]);
  assertEquals(parseHivePath("f").partitions.size, 0);
  assertEquals(parseHivePath("a=b=c/=d/f").folder, "a=b=c/=d");
});

Deno.test("PART-017 what is no encoding stays as it is", () => {
  for (const text of ["%", "%zz", "a+b", "%C3", "100%25%", "%C3%28"]) {
    const { partitions } = parseHivePath(`k=${text}/f`);
    assertEquals(partitions.get("k"), text.replace("%25", "%"), text);
  }
  assertEquals(parseHivePath("k=%2e/f").partitions.get("k"), ".");
});

Deno.test("PART-018 what cannot be carried is refused", () => {
  const wrong = [
    NaN,
    Infinity,
    new Date(NaN),
    "\ud800",
    undefined,
    {},
    Symbol("s"),
  ];
  for (const one of wrong) {
    const error = assertThrows(
      () => hivePath("f", { k: one as string }),
      InvalidArgumentError,
    );
    assert(error.message.startsWith('Cannot use the value of "k" '));
  }
  assertThrows(() => hivePath("f", [["", 1]]), InvalidArgumentError);
  assertThrows(() => hivePath("f", [["k", 1], ["k", 2]]), InvalidArgumentError);
  for (const filename of ["", "a/b", "k=1"]) {
    assertThrows(() => hivePath(filename, { k: 1 }), InvalidArgumentError);
  }
  assertThrows(() => hivePath("..", { k: 1 }), InvalidPathError);
  assertThrows(() => parseHivePath(""), InvalidArgumentError);
  assertThrows(() => parseHivePath("k=1/%6B=2/f"), InvalidArgumentError);
});
