import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  compileGlob,
  InvalidArgumentError,
  InvalidPathError,
  NotFoundError,
  RemoteStoreError,
  Store,
  type StoreLike,
} from "../../mod.ts";
import { FailingBackend } from "../fakes/failing_backend.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { NAMESPACES } from "./every_method.ts";

const TREE = [
  "top.txt",
  "a/1.txt",
  "a/2.csv",
  "a/b/3.txt",
  "a/b/c/4.txt",
  "ab/5.txt",
];

async function tree(
  namespace: "flat" | "hierarchical",
  root = "",
): Promise<StoreLike> {
  const whole = new Store({ backend: new FailingBackend({ namespace }) });
  const store = root === "" ? whole : whole.child(root);
  for (const path of TREE) await store.write(path, path);
  return store;
}

async function paths(
  listing: AsyncIterable<{ path: string }>,
): Promise<string[]> {
  return (await Array.fromAsync(listing)).map((entry) => entry.path).sort();
}

for (const namespace of NAMESPACES) {
  for (const root of ["", "deep/root"]) {
    const title = `on a ${namespace} backend${root && " in a child"}`;

    Deno.test(`DEPTH-001 depth 0 to 3 ${title}`, async () => {
      const store = await tree(namespace, root);
      // A second reckoning: the folders between the listed one and the file.
      const within = (prefix: string, depth: number) =>
        TREE.filter((path) =>
          path.startsWith(prefix) &&
          path.slice(prefix.length).split("/").length - 1 <= depth
        ).sort();
      for (
        const [folder, prefix] of [["", ""], [".", ""], ["a", "a/"], [
          "a/b",
          "a/b/",
        ]] as const
      ) {
        for (let maxDepth = 0; maxDepth <= 3; maxDepth++) {
          for (const recursive of [undefined, true, false]) {
            const listing = store.listFiles(folder, { maxDepth, recursive });
            assertEquals(
              await paths(listing),
              within(prefix, maxDepth),
              `${folder} ${maxDepth}`,
            );
          }
        }
        assertEquals(await paths(store.listFiles(folder)), within(prefix, 0));
        assertEquals(
          await paths(store.listFiles(folder, { recursive: true })),
          within(prefix, 9),
        );
      }
    });

    Deno.test(`DEPTH-002 folders go down level by level ${title}`, async () => {
      const store = await tree(namespace, root);
      assertEquals(await paths(store.listFolders("")), ["a", "ab"]);
      assertEquals(await paths(store.listFolders("", { maxDepth: 1 })), [
        "a",
        "a/b",
        "ab",
      ]);
      assertEquals(await paths(store.listFolders("", { maxDepth: 9 })), [
        "a",
        "a/b",
        "a/b/c",
        "ab",
      ]);
      assertEquals(await paths(store.listFolders("a/b")), ["a/b/c"]);
    });

    Deno.test(`ITER-001 files and folders in one pass ${title}`, async () => {
      const store = await tree(namespace, root);
      const children = await Array.fromAsync(store.iterChildren("a"));
      const found = children.map((child) =>
        `${child.kind} ${child.path} ${child.name}`
      );
      assertEquals(found.sort(), [
        "file a/1.txt 1.txt",
        "file a/2.csv 2.csv",
        "folder a/b b",
      ]);
    });

    Deno.test(`GLOB-001 a pattern is matched against the name, after the depth ${title}`, async () => {
      const store = await tree(namespace, root);
      const list = (pattern: string) =>
        paths(store.listFiles("", { recursive: true, pattern }));
      assertEquals(await list("*.csv"), ["a/2.csv"]);
      assertEquals(await list("[34].*"), ["a/b/3.txt", "a/b/c/4.txt"]);
      assertEquals(await list("a*"), []);
      assertEquals(
        await paths(store.listFiles("", { maxDepth: 1, pattern: "*.txt" })),
        ["a/1.txt", "ab/5.txt", "top.txt"],
      );
    });

    Deno.test(`FOLDERINFO-001 sums count files within the depth ${title}`, async () => {
      const store = await tree(namespace, root);
      const count = async (path: string, maxDepth?: number) =>
        (await store.getFolderInfo(path, { maxDepth })).fileCount;
      assertEquals([
        await count(""),
        await count("", 0),
        await count("", 1),
        await count("a", 1),
      ], [6, 1, 4, 3]);
      // Nothing within the depth, but the folder is there.
      assertEquals(await count("a/b/c", 0), 1);
      const { totalSize, path, name } = await store.getFolderInfo("a/b");
      assertEquals([totalSize, path, name], [
        "a/b/3.txt".length + "a/b/c/4.txt".length,
        "a/b",
        "b",
      ]);
      assertEquals((await store.getFolderInfo(".")).path, ".");
      for (const maxDepth of [undefined, 0]) {
        await assertRejects(
          () => store.getFolderInfo("missing", { maxDepth }),
          NotFoundError,
        );
      }
    });

    Deno.test(`BE-014 what is absent, a file, or below one lists nothing ${title}`, async () => {
      const store = await tree(namespace, root);
      for (const path of ["missing", "top.txt", "top.txt/x", "a/b/missing"]) {
        assertEquals(
          await paths(store.listFiles(path, { recursive: true })),
          [],
        );
        assertEquals(await paths(store.listFolders(path, { maxDepth: 3 })), []);
        assertEquals(await paths(store.iterChildren(path)), []);
      }
    });
  }
}

