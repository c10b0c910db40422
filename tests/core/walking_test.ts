import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { type ListPage, NotFoundError, Store } from "../../mod.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";

/** Names that other clients give, and no path does. */
const UNNAMED = [
  "/x",
  "//",
  "a//b",
  "a//b/c",
  "a/./b",
  "a/../d",
  "a/..",
  "a/.",
  "a\\b",
  "a/b\0",
  "../d",
  "./d",
  "..",
  "a/\ud800",
];

async function paths(
  listing: AsyncIterable<{ path: string }>,
): Promise<string[]> {
  return (await Array.fromAsync(listing)).map(({ path }) => path).sort();
}

function foreign(names: readonly string[], pageEntries = 3) {
  const backend = new FlatBackend({ pageEntries });
  for (const name of names) backend.put(name, name);
  return { backend, store: new Store({ backend }) };
}

Deno.test("NAME-001 what no path can name is in no listing, glob or sum", async () => {
  for (const pageEntries of [1, 2, 3, 1000]) {
    const { store } = foreign(["a/b", "top", ...UNNAMED], pageEntries);
    const all = { recursive: true };
    assertEquals(await paths(store.listFiles("", all)), ["a/b", "top"]);
    assertEquals(await paths(store.listFiles("")), ["top"]);
    assertEquals(await paths(store.listFiles("a", all)), ["a/b"]);
    assertEquals(await paths(store.listFolders("", { maxDepth: 3 })), ["a"]);
    assertEquals(await paths(store.iterChildren("a")), ["a/b"]);
    assertEquals(await paths(store.glob("**")), ["a/b", "top"]);
    assertEquals((await store.getFolderInfo("")).fileCount, 2);
    assertEquals((await store.getFolderInfo("a")).totalSize, 3);
  }
});

Deno.test("NAME-001 a child store lists nothing outside of its root", async () => {
  const { store } = foreign(["c/../d", "c/./e", "c//f", "c/g", "d", "f"]);
  const child = store.child("c");
  assertEquals(await paths(child.listFiles("", { recursive: true })), ["g"]);
  assertEquals(await paths(child.iterChildren("")), ["g"]);
  assertEquals((await child.getFolderInfo("")).fileCount, 1);
});

Deno.test("NAME-001 every listed path can be passed back, and means what was listed", async () => {
  const name = fc.string({
    unit: fc.constantFrom("a", "b", "/", ".", "\\", "..", "\0", "é"),
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { maxLength: 8 }),
      fc.integer({ min: 1, max: 4 }),
      async (names, pageEntries) => {
        const { store } = foreign(names, pageEntries);
        const seen = new Set<string>();
        for await (const file of store.listFiles("", { recursive: true })) {
          assertEquals(await store.readText(file.path), file.path);
          seen.add(file.path);
        }
        for (const file of names.filter((name) => seen.has(name))) {
          await store.delete(file);
        }
        const left = store.listFiles("", { recursive: true });
        assertEquals(await paths(left), []);
        for await (const folder of store.listFolders("", { maxDepth: 5 })) {
          assertEquals(await store.isFolder(folder.path), true, folder.path);
        }
      },
    ),
    { seed: 13, numRuns: 500 },
  );
});

Deno.test("NAME-002 a folder of what no path can name exists in every call, in a bounded number of requests", async () => {
  const names = Array.from({ length: 400 }, (_, i) => `a//${i}`);
  for (const bulk of [true, false]) {
    const backend = new FlatBackend({ pageEntries: 1000, bulk });
    for (const name of names) backend.put(name);
    const store = new Store({ backend });
    let pages = 0;
    const list = backend.list.bind(backend);
    backend.list = (prefix, request) => {
      pages++;
      return list(prefix, request);
    };
    const cost = async (call: () => Promise<unknown>) => {
      pages = 0;
      await call();
      return pages;
    };
    assertEquals(await paths(store.listFolders("")), ["a"]);
    assertEquals(await cost(() => store.exists("a")), 1);
    assertEquals(await cost(() => store.isFolder("a")), 1);
    assertEquals(await cost(() => assertRejects(() => store.read("a"))), 1);
    assertEquals(await store.exists("a"), true);
    assertEquals((await store.getFolderInfo("a")).fileCount, 0);
    await store.deleteFolder("a", { recursive: true });
    assertEquals(backend.objects.size, 0);
    assertEquals(await store.exists("a"), false);
    await assertRejects(() => store.deleteFolder("a"), NotFoundError);
  }
});

