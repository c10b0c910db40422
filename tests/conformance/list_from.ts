import type { ListFilesOptions, StoreLike } from "../../mod.ts";
import { assert, assertEquals } from "./assert.ts";
import { collect } from "./bench.ts";
import { behaviour, type Group } from "./points.ts";
import { assertRefused } from "./refusals.ts";

/** Names whose order differs by bytes, code units and folders. */
const NAMES = [
  "a",
  "a-b",
  "b/1",
  "b/2",
  "b/c/3",
  "b-1",
  "b0",
  "z",
  "\u00e4",
  "\uff21",
  "\u{1f600}",
];

const RECURSIVE = { recursive: true } as const;

async function paths(
  store: StoreLike,
  path: string,
  options: ListFilesOptions,
): Promise<string[]> {
  const files = await collect(store.listFiles(path, options));
  return files.map((file) => file.path);
}

/** Lists in pages, each from where the last one has ended. */
async function paged(
  store: StoreLike,
  path: string,
  options: ListFilesOptions & { readonly limit: number },
): Promise<string[]> {
  const all: string[] = [];
  let startAfter: string | undefined;
  do {
    const page = await paths(store, path, { ...options, startAfter });
    assert(page.length <= options.limit, "a page is too long");
    all.push(...page);
    assert(all.length <= NAMES.length, "the pages go round");
    startAfter = page.at(-1);
  } while (startAfter !== undefined);
  return all;
}

/** Listings that are cut, and that go on. */
export const LIST_FROM_TESTS: readonly Group[] = [
  behaviour("FROM-001", "a listing with a limit has no more files", {
    needs: ["list", "write"],
  }, async (bench) => {
    const { store } = bench;
    await bench.putAll(["a.txt", "b.md", "c/d.txt", "c/e/f.txt", "g.txt"]);
    const cases: readonly [ListFilesOptions, number][] = [
      [{}, 3],
      [RECURSIVE, 5],
      [{ ...RECURSIVE, pattern: "*.txt" }, 4],
      [{ maxDepth: 1 }, 4],
    ];
    for (const [options, count] of cases) {
      const all = await paths(store, "", options);
      assertEquals(all.length, count, "all files");
      for (const limit of [1, 2, count, count + 1, 1_000_000]) {
        const some = await paths(store, "", { ...options, limit });
        assertEquals(some.length, Math.min(limit, count), `limit ${limit}`);
        assertEquals(new Set(some).size, some.length, "each once");
        assert(some.every((path) => all.includes(path)), "one is none of them");
      }
    }
    for (const limit of [0, -1, 1.5, NaN, "3" as unknown as number]) {
      await assertRefused(
        () => collect(store.listFiles("", { limit })),
        { code: "InvalidArgument" },
        bench,
      );
    }
  }),

  behaviour(
    "FROM-002",
    "startAfter goes on behind any path, in one order whatever the pages",
    { needs: ["list", "list_from", "write"] },
    async (bench) => {
      const { store } = bench;
      await bench.putAll(NAMES.map((name) => `top/${name}`));
      await bench.put("top0", "");
      for (const options of [RECURSIVE, {}, { maxDepth: 1 }]) {
        const limit = NAMES.length;
        const all = await paths(store, "top", { ...options, limit });
        const plain = await paths(store, "top", options);
        assertEquals([...all].sort(), plain.sort(), "all files");
        for (const limit of [1, 2, 3, NAMES.length]) {
          const found = await paged(store, "top", { ...options, limit });
          assertEquals(found, all, `pages of ${limit}`);
        }
        for (const [at, startAfter] of all.entries()) {
          const rest = await paths(store, "top", { ...options, startAfter });
          assertEquals(rest, all.slice(at + 1), `behind ${startAfter}`);
        }
      }
      const direct = await paths(store, "top", { startAfter: "top/a+" });
      const all = await paths(store, "top", { limit: 100 });
      assertEquals(
        direct,
        all.filter((path) => path !== "top/a"),
        "behind a path that is not there",
      );
      const child = store.child("top");
      const startAfter = "b/1";
      const below = await paths(child, "b", { ...RECURSIVE, startAfter });
      assertEquals(below, ["b/2", "b/c/3"], "in a child store");
    },
  ),

  behaviour(
    "FROM-002, BE-014",
    "names are in order on flat backends, whatever the folders",
    { needs: ["list", "list_from", "write"], namespace: "flat" },
    async (bench) => {
      // Of these bytes and code units say the same.
      const names = NAMES.filter((name) => name < "\ud800");
      await bench.putAll(names);
      const limit = names.length;
      assertEquals(
        await paths(bench.store, "", { recursive: true, limit }),
        ["a", "a-b", "b-1", "b/1", "b/2", "b/c/3", "b0", "z"]
          .concat("\u00e4"),
        "the order",
      );
    },
  ),

  behaviour(
    "FROM-003",
    "a startAfter that the listing would not give is a mistake",
    { needs: ["list", "list_from", "write"] },
    async (bench) => {
      const { store } = bench;
      await bench.put("a/b/c", "");
      const wrong: readonly [string, ListFilesOptions][] = [
        ["a", { startAfter: "b" }],
        ["a", { startAfter: "a" }],
        ["a", { startAfter: "a0/b" }],
        ["a", { startAfter: "a/b/c" }],
        ["", { startAfter: "a/b/c", maxDepth: 1 }],
      ];
      for (const [path, options] of wrong) {
        await assertRefused(
          () => collect(store.listFiles(path, options)),
          { code: "InvalidArgument" },
          bench,
        );
      }
      await assertRefused(
        () => collect(store.listFiles("a", { startAfter: "a/../b" })),
        { code: "InvalidPath" },
        bench,
      );
    },
  ),
];
