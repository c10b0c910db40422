import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  InvalidArgumentError,
  InvalidPathError,
  NotFoundError,
  RemoteStoreError,
  Store,
  type StoreLike,
} from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { CachedStore, MemoryCache } from "../../ext/cache.ts";
import { all, cached, REMEMBERED } from "./cache_fixture.ts";

Deno.test("CACHE-001 a backend of the caller's own is used", async () => {
  const memory = new MemoryCache();
  const { store } = await cached({ backend: memory }, "a/b");
  await store.exists("a/b");
  assertEquals(memory.size(), 1);
  assertEquals(memory.get(["exists", "a/b"])?.value, true);
});

Deno.test("CACHE-003 limits that are none are refused", async () => {
  for (
    const options of [
      { ttl: 0 },
      { ttl: NaN },
      { staleTtl: -1 },
      { maxContentSize: 0 },
      { maxListingSize: -1 },
      { maxEntries: 0 },
      { maxEntries: 1, backend: new MemoryCache() },
    ]
  ) {
    await assertRejects(() => cached(options), InvalidArgumentError);
  }
});

Deno.test("CACHE-003 what is larger than a limit is passed on and not kept", async () => {
  const limits = { maxContentSize: 3, maxListingSize: 1 };
  const { store, backend } = await cached(limits, "a/b", "a/c", "x/long");
  assertEquals(await store.readText("a/b"), "a/b");
  assertEquals(await store.readText("x/long"), "x/long");
  backend.asked.length = 0;
  await store.readText("a/b");
  await store.readText("x/long");
  assertEquals(backend.asked, ["read x/long"]);
  assertEquals(await all(store.listFiles("a")), ["a/b", "a/c"]);
  backend.asked.length = 0;
  assertEquals(await all(store.listFiles("a")), ["a/b", "a/c"]);
  assertEquals(backend.asked, ["list a/"]);
});

Deno.test("CACHE-004 the store below is at hand, and a path or everything can be forgotten", async () => {
  const { store, inner, backend } = await cached({}, "a/b", "c");
  assert(store.inner === inner);
  await store.exists("a/b");
  await store.exists("c");
  await store.invalidate("a/b");
  backend.asked.length = 0;
  await store.exists("a/b");
  await store.exists("c");
  assertEquals(backend.asked, ["stat a/b"]);
  await store.clearCache();
  await store.exists("c");
  assertEquals(backend.asked, ["stat a/b", "stat c"]);
});

Deno.test("CACHE-004 the root is a path that can be forgotten, a child's too", async () => {
  for (const child of [null, "a"]) {
    const { store, inner } = await cached({}, "a/b");
    const [cachedOne, plain] = child === null
      ? [store, inner]
      : [store.child(child), inner.child(child)];
    const before = await all(cachedOne.listFiles(""));
    await plain.write("new", "");
    assertEquals(await all(cachedOne.listFiles("")), before);
    await cachedOne.invalidate("");
    assertEquals(await all(cachedOne.listFiles("")), [...before, "new"]);
  }
});

Deno.test("CACHE-005 the numbers are frozen and add up", async () => {
  const { store } = await cached({}, "a/b");
  await store.exists("a/b");
  await store.exists("a/b");
  await store.isFile("a/b");
  const stats = await store.stats();
  assertEquals(stats, { hits: 1, misses: 2, revalidations: 0, size: 2 });
  assert(Object.isFrozen(stats));
});

for (const [method, call] of Object.entries(REMEMBERED)) {
  Deno.test(`CACHE-006 ${method} asks once, and again after a change`, async () => {
    const { store, backend } = await cached({}, "a/b");
    await call(store.inner);
    const cost = backend.asked.length;
    const first = await call(store);
    assertEquals(await call(store), first);
    assertEquals(backend.asked.length, 2 * cost);
    const written = await store.write("a/b", "new", { overwrite: true });
    assertEquals(written.size, 3);
    backend.asked.length = 0;
    assertEquals(await call(store), await call(store.inner));
    assertEquals(backend.asked.length, 2 * cost);
  });
}

