import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { MemoryBackend } from "../../backends/memory.ts";
import {
  type Backend,
  type ListedFile,
  type ListRequest,
  PermissionDeniedError,
  Store,
} from "../../mod.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";

/** Counts the requests of a backend, and how many are in flight at once. */
function counted(backend: Backend) {
  const count = { requests: 0, deep: 0, peak: 0 };
  let inFlight = 0;
  const list = backend.list.bind(backend);
  backend.list = async (prefix: string, request: ListRequest) => {
    count.requests++;
    if (!request.shallow) count.deep++;
    count.peak = Math.max(count.peak, ++inFlight);
    try {
      await Promise.resolve();
      return await list(prefix, request);
    } finally {
      inFlight--;
    }
  };
  return count;
}

async function paths(
  listing: AsyncIterable<{ path: string }>,
): Promise<string[]> {
  return (await Array.fromAsync(listing)).map(({ path }) => path);
}

const depthOf = (path: string) => path.split("/").length;

/** What the folders are, reckoned from the names. */
function foldersOf(names: readonly string[], maxDepth: number): string[] {
  const found = names.flatMap((name) => {
    const parts = name.split("/").slice(0, -1);
    return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
  });
  return [...new Set(found)].filter((path) => depthOf(path) <= maxDepth + 1)
    .sort();
}

Deno.test("GROW-003 many small folders are found by one walk", async () => {
  for (
    const [title, backend] of [
      ["flat", new FlatBackend({ pageEntries: 1000 })],
      ["memory", new MemoryBackend()],
    ] as const
  ) {
    const names: string[] = [];
    for (let a = 0; a < 10; a++) {
      for (let b = 0; b < 10; b++) {
        for (let c = 0; c < 10; c++) names.push(`${a}/${b}/${c}/file`);
      }
    }
    const store = new Store({ backend });
    for (const name of names) await store.write(name, "");
    const count = counted(backend);
    for (const maxDepth of [1, 2, 3, 9]) {
      count.requests = 0;
      const found = await paths(store.listFolders("", { maxDepth }));
      assertEquals([...found].sort(), foldersOf(names, maxDepth));
      const levels = found.map(depthOf);
      assertEquals(levels, levels.toSorted(), "level by level");
      assert(count.requests <= 16, `${count.requests} requests on ${title}`);
    }
  }
});

Deno.test("GROW-003 few folders of many files cost an eighth more, and come a few requests at once", async () => {
  const backend = new FlatBackend({ pageEntries: 10 });
  const names: string[] = [];
  for (let a = 0; a < 40; a++) {
    names.push(`${a}/x/file`);
    for (let i = 0; i < 200; i++) names.push(`${a}/x/${i}`);
  }
  for (const name of names) backend.put(name);
  const store = new Store({ backend });
  const count = counted(backend);
  const found = await paths(store.listFolders("", { maxDepth: 1 }));
  assertEquals([...found].sort(), foldersOf(names, 1));
  // 4 pages of the root, 40 of one entry, and 5 of the walk that was given up.
  assertEquals([count.requests, count.deep], [4 + 40 + 5, 5]);
  assert(count.peak === 8, `${count.peak} at once`);
});

Deno.test("GROW-003 one level and one chain cost what they did", async () => {
  const backend = new FlatBackend({ pageEntries: 1000 });
  backend.put("a/b/c/d/file");
  backend.put("a/b/file");
  const store = new Store({ backend });
  const count = counted(backend);
  assertEquals(await paths(store.listFolders("")), ["a"]);
  assertEquals([count.requests, count.deep], [1, 0]);
  const deep = await paths(store.listFolders("", { maxDepth: 3 }));
  assertEquals(deep, ["a", "a/b", "a/b/c", "a/b/c/d"]);
  assertEquals([count.requests, count.deep], [5, 0]);
});

Deno.test("GROW-003 whatever way is taken, the folders are the same", async () => {
  const name = fc.string({
    unit: fc.constantFrom("a", "b", "c", "/", "!"),
    minLength: 1,
    maxLength: 8,
  }).map((text) => `${text.replaceAll(/\/+/g, "/").replace(/^\//, "")}x`);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { maxLength: 20 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(3),
      async (names, pageEntries, maxDepth) => {
        const backend = new FlatBackend({ pageEntries });
        for (const name of names) backend.put(name);
        const store = new Store({ backend });
        const found = await paths(store.listFolders("", { maxDepth }));
        assertEquals(found.toSorted(), foldersOf(names, maxDepth));
        assertEquals(found.map(depthOf), found.map(depthOf).toSorted());
      },
    ),
    { seed: 910, numRuns: 500 },
  );
});

Deno.test("GROW-003 a folder that cannot be listed ends the walk, and nothing is asked after it", async () => {
  const backend = new FlatBackend({ pageEntries: 2 });
  for (let a = 0; a < 30; a++) {
    for (let i = 0; i < 9; i++) backend.put(`${a}/${i}/file`);
  }
  const list = backend.list.bind(backend);
  let asked = 0;
  let ended = 0;
  backend.list = async (prefix, request) => {
    asked++;
    try {
      if (prefix === "3/") throw new PermissionDeniedError();
      await new Promise((resolve) => setTimeout(resolve, 1));
      return await list(prefix, request);
    } finally {
      ended++;
    }
  };
  const store = new Store({ backend });
  const walk = paths(store.listFolders("", { maxDepth: 1 }));
  await assertRejects(() => walk, PermissionDeniedError);
  const settled = asked;
  assertEquals(ended, asked);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(asked, settled);
});

Deno.test("GROW-003 leaving a walk ends what was asked for ahead", async () => {
  const backend = new FlatBackend({ pageEntries: 100 });
  for (let a = 0; a < 30; a++) {
    for (let i = 0; i < 30; i++) backend.put(`${a}/${i}/file`);
  }
  const aborted: string[] = [];
  const list = backend.list.bind(backend);
  backend.list = async (prefix, request) => {
    if (prefix !== "" && prefix !== "0/") {
      await new Promise((_, reject) =>
        request.signal?.addEventListener("abort", () => {
          aborted.push(prefix);
          reject(request.signal?.reason);
        })
      );
    }
    return await list(prefix, request);
  };
  const store = new Store({ backend });
  const listing = store.listFolders("", { maxDepth: 1 })
    [Symbol.asyncIterator]();
  for (let taken = 0; taken < 30; taken++) await listing.next();
  const pending = listing.next();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await listing.return?.();
  assertEquals((await pending).done, true);
  assertEquals(aborted.length, 7);
});

Deno.test("GROW-003 a folder of 300,000 folders is no call of 300,000 arguments", async () => {
  const wide = Array.from({ length: 300_000 }, (_, i) => `wide/${i}`);
  const backend = new FlatBackend();
  backend.list = (prefix, { shallow, cursor }) => {
    const folders = !shallow || prefix === "narrow/"
      ? []
      : prefix === ""
      ? ["narrow", "wide"]
      : prefix === "wide/"
      ? wide
      : [];
    // The walk over everything has no end in time.
    const next = shallow ? null : `${Number(cursor ?? 0) + 1}`;
    const files: ListedFile[] = [];
    return Promise.resolve({ files, folders, cursor: next });
  };
  const store = new Store({ backend });
  let seen = 0;
  const listing = store.listFolders("", { maxDepth: 2 })
    [Symbol.asyncIterator]();
  // As many as the two levels hold; what would be asked for below is left.
  for (; seen < 300_002; seen++) {
    if ((await listing.next()).done) break;
  }
  await listing.return?.();
  assertEquals(seen, 300_002);
});