Deno.test("FOLDERINFO-001 a folder whose files all lie deeper exists, with none", async () => {
  for (const backend of [new FlatBackend(), new MemoryBackend()]) {
    const store = new Store({ backend });
    await store.write("a/b/c", "x");
    assertEquals(
      (await store.getFolderInfo("a", { maxDepth: 0 })).fileCount,
      0,
    );
  }
});

Deno.test("STORE-006 arguments are checked at the call, not at the first pull", async () => {
  const store = await tree("flat");
  const bad = [
    () => store.listFiles("a", { maxDepth: -1 }),
    () => store.listFiles("a", { maxDepth: NaN }),
    () => store.listFiles("a", { pattern: "" }),
    () => store.listFolders("a", { maxDepth: 1.5 }),
    () => store.glob(""),
  ];
  for (const call of bad) assertThrows(call, InvalidArgumentError);
  assertThrows(() => store.glob("../*"), InvalidPathError);
  await assertRejects(
    () => store.getFolderInfo("a", { maxDepth: -1 }),
    InvalidArgumentError,
  );
});

Deno.test("BE-014 markers are folders, never files, and not their own children", async () => {
  const backend = new FlatBackend();
  const store = new Store({ backend });
  backend.mark("m");
  backend.mark("m/n");
  await store.write("m/x", "x");
  assertEquals(await paths(store.listFiles("m", { recursive: true })), ["m/x"]);
  assertEquals(await paths(store.iterChildren("m")), ["m/n", "m/x"]);
  assertEquals(await paths(store.listFolders("")), ["m"]);
  assertEquals((await store.getFolderInfo("m")).fileCount, 1);
  assertEquals((await store.getFolderInfo("m/n")).fileCount, 0);
});

Deno.test("DEPTH-003 a backend may ignore the depth, and may repeat a folder", async () => {
  const { inner } = new FailingBackend({ namespace: "flat" });
  const whole = new Store({ backend: inner });
  for (const path of TREE) await whole.write(path, "x");
  const list = inner.list.bind(inner);
  inner.list = async (prefix, request) => {
    const page = await list(prefix, { ...request, maxDepth: null, limit: 2 });
    return { ...page, folders: page.folders.flatMap((key) => [key]) };
  };
  assertEquals(await paths(whole.listFiles("a", { maxDepth: 1 })), [
    "a/1.txt",
    "a/2.csv",
    "a/b/3.txt",
  ]);
  let pages = 0;
  inner.list = (_prefix, request) =>
    Promise.resolve({
      files: [],
      folders: ["a"],
      cursor: request.cursor === null ? `${++pages}` : null,
    });
  assertEquals(await paths(whole.listFolders("")), ["a"]);
});

Deno.test("MOD-004 a sum skips what it does not know, and keeps the latest time", async () => {
  const backend = new FlatBackend();
  const store = new Store({ backend });
  const facts: [number | null, number | null][] = [
    [null, null],
    [3, Date.UTC(2026, 0, 2)],
    [4, 5],
  ];
  await store.write("d/x", "x");
  const { files: [file] } = await backend.list("d/", {
    shallow: false,
    cursor: null,
    limit: null,
    maxDepth: null,
    signal: undefined,
  });
  const answer = (entries: typeof facts) => () =>
    Promise.resolve({
      files: entries.map(([size, lastModified]) => ({
        ...file!,
        size,
        lastModified,
      })),
      folders: [],
      cursor: null,
    });
  backend.list = answer(facts.slice(0, 1));
  assertEquals((await store.getFolderInfo("d")).lastModified, null);
  backend.list = answer(facts);
  const info = await store.getFolderInfo("d");
  assertEquals([info.fileCount, info.totalSize], [3, 7]);
  assertEquals(info.lastModified?.getTime(), Date.UTC(2026, 0, 2));
});

