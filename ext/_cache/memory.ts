// This module is browser compatible.
import { type KnownOptions, requireKnown } from "../../mod.ts";
import type { CacheBackend, CacheEntry, CacheKey } from "./backend.ts";
import { limitOf } from "./values.ts";

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
  maxEntries: "number",
  now: "function",
};

interface Kept {
  readonly entry: CacheEntry;
  readonly expires: number;
  /** All that the same operation has. */
  readonly ids: Set<string>;
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
  // Only the oldest entry is ever taken from it, so it never passes one that is kept, and
  // does not look again at the places of those that have gone.
  readonly #oldest = this.#kept.keys();
  readonly #operations = new Map<string, Set<string>>();
  readonly #maxEntries: number;
  readonly #now: () => number;

  /** Creates an empty memory. */
  constructor(options: MemoryCacheOptions = {}) {
    requireKnown("create a cache", null, options, KNOWN);
    const { maxEntries, now = () => performance.now() } = options;
    this.#maxEntries = limitOf("maxEntries", maxEntries, "a count");
    this.#now = now;
  }

  /** Returns an entry; `undefined` where there is none, or its time is over. */
  get(key: CacheKey): CacheEntry | undefined {
    const id = JSON.stringify(key);
    const kept = this.#kept.get(id);
    if (!kept || kept.expires <= this.#now()) return this.#drop(id);
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    return kept.entry;
  }

  /** Keeps an entry. */
  set(key: CacheKey, entry: CacheEntry, ttl: number): void {
    const id = JSON.stringify(key);
    this.#drop(id);
    const ids = this.#operations.get(key[0]) ?? new Set();
    this.#operations.set(key[0], ids.add(id));
    this.#kept.set(id, { entry, expires: this.#now() + ttl, ids });
    if (this.#kept.size > this.#maxEntries) {
      this.#drop(this.#oldest.next().value as string);
    }
  }

  /** Drops an entry. */
  delete(key: CacheKey): void {
    this.#drop(JSON.stringify(key));
  }

  /** Drops all entries of an operation. */
  clearPrefix(operation: string): void {
    for (const id of this.#operations.get(operation) ?? []) this.#drop(id);
  }

  /** Drops all entries. */
  clear(): void {
    this.#operations.clear();
    this.#kept.clear();
  }

  /** Returns how many entries are alive. */
  size(): number {
    const now = this.#now();
    for (const [id, { expires }] of this.#kept) {
      if (expires <= now) this.#drop(id);
    }
    return this.#kept.size;
  }

  #drop(id: string): undefined {
    this.#kept.get(id)?.ids.delete(id);
    this.#kept.delete(id);
  }
}
