import type { FileInfo, FolderEntry } from "../../mod.ts";
import { assert, assertEquals, assertSameSet } from "./assert.ts";
import { type Bench, collect } from "./bench.ts";
import { type Behaviour, behaviour, type Group } from "./points.ts";

const LIST: Behaviour = { needs: ["list"], when: ({ seedable }) => seedable };
const WRITE: Behaviour = { needs: ["list", "write"] };

const pathsOf = (entries: readonly (FileInfo | FolderEntry)[]) =>
  entries.map(({ path }) => path);

/** How many writes are in flight while a fixture is built. */
const AT_ONCE = 16;

async function putMany(bench: Bench, paths: readonly string[]): Promise<void> {
  const queue = paths.values();
  const work = async () => {
    for (const path of queue) await bench.put(path, path);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** What listings do beside their parameters. */
export const LIST_TESTS: readonly Group[] = [
  behaviour(
    "BE-014, BE-021",
    "listings page through: each entry once, none missing",
    LIST,
    async (bench) => {
      const { store } = bench;
      const count = bench.target.manyFiles;
      const paths = Array.from(
        { length: count },
        (_, i) => `many/${i % 7}/${i}.txt`,
      );
      await putMany(bench, paths);
      const files = await collect(store.listFiles("many", { recursive: true }));
      assertSameSet(pathsOf(files), paths, "the files, recursively");
      const folders = await collect(store.listFolders("many"));
      const names = [0, 1, 2, 3, 4, 5, 6].slice(0, count).map((i) =>
        `many/${i}`
      );
      assertSameSet(pathsOf(folders), names, "the folders");
      const direct = await collect(store.listFiles("many/3"));
      const wanted = paths.filter((path) => path.startsWith("many/3/"));
      assertSameSet(pathsOf(direct), wanted, "the files of one folder");
      if (!bench.has("metadata")) return;
      const { fileCount } = await store.getFolderInfo("many");
      assertEquals(fileCount, count, "fileCount");
    },
  ),

  behaviour(
    "BE-015, BE-026",
    "folders on the border of two pages come once",
    LIST,
    async (bench) => {
      const { store } = bench;
      const folders = Array.from({ length: 9 }, (_, i) => `top/d${i}`);
      await putMany(
        bench,
        folders.flatMap((at) => [`${at}/1`, `${at}/2`, `${at}/3`, `${at}/4`]),
      );
      await putMany(bench, ["top/a.txt", "top/e.txt"]);
      assertSameSet(
        pathsOf(await collect(store.listFolders("top"))),
        folders,
        "listFolders",
      );
      const children = pathsOf(await collect(store.iterChildren("top")));
      assertSameSet(
        children,
        [...folders, "top/a.txt", "top/e.txt"],
        "iterChildren",
      );
    },
  ),

  behaviour(
    "BE-014, BE-013",
    "names that only begin alike are no children",
    LIST,
    async (bench) => {
      const { store } = bench;
      await bench.putAll(["a/1", "ab/2", "a.txt", "a!/3", "a0/4", "A/5", "aa"]);
      assertSameSet(
        pathsOf(await collect(store.listFiles("a", { recursive: true }))),
        ["a/1"],
        "below a",
      );
      assertSameSet(
        pathsOf(await collect(store.iterChildren("a"))),
        ["a/1"],
        "children of a",
      );
      assertSameSet(pathsOf(await collect(store.listFiles(""))), [
        "a.txt",
        "aa",
      ], "files of the root");
      assertSameSet(pathsOf(await collect(store.listFolders(""))), [
        "a",
        "ab",
        "a!",
        "a0",
        "A",
      ], "folders of the root");
      assert(!await store.exists("a."), "a. exists");
      assert(await store.isFolder("A"), "A is no folder: case counts");
    },
  ),

  behaviour(
    "ASYNC-045, BE-014",
    "a listing starts when it is iterated, and each iteration is its own",
    WRITE,
    async ({ store }) => {
      const files = store.listFiles("", { recursive: true });
      const folders = store.listFolders("");
      const children = store.iterChildren("");
      await store.write("a/1", "1");
      assertSameSet(pathsOf(await collect(files)), ["a/1"], "listFiles");
      assertSameSet(pathsOf(await collect(folders)), ["a"], "listFolders");
      assertSameSet(pathsOf(await collect(children)), ["a"], "iterChildren");
      await store.write("a/2", "2");
      assertSameSet(
        pathsOf(await collect(files)),
        ["a/1", "a/2"],
        "listFiles again",
      );
    },
  ),

  behaviour(
    "SIO-005, BE-014",
    "leaving a loop early, or before it starts, is fine",
    LIST,
    async (bench) => {
      const { store } = bench;
      await bench.putAll(["a/1", "a/2", "b/3", "b/4", "c"]);
      for await (const { path } of store.listFiles("", { recursive: true })) {
        assert(path !== "", "an entry without a path");
        break;
      }
      const iterator = store.listFolders("")[Symbol.asyncIterator]();
      await iterator.return?.();
      const { done } = await iterator.next();
      assert(done, "an iterator goes on after return");
      assertEquals(
        (await bench.filesBelow()).length,
        5,
        "a listing afterwards",
      );
    },
  ),

  behaviour(
    "BE-028",
    "two listings at once do not disturb each other",
    LIST,
    async (bench) => {
      const { store } = bench;
      const paths = ["a/1", "a/2", "b/3", "b/4", "c"];
      await bench.putAll(paths);
      const all = () => collect(store.listFiles("", { recursive: true }));
      const [one, two] = await Promise.all([all(), all()]);
      assertSameSet(pathsOf(one ?? []), paths, "the first");
      assertSameSet(pathsOf(two ?? []), paths, "the second");
    },
  ),

  behaviour(
    "WR-001a, BE-014",
    "a listing, getFileInfo and head say the same of a file",
    { needs: ["list", "write", "metadata"] },
    async ({ store }) => {
      const { etag } = await store.write("folder/a.txt", "content", {
        contentType: "text/plain",
      });
      const info = await store.getFileInfo("folder/a.txt");
      const head = await store.head("folder/a.txt");
      const [listed] = await collect(store.listFiles("folder"));
      const [child] = await collect(store.iterChildren("folder"));
      assertEquals(listed, child, "listFiles against iterChildren");
      assert(listed !== undefined, "the file is not listed");
      for (const key of ["path", "name", "size"] as const) {
        assertEquals(listed[key], info[key], key);
      }
      const etags = [etag, info.etag, head.etag, listed.etag].filter((tag) =>
        tag !== null
      );
      assertEquals(
        new Set(etags).size,
        Math.min(etags.length, 1),
        `the etags ${etags}`,
      );
      if (listed.contentType !== null) {
        assertEquals(
          listed.contentType,
          info.contentType,
          "contentType",
        );
      }
      if (listed.digest !== null && info.digest !== null) {
        assert(listed.digest.equals(info.digest), "digest");
      }
      if (listed.lastModified !== null && info.lastModified !== null) {
        const difference = listed.lastModified.getTime() -
          info.lastModified.getTime();
        // A Last-Modified header has whole seconds, a listing may have milliseconds.
        assert(
          Math.abs(difference) < 1000,
          `lastModified differs by ${difference} ms`,
        );
      }
    },
  ),

  behaviour("BE-029, MEM-015", "an empty root is a folder with nothing in it", {
    needs: ["list", "metadata"],
  }, async ({ store }) => {
    for (const root of ["", ".", "/"]) {
      assert(await store.exists(root), "exists");
      assertEquals(await collect(store.iterChildren(root)), [], "iterChildren");
      const info = await store.getFolderInfo(root);
      assertEquals(
        [info.path, info.fileCount, info.totalSize, info.lastModified],
        [".", 0, 0, null],
        "getFolderInfo",
      );
    }
  }),

  behaviour(
    "MEM-014, MEM-DS-006",
    "an empty folder is listed, and lasts until it is deleted",
    { needs: ["list", "write", "delete"], namespace: "hierarchical" },
    async (bench) => {
      const { store } = bench;
      await bench.hollow("outer/inner");
      assertSameSet(pathsOf(await collect(store.listFolders("outer"))), [
        "outer/inner",
      ], "listFolders");
      assertSameSet(pathsOf(await collect(store.iterChildren("outer"))), [
        "outer/inner",
      ], "iterChildren");
      assertEquals(
        await collect(store.listFiles("", { recursive: true })),
        [],
        "listFiles",
      );
      await store.deleteFolder("outer/inner");
      assertEquals(
        await collect(store.listFolders("outer")),
        [],
        "listFolders afterwards",
      );
      assert(await store.isFolder("outer"), "the folder above is gone");
    },
  ),

  behaviour(
    "BE-004, BE-005",
    "a file and a folder of one name can stand side by side",
    {
      needs: ["list", "write", "read"],
      namespace: "flat",
      when: ({ strict }) => !strict,
    },
    async ({ store }) => {
      await store.write("both", "file");
      await store.write("both/below", "below");
      assertEquals([await store.isFile("both"), await store.isFolder("both")], [
        true,
        true,
      ], "isFile, isFolder");
      assertEquals(await store.readText("both"), "file", "the file");
      const children = await collect(store.iterChildren(""));
      assertSameSet(children.map(({ kind, path }) => `${kind} ${path}`), [
        "file both",
        "folder both",
      ], "iterChildren");
      assertSameSet(pathsOf(await collect(store.listFiles("both"))), [
        "both/below",
      ], "below it");
    },
  ),

  behaviour("BE-017, RFC-0017", "getFolderInfo gives the latest time below", {
    needs: ["list", "write", "metadata"],
  }, async ({ store }) => {
    const times = [];
    for (const path of ["f/a", "f/b/c", "f/b/d"]) {
      await store.write(path, path);
      times.push(
        (await store.getFileInfo(path)).lastModified?.getTime() ?? null,
      );
    }
    const known = times.filter((time) => time !== null);
    const { lastModified } = await store.getFolderInfo("f");
    const latest = known.length > 0 ? Math.max(...known) : null;
    const got = lastModified?.getTime() ?? null;
    // Whole seconds on one side, milliseconds on the other: see above.
    assert(
      got === latest ||
        (got !== null && latest !== null && Math.abs(got - latest) < 1000),
      `got ${got}, expected ${latest}`,
    );
  }),
];
