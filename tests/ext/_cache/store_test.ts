import { assertEquals } from "@std/assert";
import { Store, type StoreLike } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { cache, CachedStore } from "../../../ext/cache.ts";

Deno.test("CachedStore is a StoreLike, and can be cached again", async () => {
  const store: StoreLike = cache(
    cache(new Store({ backend: new MemoryBackend() })),
  );
  assertEquals((await store.write("a", "A")).size, 1);
  assertEquals(await store.readText("a"), "A");
  assertEquals(store instanceof CachedStore, true);
  assertEquals(`${store}`, "CachedCachedStore(memory:)");
});
