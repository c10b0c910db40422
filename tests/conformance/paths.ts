import { asyncDispose } from "../../mod.ts";
import { assert, assertEquals, assertSameSet, thrownAtCall } from "./assert.ts";
import { type Bench, collect } from "./bench.ts";
import type { Group, Point } from "./points.ts";
import { behaviour } from "./points.ts";
import { assertRefusal } from "./refusals.ts";

/** Names that are harmless in a map and hard on a wire. */
const NAMES: readonly string[] = [
  "with space",
  " leading",
  "trailing ",
  "two  spaces",
  "plus+sign",
  "percent%20",
  "percent%",
  "%2e%2e",
  "%2F",
  "question?mark",
  "hash#tag",
  "amp&ersand",
  "equals=sign",
  "semi;colon",
  "colon:",
  "at@sign",
  "comma,",
  "dollar$",
  "bang!",
  "star*",
  "(parens)",
  "[brackets]",
  "{braces}",
  "'single'",
  '"double"',
  "`tick`",
  "<angle>",
  "pipe|",
  "caret^",
  "tilde~",
  "..a",
  ".hidden",
  "UPPER",
  "ünïcödé",
  "日本語",
  "🙂🙂",
  "e\u0301",
  "\u00e9",
  "\u202eright to left",
  "null",
  "undefined",
  "constructor",
  "__proto__",
  "CON",
  "x".repeat(200),
];

/** Names that some services cannot keep, and so have to refuse. */
const HARD_NAMES: readonly string[] = [
  "tab\tinside",
  "line\nbreak",
  "\u0001",
  "\u007f",
  "...",
  "a..",
  "trailing.",
];

function namePoint(name: string, refusable: boolean): Point {
  return {
    label: JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name),
    allowed: (target) => target.has("write") && target.has("read"),
    async run(bench) {
      const { store } = bench;
      const path = `keys/${name}/${name}`;
      try {
        const { path: written } = await store.write(path, name);
        assertEquals(written, path, "the path of the result");
      } catch (error) {
        // Byte-exact or refused, never another key.
        if (!refusable) throw error;
        assertRefusal(error, { code: "InvalidPath", paths: [path] }, bench);
        return;
      }
      assertEquals(await store.readText(path), name, "the content");
      assert(await store.isFile(path), "isFile");
      if (bench.has("metadata")) {
        const info = await store.getFileInfo(path);
        assertEquals([info.path, info.name], [path, name], "path and name");
      }
      assertEquals(
        store.toKey(store.nativePath(path)),
        path,
        "toKey of nativePath",
      );
      if (!bench.has("list")) return;
      const files = await collect(store.listFiles(`keys/${name}`));
      assertSameSet(files.map((file) => file.path), [path], "the files listed");
      assert(await store.isFolder(`keys/${name}`), "isFolder");
    },
  };
}

const isListable: Point["allowed"] = (target) =>
  target.has("write") && target.has("read") && target.has("list");

function allNames(): Point {
  return {
    label: "all names in one folder",
    allowed: isListable,
    async run(bench) {
      const { store } = bench;
      for (const name of NAMES) await store.write(`all/${name}`, name);
      const files = await collect(store.listFiles("all"));
      assertSameSet(files.map(({ name }) => name), NAMES, "the names listed");
      for (const name of NAMES) {
        assertEquals(
          await store.readText(`all/${name}`),
          name,
          `the content of ${name}`,
        );
      }
    },
  };
}

async function twoFiles(bench: Bench, one: string, two: string): Promise<void> {
  const { store } = bench;
  await store.write(one, "one");
  await store.write(two, "two");
  assertEquals([await store.readText(one), await store.readText(two)], [
    "one",
    "two",
  ], "the contents");
}

