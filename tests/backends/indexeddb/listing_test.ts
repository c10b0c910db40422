import { assert, assertEquals } from "@std/assert";
import type { Database } from "../../../backends/indexeddb/database.ts";
import { listPage, removeTree } from "../../../backends/indexeddb/listing.ts";
import { Tree } from "../../../backends/indexeddb/tree.ts";
import type { ListRequest } from "../../../core/backend.ts";
import { fileRecord, keysOf, newDatabase } from "./imitation.ts";

const ALL: ListRequest = {
  shallow: false,
  cursor: null,
  limit: null,
  maxDepth: null,
  signal: undefined,
};

async function holding(...keys: string[]): Promise<Database> {
  const database = newDatabase();
  await database.run("readwrite", async (transaction) => {
    const tree = new Tree(transaction);
    await tree.load(keys);
    for (const key of keys) await tree.putFile(fileRecord(key));
  });
  return database;
}

async function listed(
  database: Database,
  prefix: string,
  request: Partial<ListRequest>,
): Promise<string[]> {
  const found: string[] = [];
  let cursor: ListRequest["cursor"] = null;
  do {
    const at: ListRequest = { ...ALL, ...request, cursor };
    const page = await database.run(
      "readonly",
      (transaction) => listPage(transaction, prefix, at),
    );
    found.push(...page.files.map(({ key }) => key));
    found.push(...page.folders.map((key) => `${key}/`));
    cursor = page.cursor;
  } while (cursor !== null);
  return found.sort();
}

const KEYS = ["a.txt", "a/1", "a/b/2", "a/b/c/3", "a/bb", "ab/4", "b"];

Deno.test("BE-014 every prefix gives what starts with it, in pages of any size", async () => {
  const database = await holding(...KEYS);
  const all = [...KEYS, "a/", "a/b/", "a/b/c/", "ab/"];
  const rows: [
    prefix: string,
    request: Partial<ListRequest>,
    wanted: string[],
  ][] = [
    ["", {}, all],
    ["", { shallow: true }, ["a.txt", "a/", "ab/", "b"]],
    ["a/", {}, ["a/1", "a/b/", "a/b/2", "a/b/c/", "a/b/c/3", "a/bb"]],
    ["a/", { shallow: true }, ["a/1", "a/b/", "a/bb"]],
    ["a/", { maxDepth: 1 }, ["a/1", "a/b/", "a/b/2", "a/b/c/", "a/bb"]],
    ["a/b", {}, ["a/b/", "a/b/2", "a/b/c/", "a/b/c/3", "a/bb"]],
    ["a", { shallow: true }, ["a.txt", "a/", "ab/"]],
    ["a/b/c/", {}, ["a/b/c/3"]],
    ["none/", {}, []],
    ["b/", {}, []],
  ];
  for (const [prefix, request, wanted] of rows) {
    for (const limit of [null, 1, 2, 3]) {
      assertEquals(
        await listed(database, prefix, { ...request, limit }),
        [...wanted].sort(),
        `${prefix} in pages of ${limit}`,
      );
    }
  }
  await database.close();
});

Deno.test("BE-013 a folder is removed with all below it, and no neighbor", async () => {
  const database = await holding(...KEYS);
  const remove = (key: string, recursive: boolean) =>
    database.run(
      "readwrite",
      (transaction) => removeTree(transaction, key, recursive),
    );
  assertEquals(await remove("a", false), false);
  assertEquals(await remove("a", true), true);
  assertEquals(await listed(database, "", {}), ["a.txt", "ab/", "ab/4", "b"]);
  assertEquals((await keysOf(database)).length, 4);
  await database.close();
});

Deno.test("IDB a file that came in the place of a folder is not removed as one", async () => {
  const database = await holding("a");
  await database.run(
    "readwrite",
    (transaction) => removeTree(transaction, "a", true),
  );
  assertEquals(await listed(database, "", {}), ["a"]);
  await database.close();
});

Deno.test("IDB-005 a large folder goes in transactions of a thousand, the deepest first, and is whole in between", async () => {
  const keys = [
    ...Array.from({ length: 1200 }, (_, i) => `d/a/${i}`),
    ...Array.from({ length: 900 }, (_, i) => `d/a/b/${i}`),
    "d/a/b/c/deep",
    "d.txt",
    "dd/1",
  ];
  const database = await holding(...keys);
  const seen: number[] = [];
  for (;;) {
    const removed = await database.run(
      "readwrite",
      (transaction) => removeTree(transaction, "d", true),
    );
    const left = await listed(database, "", {});
    const folders = left.filter((name) => name.endsWith("/"));
    for (const name of left) {
      for (let at = name.replace(/\/$/, ""); at.includes("/");) {
        at = at.slice(0, at.lastIndexOf("/"));
        assert(folders.includes(`${at}/`), `${name} is in no folder ${at}`);
      }
    }
    seen.push(left.length);
    if (removed !== null) break;
  }
  assertEquals(seen, [1108, 108, 3]);
  assertEquals(await listed(database, "", {}), ["d.txt", "dd/", "dd/1"]);
  await database.close();
});
