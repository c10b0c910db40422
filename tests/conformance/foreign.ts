import {
  assert,
  assertEquals,
  assertSameSet,
  show,
  thrownBy,
} from "./assert.ts";
import { type Bench, collect } from "./bench.ts";
import { behaviour, type Group } from "./points.ts";
import type { Capability } from "../../mod.ts";

/** Names that other clients give, and no path does: URLs carry them. */
const CARRIED: readonly string[] = ["a//b", "//c", "a//", "x/"];
/** Names that no URL carries: it would name another object. */
const DOTTED: readonly string[] = ["a/../b", "a/./b", "../a/b"];

async function plant(bench: Bench, names: readonly string[]): Promise<string> {
  const root = bench.plot();
  for (const name of names) await bench.putForeign(`${root}/${name}`);
  return root;
}

const paths = async (listing: AsyncIterable<{ path: string }>) =>
  (await collect(listing)).map(({ path }) => path);

function foreign(
  ids: string,
  title: string,
  needs: readonly Capability[],
  run: (bench: Bench) => Promise<void>,
): Group {
  const when = ({ foreign }: Bench["target"]) => foreign !== undefined;
  return behaviour(ids, title, { needs, namespace: "flat", when }, run);
}

/** What other clients have put there. */
export const FOREIGN_TESTS: readonly Group[] = [
  foreign(
    "NAME-001",
    "what no path can name is in no listing and no sum, and its folder can be passed back",
    ["list", "metadata", "write"],
    async (bench) => {
      const { store } = bench;
      const root = await plant(bench, [...CARRIED, ...DOTTED]);
      await bench.put(`${root}/a/b`, "named");
      const all = { recursive: true };
      assertEquals(
        await paths(store.listFiles(root, all)),
        [`${root}/a/b`],
        "files",
      );
      const folders = await paths(store.listFolders(root, { maxDepth: 3 }));
      assertSameSet(folders, [`${root}/a`, `${root}/x`], "folders");
      for (const folder of folders) {
        assert(await store.isFolder(folder), `${show(folder)} is no folder`);
      }
      const { fileCount, totalSize } = await store.getFolderInfo(root);
      assertEquals([fileCount, totalSize], [1, 5], "the sum");
      const child = store.child(`${root}/a`);
      assertEquals(await paths(child.listFiles("", all)), ["b"], "a child");
    },
  ),
  foreign(
    "NAME-002, NAME-008",
    "a folder of what no path can name exists, and can be deleted as a whole",
    ["list", "delete", "metadata"],
    async (bench) => {
      const { store } = bench;
      const root = await plant(bench, CARRIED);
      const folder = `${root}/a`;
      assert(await store.exists(folder), "it does not exist");
      assert(await store.isFolder(folder), "it is no folder");
      assertEquals((await store.getFolderInfo(folder)).fileCount, 0, "files");
      const error = await thrownBy(
        () => store.deleteFolder(folder),
        "deleteFolder",
      );
      const { code } = error as { code?: unknown };
      assertEquals(code, "DirectoryNotEmpty", "not recursive");
      await store.deleteFolder(root, { recursive: true });
      assert(!await store.exists(root), "something is left");
    },
  ),
  foreign(
    "NAME-008",
    "deleting a folder deletes nothing outside of it, whatever the names in it say",
    ["list", "delete", "write"],
    async (bench) => {
      const { store } = bench;
      const root = await plant(bench, DOTTED.map((name) => `a/${name}`));
      const kept = [`${root}/b`, `${root}/a2`, `${root}/b2/x`];
      for (const path of kept) await bench.put(path, path);
      const error = await thrownBy(
        () => store.deleteFolder(`${root}/a`, { recursive: true }),
        "deleteFolder",
      );
      const { code } = error as { code?: unknown };
      assertEquals(code, "DirectoryNotEmpty", "what is left is said");
      const left = await paths(store.listFiles(root, { recursive: true }));
      assertSameSet(left, kept, "files");
    },
  ),
  foreign(
    "NAME-006",
    "a marker is an empty folder, and goes with deleteFolder",
    ["list", "delete"],
    async (bench) => {
      const { store } = bench;
      const root = await plant(bench, ["m/", "m/n/"]);
      const folder = `${root}/m`;
      assert(await store.isFolder(folder), "it is no folder");
      assert(!await store.isFile(folder), "it is a file");
      const files = await paths(store.listFiles(root, { recursive: true }));
      assertEquals(files, [], "files");
      await store.deleteFolder(`${folder}/n`);
      assertEquals(await paths(store.listFolders(folder)), [], "folders");
      assert(await store.isFolder(folder), "it went with its subfolder");
      await store.deleteFolder(folder);
      assert(!await store.exists(folder), "it is left");
    },
  ),
  behaviour(
    "ABSENT-001",
    "an absent container is an error of what lists, sums and deletes, and no empty store",
    { needs: ["list", "metadata"], when: ({ absent }) => absent !== undefined },
    async ({ target }) => {
      const store = await target.absent?.();
      if (store === undefined) return;
      const calls: Readonly<Record<string, () => Promise<unknown>>> = {
        listFiles: () => collect(store.listFiles("", { recursive: true })),
        listFolders: () => collect(store.listFolders("")),
        iterChildren: () => collect(store.iterChildren("a")),
        getFolderInfo: () => store.getFolderInfo(""),
        exists: () => store.exists("a"),
        isFolder: () => store.isFolder("a"),
        getFileInfo: () => store.getFileInfo("a"),
        ...target.has("delete") && {
          deleteFolder: () => store.deleteFolder("a", { missingOk: true }),
        },
      };
      try {
        for (const [name, call] of Object.entries(calls)) {
          const error = await thrownBy(call, name);
          const { code, path } = error as { code?: unknown; path?: unknown };
          assertEquals([code, path], ["NotFound", null], name);
        }
      } finally {
        await store.close();
      }
    },
  ),
];
