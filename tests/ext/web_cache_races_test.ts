import { assert } from "@std/assert";
import fc from "fast-check";
import { Store } from "@remote-store/core";
import { cache } from "../../ext/cache.ts";
import { WebCache, type WebCacheStorage } from "../../ext/web_cache.ts";
import { Counted } from "./cache_fixture.ts";

/** A storage whose calls take effect after a turn, and are answered after another one. */
function lateStorage(
  pause: (label: string) => Promise<unknown>,
): WebCacheStorage {
  const answers = new Map<string, Response>();
  const late = async <T>(label: string, act: () => T): Promise<T> => {
    await pause(`${label} before`);
    const result = act();
    await pause(`${label} after`);
    return result;
  };
  return {
    match: (url) => late("match", () => answers.get(url)?.clone()),
    put: (url, response) => late("put", () => void answers.set(url, response)),
    delete: (url) => late("delete", () => answers.delete(url)),
  };
}

Deno.test("CACHE-017 no schedule of two stores that share a cache shows a value older than the last change that had ended", async () => {
  const paths = ["a/x", "b"];
  let raced = 0;
  let hits = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(
        fc.record({
          side: fc.nat(1),
          act: fc.constantFrom(
            "read",
            "read",
            "info",
            "list",
            "write",
            "noise",
          ),
          path: fc.constantFrom(...paths),
          wait: fc.nat(10),
        }),
        { minLength: 6, maxLength: 16 },
      ),
      async (scheduler, steps) => {
        const pause = (label: string) =>
          scheduler.schedule(Promise.resolve(), label);
        const backend = new Counted();
        const inner = new Store({ backend });
        for (const path of [...paths, "n/1"]) await inner.write(path, "");
        backend.pause = (what, when) =>
          pause(`${what} ${when}`) as Promise<void>;
        const storage = lateStorage(pause);
        const sides = [0, 1].map(() =>
          cache(inner, { backend: new WebCache(storage, "s") })
        );
        // A file's size is its version; each path has one writer at a time.
        const ended = new Map<string, number>();
        const writers = new Map<string, Promise<void>>();
        const runs = steps.map(async ({ side, act, path, wait }) => {
          const store = sides[side]!;
          for (let i = 0; i < wait; i++) await pause("wait");
          if (act === "noise") {
            await store.copy("n/1", "n/2", { overwrite: true });
            return;
          }
          if (act === "write") {
            const before = writers.get(path) ?? Promise.resolve();
            const mine = before.then(async () => {
              const version = (ended.get(path) ?? 0) + 1;
              await store.write(path, "v".repeat(version), { overwrite: true });
              ended.set(path, version);
            });
            writers.set(path, mine);
            return await mine;
          }
          const floor = ended.get(path) ?? 0;
          let seen = -1;
          if (act === "read") seen = (await store.readBytes(path)).length;
          if (act === "info") seen = (await store.getFileInfo(path)).size ?? -1;
          if (act === "list") {
            const all = store.listFiles("", { recursive: true });
            const files = await Array.fromAsync(all);
            seen = files.find((file) => file.path === path)?.size ?? -1;
          }
          if (seen !== (ended.get(path) ?? 0)) raced++;
          assert(seen >= floor, `${act} ${path}: ${seen} after ${floor}`);
        });
        await scheduler.waitFor(Promise.all(runs));
        // Quiet again: what both find is what is there.
        for (const store of sides) {
          for (const path of paths) {
            const bytes = await scheduler.waitFor(store.readBytes(path));
            assert(
              bytes.length === (ended.get(path) ?? 0),
              `${path} in the end`,
            );
          }
          const stats = await scheduler.waitFor(store.stats());
          hits += stats.hits;
        }
      },
    ),
    { numRuns: 500, seed: 29 },
  );
  assert(raced > 0, "no schedule had a race in it");
  assert(hits > 0, "nothing came out of the cache");
});