/** Keys, native paths, children. */
export const PATH_TESTS: readonly Group[] = [
  {
    ids: "PATH-006, BE-025, Q20",
    title: "keys are byte-exact, whatever characters they have",
    points: [...NAMES.map((name) => namePoint(name, false)), allNames()],
  },
  {
    ids: "PATH-007, Q20",
    title:
      "keys with control characters or trailing dots are byte-exact or refused",
    points: HARD_NAMES.map((name) => namePoint(name, true)),
  },

  behaviour(
    "PATH-013, Q20",
    "composed and decomposed letters, and letters of two cases, are two keys",
    { needs: ["write", "read"] },
    async (bench) => {
      await twoFiles(bench, "n/\u00e9", "n/e\u0301");
      await twoFiles(bench, "case/a.txt", "case/A.txt");
    },
  ),

  behaviour(
    "NPR-010, STORE-011",
    "toKey undoes nativePath for every depth",
    {},
    ({ store }) => {
      for (const path of ["a", "a/b", "a/b/c.txt", "x y/z", "ü/日本"]) {
        const native = store.nativePath(path);
        assertEquals(store.toKey(native), path, "toKey of nativePath");
        assertEquals(store.nativePath(store.toKey(native)), native, "and back");
      }
      assertEquals(
        store.nativePath("."),
        store.nativePath(""),
        "the root in two spellings (BE-025)",
      );
      return Promise.resolve();
    },
  ),

  behaviour(
    "NPR-013, CHILD-009",
    "toKey of a child refuses what lies beside it, by segments",
    {},
    (bench) => {
      const { store } = bench;
      const child = store.child("data");
      assertEquals(child.toKey(store.nativePath("data/x")), "x", "inside");
      for (const path of ["database/x", "dat", "x", "data2"]) {
        const native = store.nativePath(path);
        const error = thrownAtCall(() => child.toKey(native), "toKey");
        assertRefusal(error, { code: "InvalidPath" }, bench);
      }
      return Promise.resolve();
    },
  ),

  behaviour(
    "CHILD-004, STORE-010",
    "a chain of children equals one child, and shares the files",
    { needs: ["write", "read"] },
    async ({ store }) => {
      const chained = store.child("a").child("b");
      const direct = store.child("a//b");
      assert(chained.equals(direct), "the two differ");
      assert(direct.equals(chained), "the two differ, the other way round");
      assert(!chained.equals(store.child("a")), "a grandchild equals a child");
      assert(
        !chained.equals(null) && !chained.equals({}),
        "it equals no store at all",
      );
      await chained.write("c.txt", "c");
      assertEquals(
        await store.readText("a/b/c.txt"),
        "c",
        "seen from the parent",
      );
      assertEquals(await direct.readText("c.txt"), "c", "seen from the twin");
    },
  ),

  behaviour(
    "CHILD-009, NPR-001, STORE-012",
    "every path that a child gives is its own",
    { needs: ["write", "list", "metadata"] },
    async (bench) => {
      const { store } = bench;
      const child = store.child("a").child("b");
      const result = await child.write("c/d.txt", "d");
      assertEquals(result.path, "c/d.txt", "the path of a result");
      await store.write("a/beside.txt", "beside");
      const files = await collect(child.listFiles("", { recursive: true }));
      assertEquals(files.map(({ path }) => path), ["c/d.txt"], "listFiles");
      const folders = await collect(child.listFolders(""));
      assertEquals(folders.map(({ path }) => path), ["c"], "listFolders");
      const children = await collect(child.iterChildren("c"));
      assertEquals(
        children.map(({ path }) => path),
        ["c/d.txt"],
        "iterChildren",
      );
      assertEquals(
        (await child.getFileInfo("c/d.txt")).path,
        "c/d.txt",
        "getFileInfo",
      );
      assertEquals((await child.head("./c//d.txt")).path, "c/d.txt", "head");
      assertEquals((await child.getFolderInfo("c")).path, "c", "getFolderInfo");
      assertEquals(
        (await child.getFolderInfo("")).path,
        ".",
        "getFolderInfo of the root",
      );
      assertEquals(child.resolve("c").path, "c", "resolve");
      try {
        await child.getFileInfo("missing/x.txt");
      } catch (error) {
        assertRefusal(
          error,
          { code: "NotFound", paths: ["missing/x.txt"] },
          bench,
        );
      }
    },
  ),

  behaviour(
    "CHILD-006, STORE-009",
    "closing or disposing of a child closes nothing",
    { needs: ["write", "read"] },
    async ({ store }) => {
      const child = store.child("a");
      await child.write("b.txt", "b");
      await child.close();
      await child[asyncDispose]();
      assertEquals(await child.readText("b.txt"), "b", "the child");
      assertEquals(await store.readText("a/b.txt"), "b", "the parent");
    },
  ),

  behaviour(
    "BE-029, CHILD-009",
    "the root of a child is a folder, also before anything is in it",
    { needs: ["list", "metadata"] },
    async ({ store }) => {
      const child = store.child("not/there/yet");
      assertEquals(
        [
          await child.exists(""),
          await child.isFolder("."),
          await child.isFile("/"),
        ],
        [true, true, false],
        "exists, isFolder, isFile",
      );
      assertEquals(await collect(child.iterChildren("")), [], "iterChildren");
      assertEquals((await child.getFolderInfo("")).fileCount, 0, "fileCount");
    },
  ),

  behaviour(
    "STORE-013",
    "unwrap refuses a class that the backend has not",
    {},
    (bench) => {
      class Nobody {}
      const error = thrownAtCall(() => bench.store.unwrap(Nobody), "unwrap");
      const { code, backend } = error as { code?: unknown; backend?: unknown };
      assertEquals(
        [code, backend],
        ["CapabilityNotSupported", bench.backend],
        "code and backend",
      );
      return Promise.resolve();
    },
  ),

  behaviour(
    "RES-010, BE-020",
    "resolve says where a path leads, and no secret",
    {},
    ({ store }) => {
      const plan = store.resolve("./a//b.txt");
      assertEquals(plan.path, "a/b.txt", "path");
      assertEquals(plan.nativePath, store.nativePath("a/b.txt"), "nativePath");
      const text = JSON.stringify(plan).toLowerCase();
      for (const word of ["secret", "password", "signature", "sig=", "token"]) {
        assert(!text.includes(word), `the plan holds ${word}`);
      }
      return Promise.resolve();
    },
  ),

  behaviour("PING-001", "ping resolves to nothing, and changes nothing", {
    needs: ["list"],
  }, async ({ store }) => {
    assertEquals(await store.ping(), undefined, "the result");
    assertEquals(
      await collect(store.iterChildren("")),
      [],
      "the root afterwards",
    );
  }),
];
