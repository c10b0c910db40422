import { assert, assertEquals } from "@std/assert";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { cache, type CacheBackend, MemoryCache } from "../../ext/cache.ts";
import { cached } from "./cache_fixture.ts";

Deno.test("CACHE-003 an entry is used until its time is over", async () => {
  const { now } = Date;
  let passed = 0;
  // Both clocks stand still until they are moved: a real one goes on under load.
  const start = now();
  Date.now = () => start + passed;
  try {
    const memory = new MemoryCache({ now: () => passed });
    const { store, backend } = await cached(
      { ttl: 20, backend: memory },
      "a/b",
    );
    await store.readBytes("a/b");
    passed = 19;
    await store.readBytes("a/b");
    assertEquals(backend.asked.length, 1);
    passed = 21;
    await store.readBytes("a/b");
    assertEquals(backend.asked.length, 2);
  } finally {
    Date.now = now;
  }
});

Deno.test("CACHE-003 an entry whose time began later than now is not used: the clock was set back", async () => {
  const memory = new MemoryCache();
  let ahead = 3_600_000;
  const backend: CacheBackend = {
    get: (key) => memory.get(key),
    set: (key, entry, ttl) => {
      const freshUntil = entry.freshUntil + ahead;
      return memory.set(key, { ...entry, freshUntil }, ttl);
    },
    delete: (key) => memory.delete(key),
    clearPrefix: (operation) => memory.clearPrefix(operation),
    clear: () => memory.clear(),
    size: () => memory.size(),
  };
  const { store, backend: asked } = await cached({ backend }, "a");
  await store.exists("a");
  ahead = 0;
  await store.exists("a");
  await store.exists("a");
  assertEquals(asked.asked, ["stat a", "stat a"]);
});

Deno.test("CACHE-014 with staleTtl an old file is asked about, and fetched only if it has changed", async () => {
  const { store, inner, backend } = await cached(
    { ttl: 0.001, staleTtl: 60_000 },
    "a",
  );
  const requests: unknown[] = [];
  backend.read = async (key, request) => {
    const answer = await MemoryBackend.prototype.read.call(
      backend,
      key,
      request,
    );
    requests.push(request.ifNoneMatch);
    return answer;
  };
  const wait = () => new Promise((resolve) => setTimeout(resolve, 2));
  const { etag } = await store.head("a");
  assertEquals(await store.readText("a"), "a");
  await wait();
  assertEquals(await store.readText("a"), "a");
  assertEquals((await inner.write("a", "new", { overwrite: true })).size, 3);
  await wait();
  assertEquals(await store.readText("a"), "new");
  assertEquals(requests, [null, etag, etag]);
  const { misses, revalidations } = await store.stats();
  assertEquals([misses, revalidations], [2, 1]);
});

Deno.test("CACHE-015 closing closes the store below and forgets", async () => {
  let closed = 0;
  const { store, backend } = await cached({}, "a");
  backend.close = () => Promise.resolve(void closed++);
  await store.exists("a");
  {
    await using also = store;
    assert(also === store);
  }
  assertEquals([closed, (await store.stats()).size], [1, 0]);
});

Deno.test("CACHE-015 closing keeps what a cache of the caller's own holds, and uses it no more", async () => {
  const memory = new MemoryCache();
  const { store, inner, backend } = await cached({ backend: memory }, "a");
  await store.readBytes("a");
  await store.close();
  assertEquals(memory.size(), 1);
  await store.readBytes("a");
  assertEquals(backend.asked, ["read a", "read a"]);
  const next = cache(inner, { backend: memory });
  assertEquals(await next.readText("a"), "a");
  assertEquals((await next.stats()).hits, 1);
});

Deno.test("CACHE-015 closing a child closes nothing, and forgets nothing", async () => {
  const { store, backend } = await cached({}, "x/y");
  await store.readBytes("x/y");
  await store.child("x").close();
  await store.readBytes("x/y");
  assertEquals(backend.asked, ["read x/y"]);
});
