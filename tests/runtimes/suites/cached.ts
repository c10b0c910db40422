/**
 * Runs in a page: the contract through a cache that the browser keeps.
 *
 * @module
 */
import { MemoryBackend } from "../../../backends/memory.ts";
import { cache } from "../../../ext/cache.ts";
import { WebCache } from "../../../ext/web_cache.ts";
import { Store } from "../../../mod.ts";
import { type Outcome, runContract } from "../contract.ts";

/** Runs the conformance suite, each test with a cache of its own: engines look at all of one. */
export function cached(): Promise<Outcome> {
  const prefix = `cached-${crypto.randomUUID()}`;
  let stores = 0;
  let name = "";
  return runContract("cache", {
    namespace: "hierarchical",
    create: async () => {
      name = `${prefix}-${stores++}`;
      const backend = new WebCache(await caches.open(name), "memory");
      return cache(new Store({ backend: new MemoryBackend() }), { backend });
    },
    dispose: async (store) => {
      await store.close();
      await caches.delete(name);
    },
  }, { patience: 30_000, lanes: 1 });
}
