import { assert, assertEquals, assertNotEquals } from "@std/assert";
import * as fake from "fake-indexeddb";
import {
  contentSpan,
  extraOf,
  leaseKey,
  LEASES,
  levelSpan,
  newId,
  nodeKey,
  type Span,
  toEntry,
  toEtag,
} from "../../../backends/indexeddb/records.ts";
import { fileRecord } from "./imitation.ts";

const { cmp } = new fake.IDBFactory();

function isIn(key: IDBValidKey, span: Span): boolean {
  const low = cmp(key, span.lower);
  const high = cmp(key, span.upper);
  return (span.openLower ? low > 0 : low >= 0) &&
    (span.openUpper ? high < 0 : high <= 0);
}

Deno.test("IDB a span of one depth has what starts with the prefix, and nothing else", () => {
  const rows: [prefix: string, key: string, wanted: boolean][] = [
    ["", "a", true],
    ["", "\uffff", true],
    ["", "a/b", false],
    ["a/", "a/b", true],
    ["a/", "ab/c", false],
    ["a/", "a0/c", false],
    ["a/b", "a/bc", true],
    ["a/b", "a/c", false],
    ["a/b", "a/b/c", false],
    ["a\uffff", "a\uffff", true],
    ["a\uffff", "b", false],
    ["\uffff", "\uffffx", true],
    ["a/%", "a/x", false],
    ["a/_", "a/x", false],
    ["A/", "a/x", false],
  ];
  for (const [prefix, key, wanted] of rows) {
    const level = prefix.split("/").length;
    assertEquals(
      isIn(nodeKey(key), levelSpan(level, prefix)),
      wanted,
      `${prefix} ${key}`,
    );
  }
});

Deno.test("IDB a span goes on after the key of the page before", () => {
  const span = levelSpan(2, "a/", "a/m");
  assert(!isIn(nodeKey("a/m"), span));
  assert(isIn(nodeKey("a/m!"), span));
  assert(!isIn(nodeKey("a/l"), span));
});

Deno.test("IDB leases, nodes and contents keep apart", () => {
  assert(isIn(leaseKey("x"), LEASES));
  assert(!isIn(nodeKey("x"), LEASES));
  assert(isIn(["x"], contentSpan("x")));
  assert(isIn(["x", 1e9], contentSpan("x")));
  assert(!isIn(["xy", 0], contentSpan("x")));
  assert(!isIn(nodeKey("x"), contentSpan("x")));
});

Deno.test("IDB an older record without some fields is read with null in their place", () => {
  const { etag: _, ...older } = fileRecord("a");
  const entry = toEntry(older as never);
  assert(entry?.kind === "file");
  assertEquals(entry.etag, null);
  assertEquals(entry.metadata, null);
});

Deno.test("IDB ids differ, and are etags in quotes", () => {
  assertNotEquals(newId(), newId());
  assertEquals(toEtag("x"), '"x"');
  assertEquals(newId().length, 30);
});

Deno.test("WR-001a headers without a field of their own go into extra", () => {
  const none = {
    contentType: "text/plain",
    cacheControl: null,
    contentDisposition: null,
    contentEncoding: null,
    contentLanguage: null,
  };
  assertEquals(extraOf(none), null);
  assertEquals(extraOf({ ...none, contentLanguage: "de" }), {
    contentLanguage: "de",
  });
});
