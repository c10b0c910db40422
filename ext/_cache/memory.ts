// This module is browser compatible.
import {
  InvalidArgumentError,
  type KnownOptions,
  requireKnown,
} from "../../mod.ts";
import type { CacheBackend, CacheEntry, CacheKey } from "./backend.ts";

/** Options of {@linkcode MemoryCache}. */
export interface MemoryCacheOptions {
  /**
   * How many entries are kept; beyond that the one used longest ago goes.
   *
   * @default {no limit}
   */
  readonly maxEntries?: number | undefined;
  /**
   * The clock, in milliseconds. One that never goes back, so that no entry outlives
   * its time.
   *
   * @default {performance.now()}
   */
  readonly now?: (() => number) | undefined;
}

const KNOWN: KnownOptions<MemoryCacheOptions> = {
  maxEntries: true,
  now: true,
};

interface Kept {
  readonly entry: CacheEntry;
  readonly expires: number;
}

/**
 * Keeps entries in memory. What has expired goes when it is looked at; there is no
 * timer.
 *
 * @example A memory that is looked at from outside; each one is for one store
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { cache, MemoryCache } from "@remote-store/core/ext/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const memory = new MemoryCache({ maxEntries: 100 });
 * const store = cache(new Store({ backend: new MemoryBackend() }), {
 *   backend: memory,
 * });
 * await store.exists("a.txt");
 * assertEquals(memory.size(), 1);
 * ```
 */
export class MemoryCache implements CacheBackend {
  // A Map remembers the order of insertion: what is used is put at its end again.
  readonly #kept = new Map<string, Kept>();
  readonly #maxEntries: number;
  readonly #now: () => number;

  /** Creates an empty memory. */
  constructor(options: MemoryCacheOptions = {}) {
    requireKnown("create a cache", null, options, KNOWN);
    const { maxEntries = Infinity, now = () => performance.now() } = options;
    if (Math.floor(maxEntries) !== maxEntries || maxEntries < 1) {
      throw new InvalidArgumentError(
        `Cannot create a cache: maxEntries is ${maxEntries}, a count is needed`,
      );
    }
    this.#maxEntries = maxEntries;
    this.#now = now;
  }

  /** Returns an entry; `undefined` where there is none, or its time is over. */
  get(key: CacheKey): CacheEntry | undefined {
    const id = JSON.stringify(key);
    const kept = this.#kept.get(id);
    if (kept === undefined) return undefined;
    this.#kept.delete(id);
    if (kept.expires <= this.#now()) return undefined;
    this.#kept.set(id, kept);
    return kept.entry;
  }

  /** Keeps an entry. */
  set(key: CacheKey, entry: CacheEntry, ttl: number): void {
    const id = JSON.stringify(key);
    this.#kept.delete(id);
    this.#kept.set(id, { entry, expires: this.#now() + ttl });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#maxEntries && oldest !== undefined) {
      this.#kept.delete(oldest);
    }
  }

  /** Drops an entry. */
  delete(key: CacheKey): void {
    this.#kept.delete(JSON.stringify(key));
  }

  /** Drops all entries of an operation. */
  clearPrefix(operation: string): void {
    const start = JSON.stringify([operation]).slice(0, -1);
    for (const id of this.#kept.keys()) {
      if (id.startsWith(start)) this.#kept.delete(id);
    }
  }

  /** Drops all entries. */
  clear(): void {
    this.#kept.clear();
  }

  /** Returns how many entries are alive. */
  size(): number {
    const now = this.#now();
    for (const [id, { expires }] of this.#kept) {
      if (expires <= now) this.#kept.delete(id);
    }
    return this.#kept.size;
  }
}
