import { assert, assertEquals, assertNotEquals } from "@std/assert";
import * as fake from "fake-indexeddb";
import {
  contentSpan,
  type FileRecord,
  leaseKey,
  LEASES,
  levelSpan,
  newId,
  nodeKey,
  type NodeRecord,
  PACK_BYTES,
  type Span,
  toEtag,
  toNode,
  toNodeRow,
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

Deno.test("IDB a node comes back as it was put, with the fields that few files have", () => {
  const file = fileRecord("a/b");
  const { content } = file;
  const rows: [node: NodeRecord, fields: number][] = [
    [{ kind: "folder", key: "a" }, 1],
    [file, 5],
    [fileRecord("a", { size: 0, contentType: "text/plain" }), 6],
    [fileRecord("a", { metadata: { by: "me" }, extra: { x: "y" } }), 6],
    [
      { ...file, etag: '"of a copy"', content: { ...content, shared: true } },
      6,
    ],
    [{ ...file, content: { ...content, blobs: true } }, 6],
    [packed("a/b", 0), 5],
    [packed("a/b", 16_383), 5],
    [{ ...packed("a", 7), etag: '"of a copy"' }, 6],
  ];
  for (const [node, fields] of rows) {
    const row = toNodeRow(node);
    assertEquals(row.length, fields);
    assertEquals(toNode(structuredClone(row)), node);
  }
});

function packed(key: string, offset: number): FileRecord {
  const id = "pack";
  return fileRecord(key, {
    etag: toEtag(id, offset),
    content: {
      id,
      chunkSize: PACK_BYTES,
      blobs: false,
      shared: true,
      offset,
    },
  });
}

Deno.test("WR-001a each file of a pack has an etag of its own", () => {
  assertNotEquals(packed("a", 0).etag, packed("b", 1).etag);
  assertNotEquals(packed("a", 0).etag, toEtag("pack"));
});

Deno.test("IDB a record without a time is read with null in its place", () => {
  const node = toNode(["a", 3, null, "id", 4]);
  assert(node.kind === "file");
  assertEquals(node.lastModified, null);
});

Deno.test("IDB ids differ, and are etags in quotes", () => {
  assertNotEquals(newId(), newId());
  assertEquals(toEtag("x"), '"x"');
  assertEquals(newId().length, 20);
});
