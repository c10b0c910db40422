import { assert, assertEquals } from "@std/assert";
import { lineOf, ownCopy, touches } from "../../../ext/_cache/values.ts";

Deno.test("lineOf() gives a path and all folders above it", () => {
  assertEquals(lineOf("a/b/c"), ["a/b/c", "a/b", "a", ""]);
  assertEquals(lineOf("a"), ["a", ""]);
  assertEquals(lineOf(""), [""]);
});

Deno.test("touches() is true of listings, and of the paths given", () => {
  const paths = ["a/b", "a", ""];
  assert(touches(paths, ["list", "listFiles", "", "z"]));
  assert(touches(paths, ["exists", "a"]));
  assert(!touches(paths, ["exists", "ab"]));
});

Deno.test("ownCopy() copies bytes and dates, and leaves the rest", () => {
  const bytes = new Uint8Array([1]);
  assert(ownCopy(bytes) !== bytes);
  const entry = Object.freeze(
    { kind: "folder", path: "a", name: "a" } as const,
  );
  assert(ownCopy(entry) === entry);
  assertEquals(ownCopy(true), true);
});
