import { assert, assertEquals } from "./assert.ts";
import { collect } from "./bench.ts";
import { behaviour, type Group } from "./points.ts";
import { assertRefused } from "./refusals.ts";

/** Folders that are made without a file. */
export const CREATE_FOLDER_TESTS: readonly Group[] = [
  behaviour(
    "MKDIR-001",
    "a folder is there, empty, with those above it, until it is deleted",
    { needs: ["create_folder", "list", "write", "delete"] },
    async ({ store }) => {
      await store.createFolder("a//b/./c/");
      for (const path of ["a", "a/b", "a/b/c"]) {
        assert(await store.isFolder(path), `${path} is no folder`);
        assert(!await store.isFile(path), `${path} is a file`);
      }
      const folders = await collect(store.listFolders("", { maxDepth: 2 }));
      assertEquals(
        folders.map(({ path }) => path).sort(),
        ["a", "a/b", "a/b/c"],
        "the folders",
      );
      assertEquals(
        await collect(store.listFiles("", { recursive: true })),
        [],
        "the files",
      );
      await store.write("a/b/c/file", "x");
      await store.createFolder("a/b/c");
      await store.createFolder("a");
      await store.createFolder("");
      assert(await store.isFile("a/b/c/file"), "the file is gone");
      await store.delete("a/b/c/file");
      await store.deleteFolder("a/b/c");
      assert(!await store.exists("a/b/c"), "the folder is left");
      assert(await store.isFolder("a/b"), "the one above is gone");
    },
  ),

  behaviour(
    "MKDIR-002",
    "a file at the path, or above it, is refused and stays",
    { needs: ["create_folder", "write", "read"] },
    async (bench) => {
      const { store } = bench;
      await store.write("file", "content");
      for (const path of ["file", "file/below", "file/far/below"]) {
        await assertRefused(
          () => store.createFolder(path),
          { code: "InvalidPath", paths: [path] },
          bench,
          path,
        );
      }
      assertEquals(await store.readText("file"), "content", "the content");
    },
  ),

  behaviour(
    "MKDIR-003",
    "many at once make one folder, and files beside them are kept",
    { needs: ["create_folder", "write", "list"] },
    async ({ store }) => {
      const calls = Array.from({ length: 8 }, (_, i) => [
        store.createFolder("a/b"),
        store.createFolder(`a/b/${i}`),
        store.write(`a/b/f${i}`, ""),
      ]);
      await Promise.all(calls.flat());
      const found = await collect(store.iterChildren("a/b"));
      assertEquals(found.length, 16, "the entries");
    },
  ),
];
