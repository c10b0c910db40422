/**
 * A store that remembers what another one answered: whole files, infos, listings. Many
 * who ask for the same at once cost one request.
 *
 * A write through the cached store is seen by every read that begins after it. What
 * others change is seen when an entry's time is over, or after `invalidate`.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { cache } from "@remote-store/core/ext/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const store = cache(new Store({ backend: new MemoryBackend() }), { ttl: 60_000 });
 * void await store.write("a.txt", "A");
 * await Promise.all([store.readText("a.txt"), store.readText("a.txt")]);
 * await store.readText("a.txt");
 *
 * const { hits, misses } = await store.stats();
 * assertEquals([hits, misses], [1, 1]);
 * ```
 *
 * @module
 */
import {
  InvalidArgumentError,
  type KnownOptions,
  requireKnown,
  type StoreLike,
} from "../mod.ts";
import type { CacheBackend } from "./_cache/backend.ts";
import { MemoryCache } from "./_cache/memory.ts";
import { CacheState } from "./_cache/state.ts";
import { CachedStore } from "./_cache/store.ts";
import { limitOf } from "./_cache/values.ts";

export type {
  CacheBackend,
  CacheEntry,
  CacheKey,
  CacheValue,
} from "./_cache/backend.ts";
export { MemoryCache, type MemoryCacheOptions } from "./_cache/memory.ts";
export type { CacheStats } from "./_cache/state.ts";
export { CachedStore } from "./_cache/store.ts";

/** Options of {@linkcode cache}. */
export interface CacheOptions {
  /**
   * How long an entry is used, in milliseconds.
   *
   * @default {300_000}
   */
  readonly ttl?: number | undefined;
  /**
   * How long a file's bytes are kept beyond `ttl`, in milliseconds, to ask the store
   * whether they still hold: a request without a body, if they do. 0 asks for the file.
   *
   * @default {0}
   */
  readonly staleTtl?: number | undefined;
  /**
   * The largest file that is kept, in bytes.
   *
   * @default {no limit}
   */
  readonly maxContentSize?: number | undefined;
  /**
   * The longest listing that is kept, in entries. A listing is fetched as a whole; one
   * that turns out to be longer is passed on as it comes, and remembered as too long.
   *
   * @default {10_000}
   */
  readonly maxListingSize?: number | undefined;
  /**
   * How many entries the default memory keeps; excludes `backend`.
   *
   * @default {no limit}
   */
  readonly maxEntries?: number | undefined;
  /**
   * Where entries are kept. One store per backend: keys are paths.
   *
   * @default {a MemoryCache}
   */
  readonly backend?: CacheBackend | undefined;
}

/**
 * Returns a store that remembers what `store` answered to `readBytes`, `readText`,
 * `exists`, `isFile`, `isFolder`, `getFileInfo`, `getFolderInfo` and listings. Errors,
 * streams and write results are never remembered.
 *
 * @example Ask whether a file has changed, instead of for the file
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { cache } from "@remote-store/core/ext/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const store = cache(new Store({ backend: new MemoryBackend() }), {
 *   ttl: 1,
 *   staleTtl: 3_600_000,
 *   maxEntries: 1000,
 * });
 * void await store.write("a.txt", "A");
 * await store.readText("a.txt");
 * await new Promise((resolve) => setTimeout(resolve, 5));
 * await store.readText("a.txt");
 * assertEquals((await store.stats()).revalidations, 1);
 * ```
 *
 * @throws {InvalidArgumentError} If a limit is none, or `maxEntries` meets `backend`.
 */
export function cache(
  store: StoreLike,
  options: CacheOptions = {},
): CachedStore {
  requireKnown("create a cache", null, options, KNOWN);
  const {
    ttl = 300_000,
    staleTtl = 0,
    maxContentSize,
    maxListingSize = 10_000,
    maxEntries,
    backend,
  } = options;
  if (backend !== undefined && maxEntries !== undefined) {
    throw new InvalidArgumentError(
      "Cannot create a cache: maxEntries and backend are given",
    );
  }
  const kept = backend ?? new MemoryCache({ maxEntries });
  const limits = {
    ttl: limitOf("ttl", ttl),
    staleTtl: staleTtl === 0 ? 0 : limitOf("staleTtl", staleTtl),
    maxContentSize: limitOf("maxContentSize", maxContentSize),
    maxListingSize: limitOf("maxListingSize", maxListingSize),
  };
  return new CachedStore(store, new CacheState(kept, limits));
}

const KNOWN: KnownOptions<CacheOptions> = {
  ttl: "number",
  staleTtl: "number",
  maxContentSize: "number",
  maxListingSize: "number",
  maxEntries: "number",
  backend: "object",
};