Deno.test("BE-014 an empty page in the middle is not the end", async () => {
  const backend = new FlatBackend();
  const store = new Store({ backend });
  await store.write("d/x", "x");
  const list = backend.list.bind(backend);
  backend.list = (prefix, request) =>
    request.cursor === null
      ? Promise.resolve({ files: [], folders: [], cursor: "1" })
      : list(prefix, { ...request, cursor: null });
  assertEquals(await paths(store.listFiles("d")), ["d/x"]);
  assertEquals(await store.isFolder("d"), true);
  assertEquals((await store.getFolderInfo("d")).fileCount, 1);
  await store.deleteFolder("d", { recursive: true });
  assertEquals(await store.isFile("d/x"), false);
});

Deno.test("GLOB a pattern finds what matches its whole path, and asks for its literal start", async () => {
  const backend = new FlatBackend({ pageEntries: 1000 });
  const whole = new Store({ backend });
  // A root of wildcards is text.
  const store = whole.child("r[a]*");
  for (const path of TREE) await store.write(path, "x");
  await whole.write("ra/a/1.txt", "x");
  const prefixes: string[] = [];
  const list = backend.list.bind(backend);
  backend.list = (prefix, request) => {
    prefixes.push(`${prefix} ${request.shallow}`);
    return list(prefix, request);
  };
  assertEquals(await paths(store.glob("a/*.txt")), ["a/1.txt"]);
  assertEquals(await paths(store.glob("a/**")), [
    "a/1.txt",
    "a/2.csv",
    "a/b/3.txt",
    "a/b/c/4.txt",
  ]);
  assertEquals(await paths(store.glob("a/1.txt")), ["a/1.txt"]);
  assertEquals(await paths(store.glob("none/*")), []);
  assertEquals(prefixes, [
    "r[a]*/a/ true",
    "r[a]*/a/ false",
    "r[a]*/a/1.txt true",
    "r[a]*/none/ true",
  ]);
});

Deno.test("GLOB a native glob equals a filter over everything", async () => {
  const store = await tree("flat");
  const pattern = fc.string({
    unit: fc.constantFrom("a", "b", "*", "?", "/", "[a-c]", "**/", ".txt"),
    minLength: 1,
    maxLength: 6,
  })
    .filter((text) =>
      text.split("/").every((name) => name === "**" || !name.includes("**"))
    );
  await fc.assert(
    fc.asyncProperty(pattern, async (pattern) => {
      const { matches } = compileGlob(pattern);
      assertEquals(
        await paths(store.glob(pattern)),
        TREE.filter(matches).sort(),
      );
    }),
    { seed: 10, numRuns: 300 },
  );
});

Deno.test("MOD listed entries are frozen and feed back into the store", async () => {
  const store = await tree("hierarchical", "deep/root");
  for await (const entry of store.iterChildren("a")) {
    assert(Object.isFrozen(entry));
    assertEquals(await store.exists(entry.path), true);
  }
  for await (const file of store.listFiles("", { recursive: true })) {
    assertEquals(await store.readText(file.path), file.path);
  }
});

// Long enough for all that is under way here.
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

// A page of the failing backend has one file.
async function five(namespace: "flat" | "hierarchical") {
  const backend = new FailingBackend({ namespace });
  const store = new Store({ backend });
  for (const name of ["a", "b", "c", "d", "e"]) await store.write(name, name);
  backend.reset();
  const iterator = store.listFiles("")[Symbol.asyncIterator]();
  return { store, backend, iterator };
}

for (const namespace of NAMESPACES) {
  Deno.test(`BE-014 from the second page on one page is asked for ahead, and never more, on a ${namespace} backend`, async () => {
    const { backend, iterator } = await five(namespace);
    const asked: number[] = [];
    for (let taken = 0; taken < 4; taken++) {
      await iterator.next();
      await settle();
      asked.push(backend.calls.length);
    }
    assertEquals(asked, [1, 3, 4, 5]);
    assertEquals((await iterator.next()).value?.path, "e");
    assertEquals((await iterator.next()).done, true);
  });

  Deno.test(`BE-014 a page that fails ahead fails in its turn, once, on a ${namespace} backend`, async () => {
    const { backend, iterator } = await five(namespace);
    const failure = new RemoteStoreError("the wire");
    backend.fail("list", { reject: failure }, 3);
    const taken = [await iterator.next(), await iterator.next()];
    await settle();
    assertEquals(taken.map(({ value }) => value?.path), ["a", "b"]);
    const error = await assertRejects(() => iterator.next(), RemoteStoreError);
    assertEquals(error.cause, undefined);
    assertEquals(error.message, `Cannot list ".": ${failure.message}`);
    assertEquals((await iterator.next()).done, true);
  });

  Deno.test(`BE-014 leaving a listing ends the page that is asked for ahead, on a ${namespace} backend`, async () => {
    const { backend, iterator } = await five(namespace);
    backend.fail("list", { hang: true }, 3);
    await iterator.next();
    await iterator.next();
    await settle();
    await iterator.return?.();
    assertEquals(backend.calls.length, 3);
    assertEquals((await iterator.next()).done, true);
  });
}
