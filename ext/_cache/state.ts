// This module is browser compatible.
import type {
  CacheBackend,
  CacheEntry,
  CacheKey,
  CacheValue,
} from "./backend.ts";
import { Flights } from "./flights.ts";
import { lineOf, LISTINGS, PATH_OPERATIONS, touches } from "./values.ts";

/** The limits of a cache, checked and complete. */
export interface CacheLimits {
  /** How long an entry is used unasked, in milliseconds. */
  readonly ttl: number;
  /** How long it is kept beyond that, to ask whether it still holds. */
  readonly staleTtl: number;
  /** The largest content that is kept, in bytes. */
  readonly maxContentSize: number;
  /** The longest listing that is kept, in entries. */
  readonly maxListingSize: number;
}

/** What a cache has done so far. Frozen. */
export interface CacheStats {
  /** Answers that came out of the cache. */
  readonly hits: number;
  /** Answers that the store was asked for. Callers who waited for another one's count once. */
  readonly misses: number;
  /** Old answers of which the store said, without a body, that they still hold. */
  readonly revalidations: number;
  /** How many entries are alive; `null` where the cache cannot count. */
  readonly size: number | null;
}

/** Returns a value anew, or what is kept where it still holds. */
export type Fetcher<T> = (
  signal: AbortSignal,
  old: CacheEntry | undefined,
) => Promise<{
  readonly value: T;
  readonly etag?: string | null;
  /** `false` for what is too large. */
  readonly keep?: boolean;
  readonly revalidated?: boolean;
}>;

/** What a cached store and its child stores share. */
export class CacheState {
  /** The limits. */
  readonly limits: CacheLimits;
  #hits = 0;
  #misses = 0;
  #revalidations = 0;
  readonly #backend: CacheBackend;
  readonly #flights = new Flights();
  /** Set when the cache could not be told of a change, or is closed: nothing comes out of it. */
  #distrusted = false;

  constructor(backend: CacheBackend, limits: CacheLimits) {
    this.#backend = backend;
    this.limits = limits;
  }

  /** Returns what the cache has done so far. */
  async stats(): Promise<CacheStats> {
    return Object.freeze({
      hits: this.#hits,
      misses: this.#misses,
      revalidations: this.#revalidations,
      size: this.#distrusted ? 0 : await this.#backend.size(),
    });
  }

  /** Returns what the cache has, or what `fetch` gives, asked once for all who wait. */
  async through<T extends CacheValue>(
    key: CacheKey,
    signal: AbortSignal | undefined,
    fetch: Fetcher<T>,
  ): Promise<T> {
    return await this.#flights.join(key, signal, async (signal, keep) => {
      // A cache that fails is as good as empty.
      const old = await this.#get(key).catch(() => undefined);
      const { ttl, staleTtl } = this.limits;
      const left = (old?.freshUntil ?? 0) - Date.now();
      // More than there can be: the clock was set back.
      if (old !== undefined && left > 0 && left <= ttl) {
        this.#hits++;
        return old.value as T;
      }
      const fetched = await fetch(signal, old);
      if (fetched.revalidated) this.#revalidations++;
      else this.#misses++;
      const { value, etag = null } = fetched;
      const entry = { value, etag, freshUntil: Date.now() + ttl };
      if (fetched.keep !== false && !this.#distrusted) {
        await keep(() => this.#backend.set(key, entry, ttl + staleTtl));
      }
      return value;
    });
  }

  async #get(key: CacheKey): Promise<CacheEntry | undefined> {
    return this.#distrusted ? undefined : await this.#backend.get(key);
  }

  /** Runs a change of a path, then drops what it may have changed; `null` stands for all. */
  change<T>(path: string | null, work: () => Promise<T>): Promise<T> {
    const line = path === null ? null : lineOf(path);
    return this.#flights.change(
      (key) => line === null || touches(line, key),
      work,
      () => this.#drop(line),
    );
  }

  /** Runs the end of the store. What is kept may serve another one, and is used here no more. */
  close(work: () => Promise<void>): Promise<void> {
    return this.#flights.change(() => true, work, () => {
      this.#distrusted = true;
    });
  }

  async #drop(line: readonly string[] | null): Promise<void> {
    try {
      if (line === null) {
        await this.#backend.clear();
        this.#distrusted = false;
      } else {
        await Promise.all([
          this.#backend.clearPrefix(LISTINGS),
          ...line.flatMap((at) =>
            PATH_OPERATIONS.map((name) => this.#backend.delete([name, at]))
          ),
        ]);
      }
    } catch {
      // The change itself has its own outcome; from now on the store is asked.
      this.#distrusted = true;
    }
  }
}
