import { assertEquals, assertThrows } from "@std/assert";
import { toAsked } from "../../../ext/_sign/paths.ts";
import type { KeyedOperation } from "../../../mod.ts";

function asked(
  operation: KeyedOperation["operation"],
  key: string,
  base = "r",
) {
  const keyed = { operation, key, sourceKey: null } as KeyedOperation;
  return toAsked(keyed, base).path;
}

Deno.test("SIGN-018 a key is a path below the root, or nothing", () => {
  assertEquals(asked("read", "r/a/b"), "a/b");
  assertEquals(asked("read", "a", ""), "a");
  assertEquals(asked("list", "r/"), "");
  assertEquals(asked("list", "r/a/b"), "a");
  assertEquals(asked("list", "", ""), "");
  assertEquals(asked("ping", ""), "");
  // What other tools have put there goes with its folder.
  assertEquals(asked("delete", "r/a//b/"), "a//b/");
  for (
    const key of [
      "r",
      "r/",
      "rr/a",
      "R/a",
      "r/../s",
      "r/./a",
      "r//a",
      "r/a/",
      "s/a",
    ]
  ) {
    assertThrows(() => asked("read", key), Error, "below the root");
  }
  assertEquals(asked("delete", "r/a\\b"), "a\\b");
  for (const key of ["r/", "r/../s", "r/a/.", "r", "r/..\\s", "r/a\\../b"]) {
    assertThrows(() => asked("delete", key), Error, "below the root");
  }
  for (const key of ["r", "", "rr", "r/../", "r/a\\b", "s/"]) {
    assertThrows(() => asked("list", key), Error, "outside");
  }
});
