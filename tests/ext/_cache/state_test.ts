import { assertEquals } from "@std/assert";
import { MemoryCache } from "../../../ext/_cache/memory.ts";
import { CacheState } from "../../../ext/_cache/state.ts";

Deno.test("CacheState: a value that is not to be kept is asked for each time", async () => {
  const state = new CacheState(new MemoryCache(), {
    ttl: 1000,
    staleTtl: 0,
    maxContentSize: 1,
    maxListingSize: 1,
  });
  for (const keep of [false, true, true]) {
    const answer = { value: true, keep };
    await state.through(["x"], undefined, () => Promise.resolve(answer));
  }
  const { hits, misses } = await state.stats();
  assertEquals([hits, misses], [1, 2]);
});
