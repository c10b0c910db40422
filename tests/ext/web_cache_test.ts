import { assert, assertEquals } from "@std/assert";
import { Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { cache } from "../../ext/cache.ts";
import { WebCache, type WebCacheStorage } from "../../ext/web_cache.ts";
import { breath } from "../conformance/bench.ts";
import { judge, runRaces } from "../runtimes/cache/races.ts";
import { sideOf } from "../runtimes/cache/side.ts";

/**
 * Deno's own Cache API, with a part of a cache that is nobody else's, emptied in the end. The
 * cache itself stays: Deno gives the folder of one that is deleted to the next that is opened,
 * by another test or process too, while it is still being removed.
 */
async function opened(): Promise<
  AsyncDisposable & { storage: Required<WebCacheStorage> }
> {
  const cache = await caches.open("web-cache-test");
  const end = `&test=${crypto.randomUUID()}`;
  const underWay = new Set<Promise<unknown>>();
  const noted = <T>(work: Promise<T>): Promise<T> => {
    const end: Promise<unknown> = work.catch(() => {})
      .then(() => underWay.delete(end));
    underWay.add(end);
    return work;
  };
  const keys = async () => {
    const own = (await cache.keys()).filter(({ url }) => url.endsWith(end));
    return own.map(({ url }) => ({ url: url.slice(0, -end.length) }));
  };
  return {
    storage: {
      match: (url) => noted(cache.match(url + end)),
      put: (url, response) => noted(cache.put(url + end, response)),
      delete: (url) => noted(cache.delete(url + end)),
      keys: () => noted(keys()),
    },
    async [Symbol.asyncDispose]() {
      // What has ended may begin the next.
      for (; underWay.size > 0; await breath()) await Promise.all(underWay);
      for (const { url } of await keys()) await cache.delete(url + end);
    },
  };
}

Deno.test("CACHE-017 of 500 races of two stores over one cache, none shows what is older than a change", async () => {
  await using place = await opened();
  const inner = new Store({ backend: new MemoryBackend() });
  const [one, other] = [1, 2].map(() => sideOf(inner, place.storage, "s"));
  const options = { count: 500, seed: 7, delay: 40, lanes: 10 };
  judge(await runRaces(one!, other!, options));
});

Deno.test("CACHE-018 50 rounds of a write and a listing leave as many entries as one", async () => {
  await using place = await opened();
  const inner = new Store({ backend: new MemoryBackend() });
  const [one, other] = [1, 2].map(() => sideOf(inner, place.storage, "s"));
  await one!({ act: "churn", rounds: 1 });
  const few = await one!({ act: "count" });
  await one!({ act: "churn", rounds: 50 });
  assertEquals(await other!({ act: "count" }), few);
  await other!({ act: "clear" });
  assertEquals(await one!({ act: "count" }), "0");
});

Deno.test("CACHE-018 more answers than maxEntries, and what was kept before, go where they are listed", async () => {
  await using place = await opened();
  const inner = new Store({ backend: new MemoryBackend() });
  const open = () =>
    cache(inner, {
      backend: new WebCache(place.storage, "s", { maxEntries: 40 }),
    });
  const beside = new WebCache(place.storage, "s2");
  await beside.set(
    ["exists", "a"],
    { value: true, etag: null, freshUntil: 0 },
    1e6,
  );
  for (let tab = 0; tab < 3; tab++) {
    const store = open();
    for (let i = 0; i < 60; i++) await store.exists(`${tab}/${i}`);
    const urls = (await place.storage.keys()).map(({ url }) => url);
    assert(urls.length <= 40 * 9 / 8 + 5, `${urls.length}`);
  }
  assertEquals((await beside.get(["exists", "a"]))?.value, true);
});

Deno.test("CACHE-018 what 50 ask for at once is all kept", async () => {
  await using place = await opened();
  const inner = new Store({ backend: new MemoryBackend() });
  for (let i = 0; i < 50; i++) await inner.write(`f/${i}`, `${i}`);
  const store = cache(inner, { backend: new WebCache(place.storage, "s") });
  const readAll = () =>
    Promise.all(Array.from({ length: 50 }, (_, i) => store.readText(`f/${i}`)));
  await readAll();
  assertEquals((await store.stats()).hits, 0);
  await readAll();
  assertEquals((await store.stats()).hits, 50);
});
