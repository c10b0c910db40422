import { assertEquals } from "@std/assert";
import { MemoryCache } from "../../../ext/_cache/memory.ts";
import { CacheState } from "../../../ext/_cache/state.ts";

const LIMITS = {
  ttl: 1000,
  staleTtl: 0,
  maxContentSize: 1,
  maxListingSize: 1,
};

Deno.test("CacheState: content above the limit is asked for each time", async () => {
  const state = new CacheState(new MemoryCache(), LIMITS);
  for (const size of [2, 1, 1]) {
    const answer = { value: new Uint8Array(size) };
    await state.through(["x", "a"], undefined, () => Promise.resolve(answer));
  }
  const { hits, misses } = await state.stats();
  assertEquals([hits, misses], [1, 2]);
});

Deno.test("CACHE-017 two states over one cache in one place know of each other's changes", async () => {
  const memory = new MemoryCache();
  const [one, other] = [1, 2].map(() => new CacheState(memory, LIMITS));
  let answer = (_: { value: boolean }) => {};
  const slow = one?.through(
    ["exists", "a"],
    undefined,
    () => new Promise<{ value: boolean }>((resolve) => answer = resolve),
  );
  await new Promise((resolve) => setTimeout(resolve, 0));
  await other?.change("a", () => Promise.resolve());
  answer({ value: false });
  assertEquals(await slow, false);
  assertEquals(memory.size(), 0);
});
