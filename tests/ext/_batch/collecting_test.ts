import { assertEquals, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "@remote-store/core";
import {
  checked,
  lanesOf,
  requirePair,
} from "../../../ext/_batch/collecting.ts";

Deno.test("BATCH-002 checked() takes what can be gone through, and no text", () => {
  for (const items of [["a"], new Set("a"), (async function* () {})()]) {
    assertEquals(checked(items as string[]), items);
  }
  for (const items of ["a", null, 7, {}]) {
    assertThrows(() => checked(items as never), InvalidArgumentError);
  }
});

Deno.test("BATCH-005 lanesOf() gives one where the first error ends it, else six", () => {
  assertEquals([lanesOf({}), lanesOf({}, true)], [6, 1]);
  assertEquals(lanesOf({ concurrency: 2 }), 2);
  assertThrows(() => lanesOf({ concurrency: 2 }, true), InvalidArgumentError);
  assertThrows(() => lanesOf({ concurrency: 0 }), InvalidArgumentError);
});

Deno.test("BATCH-026 requirePair() takes pairs only", () => {
  assertEquals(requirePair("copy", "two", ["a", "b"]), ["a", "b"]);
  assertThrows(
    () => requirePair("copy", "two", ["a"] as never),
    InvalidArgumentError,
    "Cannot copy: an item is no pair of two",
  );
});
