import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  asksMore,
  limitOf,
  lineOf,
  ownCopy,
  topicOf,
  topicsOf,
} from "../../../ext/_cache/values.ts";

Deno.test("lineOf() gives a path and all folders above it", () => {
  assertEquals(lineOf("a/b/c"), ["a/b/c", "a/b", "a", ""]);
  assertEquals(lineOf("a"), ["a", ""]);
  assertEquals(lineOf(""), [""]);
});

Deno.test("topicsOf() gives what a change of the path, of anything or of all touches", () => {
  assertEquals(topicsOf(["exists", "a/b"]), ["*", topicOf("a/b")]);
  assertEquals(topicsOf(["list", "listFiles", "", "z"]), ["*", "list"]);
  // No path is taken for the topic of listings or of all.
  assert(!["*", "list"].includes(topicOf("list")) && topicOf("*") !== "*");
});

Deno.test("asksMore() is true of any option but a signal", () => {
  const { signal } = new AbortController();
  for (const options of [undefined, {}, { signal }, { range: undefined }]) {
    assert(!asksMore(options));
  }
  assert(
    asksMore({ signal, range: { offset: 1 } }) && asksMore({ novelty: 0 }),
  );
});

Deno.test("limitOf() takes what is a limit, and names what is none", () => {
  assertEquals(limitOf("ttl", 0.5), 0.5);
  assert(Number.isSafeInteger(limitOf("ttl", Infinity)));
  for (const value of [0, -1, NaN, "5" as unknown as number]) {
    assertThrows(() => limitOf("ttl", value), Error, `ttl is ${value}`);
  }
  assertThrows(() => limitOf("maxEntries", 1.5, "a count"), Error, "a count");
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