Deno.test("CACHE-006 the arguments of a listing tell its entries apart", async () => {
  const { store } = await cached({}, "a/b.txt", "a/c/d.csv");
  assertEquals(await all(store.listFiles("a")), ["a/b.txt"]);
  assertEquals(await all(store.listFiles("a", { maxDepth: 1 })), [
    "a/b.txt",
    "a/c/d.csv",
  ]);
  assertEquals(
    await all(store.listFiles("a", { maxDepth: 1, pattern: "*.csv" })),
    ["a/c/d.csv"],
  );
});

Deno.test("CACHE-006 what is handed out is the caller's own", async () => {
  const { store } = await cached({}, "a/b");
  (await store.readBytes("a/b")).fill(0);
  (await store.getFileInfo("a/b")).lastModified?.setTime(0);
  for await (const file of store.listFiles("a")) file.lastModified?.setTime(0);
  assertEquals(await store.readText("a/b"), "a/b");
  assert((await store.getFileInfo("a/b")).lastModified?.getTime() !== 0);
  for await (const file of store.listFiles("a")) {
    assert(file.lastModified?.getTime() !== 0);
  }
});

Deno.test("CACHE-007 streams, heads, parts and conditions are asked for each time", async () => {
  const { store, backend } = await cached({}, "a/b");
  await store.readBytes("a/b");
  backend.asked.length = 0;
  const { etag } = await store.head("a/b");
  await (await store.read("a/b")).cancel();
  await (await store.open("a/b")).body?.cancel();
  await store.readBytes("a/b", { range: { offset: 1 } });
  await store.readText("a/b", { ifMatch: etag ?? "" });
  assertEquals(backend.asked.length, 5);
});

Deno.test("CACHE-007 text is made of the cached bytes, its mark kept, ill-formed bytes refused", async () => {
  const { store, backend } = await cached();
  const text = "\ufeffé";
  assertEquals((await store.writeText("a", text)).size, 5);
  await store.readBytes("a");
  assertEquals(await store.readText("a"), text);
  assertEquals(backend.asked.filter((ask) => ask === "read a").length, 1);
  assertEquals((await store.write("b", new Uint8Array([0xff]))).size, 1);
  await assertRejects(() => store.readText("b"), TypeError);
});

const WRITES: Readonly<Record<string, (s: StoreLike) => Promise<unknown>>> = {
  write: (s) => s.write("a/b/c", "1"),
  writeText: (s) => s.writeText("a/b/c", "1"),
  writeAtomic: (s) => s.writeAtomic("a/b/c", "1"),
  openAtomic: async (s) => {
    await using writer = await s.openAtomic("a/b/c");
    await writer.write("1");
    return await writer.close();
  },
  "openAtomic by its stream": async (s) => {
    const { writable } = await s.openAtomic("a/b/c");
    await writable.close();
  },
};

for (const [method, write] of Object.entries(WRITES)) {
  Deno.test(`CACHE-008 ${method} makes forget the path, the folders above and all listings`, async () => {
    const { store, backend } = await cached({}, "other");
    const look = async () => [
      await store.exists("a/b/c"),
      await store.isFolder("a/b"),
      await store.isFolder("a"),
      await all(store.listFiles("", { recursive: true })),
      (await store.getFolderInfo("")).fileCount,
    ];
    await store.readBytes("other");
    assertEquals(await look(), [false, false, false, ["other"], 1]);
    await write(store);
    assertEquals(await look(), [true, true, true, ["other", "a/b/c"], 2]);
    backend.asked.length = 0;
    await store.readBytes("other");
    assertEquals(backend.asked, []);
  });
}

Deno.test("CACHE-008 a failed write makes forget too: nobody knows how far it came", async () => {
  const { store, inner, backend } = await cached({}, "a");
  assertEquals(await store.readText("a"), "a");
  backend.write = async (...args) => {
    await MemoryBackend.prototype.write.apply(backend, args);
    throw new Error("the answer was lost");
  };
  await assertRejects(
    () => store.write("a", "new", { overwrite: true }),
    RemoteStoreError,
  );
  assertEquals(await store.readText("a"), await inner.readText("a"));
});

Deno.test("CACHE-009 delete makes forget the path, the folders above and all listings", async () => {
  const { store } = await cached({}, "a/b");
  assertEquals(
    [await store.exists("a/b"), await all(store.iterChildren("a"))],
    [
      true,
      ["a/b"],
    ],
  );
  await store.delete("a/b");
  assertEquals(
    [await store.exists("a/b"), await all(store.iterChildren("a"))],
    [
      false,
      [],
    ],
  );
});

