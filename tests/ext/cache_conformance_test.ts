import { Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { testBackend } from "@remote-store/core/conformance";
import { cache } from "../../ext/cache.ts";

await testBackend("cache(memory)", {
  test: Deno.test,
  create: () => cache(new Store({ backend: new MemoryBackend() })),
  namespace: "hierarchical",
});

await testBackend("cache(memory) that revalidates and keeps little", {
  test: Deno.test,
  create: () =>
    cache(new Store({ backend: new MemoryBackend({ versions: true }) }), {
      ttl: 0.001,
      staleTtl: 60_000,
      maxEntries: 3,
      maxListingSize: 2,
      maxContentSize: 10,
    }),
  namespace: "hierarchical",
});
