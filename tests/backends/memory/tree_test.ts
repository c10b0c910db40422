import { assertEquals } from "@std/assert";
import type { ListRequest } from "../../../mod.ts";
import type { StoredFile } from "../../../backends/memory/shelf.ts";
import { Tree } from "../../../backends/memory/tree.ts";

const fileAt = (key: string): StoredFile => ({
  entry: {
    key,
    kind: "file",
    size: 0,
    lastModified: 0,
    etag: '"1"',
    digest: null,
    contentType: null,
    metadata: null,
    extra: null,
  },
  bytes: new Uint8Array(0),
});

const DEEP: ListRequest = {
  shallow: false,
  cursor: null,
  limit: null,
  maxDepth: null,
  signal: undefined,
};

function treeOf(...keys: string[]): Tree {
  const tree = new Tree(1000);
  for (const key of keys) tree.put(key, fileAt(key));
  return tree;
}

function keysOf(tree: Tree, prefix: string, request: ListRequest): string[] {
  const found: string[] = [];
  let { cursor } = request;
  do {
    const page = tree.list(prefix, { ...request, cursor });
    found.push(...page.files.map(({ key }) => key));
    cursor = page.cursor;
  } while (cursor !== null);
  return found;
}

Deno.test("FROM-002 a tree in order is in the order of whole keys, whatever the size of pages", () => {
  const keys = ["a/b", "a/b-1", "a/b/c", "a-", "a0", "a/\u{1f600}", "a/\uff21"];
  const tree = treeOf(...keys.filter((key) => key !== "a/b"));
  for (const limit of [1, 2, 100]) {
    const found = keysOf(tree, "", { ...DEEP, ordered: true, limit });
    assertEquals(found, [
      "a-",
      "a/b-1",
      "a/b/c",
      "a/\uff21",
      "a/\u{1f600}",
      "a0",
    ]);
  }
  assertEquals(keysOf(tree, "", DEEP)[0], "a/b-1", "the order of creation");
});

Deno.test("FROM-002 a tree goes on in the middle of a folder, and passes by those in front", () => {
  const tree = treeOf("a/1", "b/1", "b/2", "b-", "c/1");
  const from = (startAfter: string) =>
    keysOf(tree, "", { ...DEEP, ordered: true, startAfter });
  assertEquals(from("b/1"), ["b/2", "c/1"]);
  assertEquals(from("a"), ["a/1", "b-", "b/1", "b/2", "c/1"]);
  assertEquals(from("b-"), ["b/1", "b/2", "c/1"]);
  assertEquals(from("c/1"), []);
});

Deno.test("MEM-DS-006 a tree's folders outlive their files, and nothing is made in a listing under way", () => {
  const tree = treeOf("a/1", "a/2");
  const first = tree.list("a/", { ...DEEP, limit: 1 });
  tree.put("a/3", fileAt("a/3"));
  assertEquals(keysOf(tree, "a/", { ...DEEP, cursor: first.cursor }), ["a/2"]);
  for (const key of ["a/1", "a/2", "a/3"]) tree.remove(key);
  assertEquals(tree.entryAt("a"), { kind: "folder" });
  assertEquals(tree.removeFolder("a", false), true);
  assertEquals(tree.entryAt("a"), null);
});
