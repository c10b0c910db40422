import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Store } from "@remote-store/core";
import {
  cache,
  type CacheBackend,
  type CacheOptions,
  MemoryCache,
} from "../../ext/cache.ts";
import { cached, Counted, REMEMBERED } from "./cache_fixture.ts";

Deno.test("CACHE-012 100 callers who miss at once cost one request", async () => {
  const { store, backend } = await cached({}, "a/b");
  for (const [method, call] of Object.entries(REMEMBERED)) {
    backend.asked.length = 0;
    await call(store.inner);
    const cost = backend.asked.length;
    await store.clearCache();
    backend.asked.length = 0;
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => call(store)),
    );
    assertEquals([method, backend.asked.length], [method, cost]);
    assertEquals(answers[99], answers[0]);
  }
});

Deno.test("CACHE-012 of those who wait together one can leave, and the last one ends the request", async () => {
  const { store, backend } = await cached({}, "a");
  let release = () => {};
  backend.pause = (what) =>
    what === "read"
      ? new Promise((resolve) => release = resolve)
      : Promise.resolve();
  const controller = new AbortController();
  const leaving = store.readText("a", { signal: controller.signal });
  const staying = store.readText("a");
  await new Promise((resolve) => setTimeout(resolve, 0));
  controller.abort("gone");
  assertEquals(await leaving.catch((error) => error), "gone");
  backend.pause = () => Promise.resolve();
  release();
  assertEquals(await staying, "a");

  await store.clearCache();
  let ended: unknown;
  backend.read = (_, { signal }) =>
    new Promise((_, reject) =>
      signal?.addEventListener("abort", () => {
        ended = signal.reason;
        reject(signal.reason);
      })
    );
  const only = new AbortController();
  const reading = store.readBytes("a", { signal: only.signal });
  await new Promise((resolve) => setTimeout(resolve, 0));
  only.abort("last");
  assertEquals(await reading.catch((error) => error), "last");
  assertEquals(ended, "last");
});

Deno.test("CACHE-012 a cache that fails costs requests, never an answer", async () => {
  const failing = () => Promise.reject(new Error("cache"));
  const { store, inner } = await cached({
    backend: {
      get: failing,
      set: failing,
      delete: failing,
      clear: failing,
      clearPrefix: failing,
      size: () => null,
    },
  }, "a");
  assertEquals(await store.readText("a"), "a");
  assertEquals((await store.write("a", "new", { overwrite: true })).size, 3);
  assertEquals(await store.readText("a"), await inner.readText("a"));
});

Deno.test("CACHE-012 a cache that could not be told of a change is not trusted until it is cleared", async () => {
  const memory = new MemoryCache();
  let failing = true;
  const { store } = await cached({
    backend: {
      get: (key) => memory.get(key),
      set: (key, entry, ttl) => memory.set(key, entry, ttl),
      delete: () => failing ? Promise.reject(new Error("cache")) : undefined,
      clear: () => memory.clear(),
      clearPrefix: () => {},
      size: () => memory.size(),
    },
  }, "a");
  assertEquals(await store.readText("a"), "a");
  assertEquals((await store.write("a", "new", { overwrite: true })).size, 3);
  assertEquals(await store.readText("a"), "new");
  failing = false;
  await store.clearCache();
  await store.readText("a");
  assertEquals((await store.readText("a"), memory.size()), 1);
});