/** A backend that gives these pages, whatever is asked. */
function paged(pages: readonly Partial<ListPage>[]): Store {
  const backend = new FlatBackend();
  backend.list = (_prefix, { cursor }) => {
    const at = Number(cursor ?? 0);
    const next = at + 1 < pages.length ? `${at + 1}` : null;
    return Promise.resolve({
      files: [],
      folders: [],
      ...pages[at],
      cursor: next,
    });
  };
  return new Store({ backend });
}

Deno.test("NAME-003 a folder comes once, whatever sorts between its marker and its contents", async () => {
  const between = Array.from({ length: 9 }, (_, i) => `logs-${i}`);
  const store = paged([
    { folders: ["logs"] },
    {},
    ...between.map((folder) => ({ folders: [folder] })),
    { folders: ["logs"] },
    { folders: ["logs", "logs0"] },
  ]);
  const once = ["logs", ...between, "logs0"];
  assertEquals(await paths(store.listFolders("")), once);
  assertEquals(await paths(store.iterChildren("")), once);
});

/** Gives marks as folders of the page, as a backend may that tells them by itself. */
function tellsMarks(backend: FlatBackend): void {
  const list = backend.list.bind(backend);
  backend.list = async (prefix, request) => {
    const page = await list(prefix, request);
    const marks = page.files.filter(({ folderMark }) => folderMark);
    return {
      ...page,
      files: page.files.filter(({ folderMark }) => !folderMark),
      folders: [...marks.map(({ key }) => key), ...page.folders],
    };
  };
}

Deno.test("NAME-003 a folder's children come once, too", async () => {
  for (const pageEntries of [1, 2, 3, 1000]) {
    for (const told of [false, true]) {
      const backend = new FlatBackend({ pageEntries, folderMarks: true });
      if (told) tellsMarks(backend);
      backend.put("logs", "", true);
      backend.put("logs-", "", true);
      const names = ["logs-/x/y", "logs-old/a/b", "logs/c/d", "logs/e/f"];
      for (const name of names) backend.put(name, name);
      const store = new Store({ backend });
      const top = ["logs", "logs-", "logs-old"];
      assertEquals(await paths(store.listFolders("")), top);
      assertEquals(
        await paths(store.listFolders("", { maxDepth: 1 })),
        [...top, "logs-/x", "logs-old/a", "logs/c", "logs/e"].sort(),
      );
    }
  }
});

Deno.test("NAME-003 folders equal those that a set would give, on any page size", async () => {
  const name = fc.string({
    unit: fc.constantFrom("a", "!", "/", "~"),
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { maxLength: 14 }),
      fc.integer({ min: 1, max: 4 }),
      async (names, pageEntries) => {
        const backend = new FlatBackend({ pageEntries, folderMarks: true });
        for (const name of names) backend.put(name, "", name.length % 2 === 0);
        const store = new Store({ backend });
        const found = await paths(store.listFolders("", { maxDepth: 9 }));
        const wanted = names.flatMap((name) => {
          const whole = name.length % 2 === 0 ? `${name}/` : name;
          const parts = whole.split("/").slice(0, -1);
          const empty = parts.indexOf("");
          const named = empty < 0 ? parts : parts.slice(0, empty);
          return named.map((_, i) => named.slice(0, i + 1).join("/"));
        });
        assertEquals(found, [...new Set(wanted)].sort());
      },
    ),
    { seed: 44, numRuns: 500 },
  );
});
