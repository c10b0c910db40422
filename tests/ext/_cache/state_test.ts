import { assertEquals } from "@std/assert";
import type { CacheBackend } from "../../../ext/_cache/backend.ts";
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

Deno.test("CacheState: a cache may return what it likes where nothing is asked for", async () => {
  for (const told of [true, "kept", new Map(), { then: null }]) {
    const memory = new MemoryCache();
    const backend: CacheBackend = {
      get: (key) => memory.get(key),
      set: (
        key,
        entry,
        ttl,
      ) => (memory.set(key, entry, ttl), told as unknown as void),
      delete: (key) => (memory.delete(key), told as unknown as void),
      clear: () => memory.clear(),
      clearPrefix: (operation) => memory.clearPrefix(operation),
      size: () => memory.size(),
    };
    const state = new CacheState(backend, LIMITS);
    const ask = () =>
      state.through(
        ["exists", "a"],
        undefined,
        () => Promise.resolve({ value: true }),
      );
    assertEquals([await ask(), await ask()], [true, true]);
    assertEquals((await state.stats()).hits, 1);
    await state.change("a", () => Promise.resolve());
    assertEquals(memory.size(), 0);
  }
});

/** A cache whose leases are told by the test; `null` for one that cannot be had. */
function leased(leases: (string | null)[]) {
  const memory = new MemoryCache();
  const backend: CacheBackend = {
    lease() {
      const lease = leases.shift() ?? null;
      return lease === null
        ? Promise.reject(new Error("no lease"))
        : Promise.resolve(lease);
    },
    get: (key, lease) => memory.get([...key, `${lease}`]),
    set: (key, entry, ttl, lease) =>
      memory.set([...key, `${lease}`], entry, ttl),
    delete: (key) => memory.delete(key),
    clearPrefix: (operation) => memory.clearPrefix(operation),
    clear: () => memory.clear(),
    size: () => memory.size(),
  };
  return { memory, state: new CacheState(backend, LIMITS) };
}

for (
  const [title, leases, asked, kept] of [
    ["the same lease", ["1", "1"], 1, 1],
    ["another lease", ["1", "2"], 2, 2],
    ["no lease", [null, null], 2, 0],
  ] as const
) {
  Deno.test(`CACHE-017 who asks beside another one with ${title} ${asked === 1 ? "joins it" : "asks by itself"}`, async () => {
    const { memory, state } = leased([...leases]);
    let requests = 0;
    const answers: (() => void)[] = [];
    const ask = () =>
      state.through(["exists", "a"], undefined, async () => {
        const value = ++requests > 1;
        await new Promise<void>((resolve) => answers.push(resolve));
        return { value };
      });
    const first = ask();
    while (answers.length < 1) await new Promise((r) => setTimeout(r, 0));
    const second = ask();
    for (let i = 0; i < 5; i++) await new Promise((r) => setTimeout(r, 0));
    for (const answer of answers) answer();
    assertEquals([await first, await second], [false, asked > 1]);
    assertEquals([requests, memory.size()], [asked, kept]);
  });
}