Deno.test("CACHE-012 no schedule of reads and writes shows a value older than the last write that had ended", async () => {
  const paths = ["a/x", "a/y", "b"];
  let raced = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(
        fc.record({
          act: fc.constantFrom(
            "read",
            "text",
            "info",
            "list",
            "write",
            "pieces",
            "noise",
          ),
          path: fc.constantFrom(...paths),
          wait: fc.nat(12),
        }),
        { minLength: 4, maxLength: 16 },
      ),
      fc.constantFrom<CacheOptions>(
        {},
        { staleTtl: 60_000 },
        // Asks each time whether the old bytes still hold.
        { ttl: 0.001, staleTtl: 60_000 },
      ),
      fc.boolean(),
      async (scheduler, steps, options, dropsLate) => {
        const backend = new Counted();
        const inner = new Store({ backend });
        for (const path of [...paths, "n/1"]) {
          assertEquals((await inner.write(path, "")).size, 0);
        }
        const pause = (label: string) =>
          scheduler.schedule(Promise.resolve(), label);
        backend.pause = async (what, when) => {
          // Slow to take effect: there is time for a whole read before it does.
          const turns = what === "write" && when === "before" ? 6 : 1;
          for (let i = 0; i < turns; i++) await pause(`${what} ${when}`);
        };
        const kept = lateCache(pause, dropsLate);
        const store = cache(inner, { ...options, backend: kept });
        // The same files, written by one store and read by the other.
        const child = store.child("a");
        // A file's size is its version. Each path has one writer, so versions grow.
        const ended = new Map<string, number>();
        const writers = new Map<string, Promise<void>>();
        const write = async (path: string, inPieces: boolean) => {
          const version = (ended.get(path) ?? 0) + 1;
          const text = "v".repeat(version);
          const by = path.startsWith("a/") ? child : store;
          const name = path.replace("a/", "");
          if (inPieces) {
            await using writer = await by.openAtomic(name, { overwrite: true });
            await writer.write(text);
            assertEquals((await writer.close()).size, version);
          } else {
            const { size } = await by.write(name, text, { overwrite: true });
            assertEquals(size, version);
          }
          ended.set(path, version);
        };
        const sizeOf: Record<string, (path: string) => Promise<number>> = {
          read: async (path) => (await store.readBytes(path)).length,
          text: async (path) => (await store.readText(path)).length,
          info: async (path) => (await store.getFileInfo(path)).size ?? 0,
          list: async (path) => {
            const files = await Array.fromAsync(
              store.listFiles("", { recursive: true }),
            );
            return files.find((file) => file.path === path)?.size ?? -1;
          },
        };
        const runs = steps.map(async ({ act, path, wait }) => {
          for (let i = 0; i < wait; i++) await pause("wait");
          if (act === "write" || act === "pieces") {
            const before = writers.get(path) ?? Promise.resolve();
            const mine = before.then(() => write(path, act === "pieces"));
            writers.set(path, mine);
            return await mine;
          }
          if (act === "noise") {
            return await store.copy("n/1", "n/2", { overwrite: true });
          }
          const floor = ended.get(path) ?? 0;
          const seen = await sizeOf[act]?.(path) ?? -1;
          if (seen !== (ended.get(path) ?? 0)) raced++;
          assert(seen >= floor, `${act} ${path}: ${seen} after ${floor}`);
        });
        await scheduler.waitFor(Promise.all(runs));
        // Quiet again: what is kept is what is there.
        for (const path of paths) {
          for (const size of Object.values(sizeOf)) {
            assertEquals(
              await scheduler.waitFor(size(path)),
              ended.get(path) ?? 0,
            );
          }
        }
      },
    ),
    { numRuns: 1000, seed: 23 },
  );
  assert(raced > 0, "no schedule had a race in it");
});

/**
 * A cache whose steps take a turn of the scheduler, before and after. Dropping takes
 * dozens: where it is late too, hardly a read is still under way when it is done.
 */
function lateCache(
  pause: (label: string) => Promise<unknown>,
  dropsLate: boolean,
): CacheBackend {
  const memory = new MemoryCache();
  const late = async <T>(label: string, act: () => T): Promise<T> => {
    await pause(`${label} before`);
    const result = act();
    await pause(`${label} after`);
    return result;
  };
  const drop = (label: string, act: () => void) =>
    dropsLate ? late(label, act) : act();
  return {
    get: (key) => late("get", () => memory.get(key)),
    set: (key, entry, ttl) => late("set", () => memory.set(key, entry, ttl)),
    delete: (key) => drop("delete", () => memory.delete(key)),
    clear: () => drop("clear", () => memory.clear()),
    clearPrefix: (name) => drop("prefix", () => memory.clearPrefix(name)),
    size: () => memory.size(),
  };
}