Deno.test("CACHE-009, CACHE-010 deleteFolder, deleteMany, move and copy make forget everything", async () => {
  const changes: ((s: StoreLike) => Promise<unknown>)[] = [
    (s) => s.deleteFolder("x", { recursive: true }),
    (s) => s.deleteMany(["x/y"]),
    (s) => s.move("x/y", "z"),
    (s) => s.copy("x/y", "z"),
  ];
  for (const change of changes) {
    const { store } = await cached({}, "a", "x/y");
    await store.readBytes("a");
    await store.exists("x/y");
    await change(store);
    assertEquals((await store.stats()).size, 0);
    assertEquals(await store.exists("x/y"), await store.inner.exists("x/y"));
  }
});

Deno.test("CACHE-011 every method of a store is a cached store's too", () => {
  const missing = Object.getOwnPropertyNames(Store.prototype)
    .filter((name) => !(name in CachedStore.prototype));
  assertEquals(missing, []);
});

Deno.test("CACHE-013 errors are not remembered, false is", async () => {
  const { store, inner, backend } = await cached();
  await assertRejects(() => store.readBytes("a"), NotFoundError);
  assertEquals([await store.exists("a"), await store.exists("a")], [
    false,
    false,
  ]);
  assertEquals(backend.asked.filter((ask) => ask === "stat a").length, 2);
  assertEquals((await inner.write("a", "A")).size, 1);
  assertEquals(await store.readText("a"), "A");
  assertEquals(await store.exists("a"), false);
});

Deno.test("CACHE-013 an aborted signal is an abort, also where the answer is known", async () => {
  const { store } = await cached({}, "a");
  await store.readBytes("a");
  const signal = AbortSignal.abort("no");
  assertEquals(
    await store.readBytes("a", { signal }).catch((error) => error),
    "no",
  );
});

Deno.test("CACHE-014 what others write is seen after invalidate", async () => {
  const { store, inner } = await cached({}, "a");
  assertEquals(await store.readText("a"), "a");
  assertEquals((await inner.write("a", "new", { overwrite: true })).size, 3);
  assertEquals(await store.readText("a"), "a");
  await store.invalidate("./a");
  assertEquals(await store.readText("a"), "new");
});

Deno.test("CACHE-016 child stores share the cache, and forget for each other", async () => {
  const { store, backend } = await cached({}, "x/y/z");
  const child = store.child("x").child("y");
  assertEquals(await store.readText("x/y/z"), "x/y/z");
  assertEquals(await child.readText("z"), "x/y/z");
  assertEquals(backend.asked, ["read x/y/z"]);
  assertEquals((await store.getFileInfo("x/y/z")).path, "x/y/z");
  assertEquals((await child.getFileInfo("./z")).path, "z");
  assertEquals(await all(store.listFiles("x/y")), ["x/y/z"]);
  assertEquals(await all(child.listFiles("")), ["z"]);
  assertEquals((await child.write("z", "new", { overwrite: true })).size, 3);
  assertEquals(await store.readText("x/y/z"), "new");
  assertEquals((await store.write("x/y/z", "2", { overwrite: true })).size, 1);
  assertEquals(await child.readText("z"), "2");
  assert(child.equals(store.child("x/y")) && !child.equals(store));
});

Deno.test("WR-018 a write's result is the inner store's own, every time, and never remembered", async () => {
  const memory = new MemoryCache();
  const { store } = await cached({ backend: memory });
  const first = await store.write("a", "A");
  const second = await store.write("a", "AA", { overwrite: true });
  assertEquals([first.size, second.size, memory.size()], [1, 2, 0]);
  assertEquals([first.source, second.source], ["native", "native"]);
  assertEquals((await store.head("a")).size, 2);
  assertEquals(memory.size(), 0);
});

Deno.test("CACHE-004 what is no path cannot be forgotten, and says so", async () => {
  const { store } = await cached({}, "a");
  await store.exists("a");
  await assertRejects(() => store.invalidate("../a"), InvalidPathError);
  assertEquals((await store.stats()).size, 1);
});

Deno.test("CACHE-006 arguments of a listing are checked at the call", async () => {
  const { store } = await cached();
  assertThrows(
    () => store.listFiles("", { maxDepth: -1 }),
    InvalidArgumentError,
  );
});
