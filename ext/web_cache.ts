/**
 * A place for what `cache` remembers: the Cache API of browsers, Workers and Deno, where
 * entries outlive the page and the isolate, and tabs and isolates share them.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { cache } from "@remote-store/core/ext/cache";
 * import { WebCache, type WebCacheStorage } from "@remote-store/core/ext/web-cache";
 * import { assertEquals } from "@std/assert";
 *
 * // await caches.open("files"), or caches.default in Workers; here a stand-in:
 * const answers = new Map<string, Response>();
 * const storage: WebCacheStorage = {
 *   match: (url) => Promise.resolve(answers.get(url)?.clone()),
 *   put: (url, response) => Promise.resolve(void answers.set(url, response)),
 *   delete: (url) => Promise.resolve(answers.delete(url)),
 * };
 * const inner = new Store({ backend: new MemoryBackend() });
 * const [one, other] = [1, 2].map(() =>
 *   cache(inner, { backend: new WebCache(storage, "bucket-a") })
 * );
 * await one!.write("a.txt", "A");
 * await one!.readText("a.txt");
 * await other!.readText("a.txt");
 * assertEquals((await other!.stats()).hits, 1);
 * ```
 *
 * @module
 */
export {
  WebCache,
  type WebCacheOptions,
  type WebCacheStorage,
} from "./_cache/web.ts";
