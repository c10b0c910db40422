import { assert, assertEquals, assertSameSet } from "./assert.ts";
import { behaviour, type Group } from "./points.ts";
import { assertRefusal, assertRefused } from "./refusals.ts";

const DELETE = { needs: ["delete", "write", "list"] } as const;

/** What deleting does beside its flags. */
export const DELETE_TESTS: readonly Group[] = [
  behaviour(
    "BE-013",
    "deleteFolder takes all below it, and nothing that begins alike",
    DELETE,
    async (bench) => {
      const { store } = bench;
      const inside = Array.from(
        { length: 30 },
        (_, i) => `logs/${i % 3}/${i % 5}/${i}.txt`,
      );
      const beside = [
        "logs2/a.txt",
        "logs.txt",
        "log",
        "logs!/b",
        "other/logs/c",
      ];
      await bench.putAll([...inside, ...beside]);
      await store.deleteFolder("logs", { recursive: true });
      assertEquals(
        await bench.filesBelow(),
        [...beside].sort(),
        "what is left",
      );
      assert(!await store.exists("logs"), "the folder is left");
      assert(!await store.exists("logs/1"), "a folder below is left");
    },
  ),

  behaviour(
    "BE-013, ERR-010",
    "deleteFolder without recursive counts folders as content",
    DELETE,
    async (bench) => {
      const { store } = bench;
      await bench.putAll(["outer/inner/a.txt"]);
      const refusal = { code: "DirectoryNotEmpty", paths: ["outer"] } as const;
      await assertRefused(() => store.deleteFolder("outer"), refusal, bench);
      assert(await store.isFile("outer/inner/a.txt"), "the file is gone");
    },
  ),

  behaviour(
    "BE-012",
    "a deleted file is absent for every method, and can be written again",
    { needs: ["delete", "write", "read", "metadata"] },
    async (bench) => {
      const { store } = bench;
      await store.write("a.txt", "old");
      await store.delete("a.txt");
      const refusal = { code: "NotFound", paths: ["a.txt"] } as const;
      assert(!await store.exists("a.txt"), "it exists");
      await assertRefused(
        () => store.readBytes("a.txt"),
        refusal,
        bench,
        "readBytes",
      );
      await assertRefused(
        () => store.getFileInfo("a.txt"),
        refusal,
        bench,
        "getFileInfo",
      );
      await assertRefused(
        () => store.delete("a.txt"),
        refusal,
        bench,
        "delete",
      );
      await store.write("a.txt", "new");
      assertEquals(await store.readText("a.txt"), "new", "the new file");
    },
  ),

  behaviour(
    "BE-012, BE-021",
    "missingOk forgives a miss and not a folder",
    DELETE,
    async (bench) => {
      const { store } = bench;
      await bench.putAll(["folder/a.txt"]);
      const refusal = { code: "InvalidPath", paths: ["folder"] } as const;
      await assertRefused(
        () => store.delete("folder", { missingOk: true }),
        refusal,
        bench,
      );
      assert(await store.isFile("folder/a.txt"), "the file is gone");
      const onFile = { code: "InvalidPath", paths: ["folder/a.txt"] } as const;
      await assertRefused(
        () =>
          store.deleteFolder("folder/a.txt", {
            missingOk: true,
            recursive: true,
          }),
        onFile,
        bench,
      );
      assert(await store.isFile("folder/a.txt"), "the file is gone");
    },
  ),

  behaviour(
    "BE-012",
    "delete takes one file and not what begins alike",
    DELETE,
    async (bench) => {
      await bench.putAll(["a", "ab", "a.txt", "a!/b"]);
      await bench.store.delete("a");
      assertEquals(
        await bench.filesBelow(),
        ["a!/b", "a.txt", "ab"],
        "what is left",
      );
    },
  ),

  behaviour(
    "BE-013, MEM-DS-006",
    "deleteFolder recursive takes empty folders too",
    { ...DELETE, namespace: "hierarchical" },
    async (bench) => {
      const { store } = bench;
      await bench.hollow("outer/a/b");
      await bench.hollow("outer/c");
      await store.deleteFolder("outer", { recursive: true });
      assert(!await store.exists("outer"), "the folder is left");
      assertEquals(await bench.filesBelow(), [], "what is left");
    },
  ),

  behaviour(
    "BE-028",
    "of several deletes of one file, those that lose see it gone",
    { needs: ["delete", "write"] },
    async ({ store }) => {
      await store.write("a.txt", "a");
      const calls = Array.from(
        { length: 8 },
        () => store.delete("a.txt", { missingOk: true }),
      );
      await Promise.all(calls);
      assert(!await store.exists("a.txt"), "it exists");
    },
  ),

  behaviour(
    "BE-012, BE-028",
    "deleteMany deletes what it can, and tells the rest by the path as it was passed",
    DELETE,
    async (bench) => {
      const { store } = bench;
      const files = Array.from(
        { length: 25 },
        (_, i) => `many/${i % 3}/${i}.txt`,
      );
      await bench.putAll([...files, "kept/a.txt", "many2.txt"]);
      const failing = ["absent.txt", "kept", "", "a/../b", "kept/a.txt/below"];
      const given = function* () {
        yield* files.map((path, i) => i % 2 === 0 ? path : `./${path}`);
        yield* failing;
      };
      const failed = await store.deleteMany(given());
      assertSameSet([...failed.keys()], failing, "the paths that failed");
      const codes = [
        "NotFound",
        "InvalidPath",
        "InvalidPath",
        "InvalidPath",
        "NotFound",
      ] as const;
      for (const [i, path] of failing.entries()) {
        const code = codes[i] ?? "NotFound";
        assertRefusal(
          failed.get(path),
          { code, paths: [path, path || "."] },
          bench,
        );
      }
      assertEquals(
        await bench.filesBelow(),
        ["kept/a.txt", "many2.txt"],
        "what is left",
      );
      assertEquals(
        (await store.deleteMany([])).size,
        0,
        "the failures of no path",
      );
      assertEquals(
        (await store.deleteMany(files, { missingOk: true })).size,
        0,
        "the failures with missingOk",
      );
    },
  ),
];
