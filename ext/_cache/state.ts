// This module is browser compatible.
import type {
  CacheBackend,
  CacheEntry,
  CacheKey,
  CacheValue,
} from "./backend.ts";
import { Flights } from "./flights.ts";
import {
  EVERYTHING,
  lineOf,
  LISTINGS,
  PATH_OPERATIONS,
  topicOf,
  topicsOf,
} from "./values.ts";

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
  signal: AbortSignal | undefined,
  old: CacheEntry | null | undefined,
) => Promise<{
  readonly value: T;
  readonly etag?: string | null;
  readonly revalidated?: boolean;
}>;

/** Stores over one cache know of each other's changes. */
const FLIGHTS = new WeakMap<CacheBackend, Flights>();

/** What a cached store and its child stores share. */
export class CacheState {
  /** The limits. */
  readonly limits: CacheLimits;
  readonly #counts = { hits: 0, misses: 0, revalidations: 0 };
  readonly #backend: CacheBackend;
  readonly #flights: Flights;
  /** Set when the cache could not be told of a change, or is closed: nothing comes out of it. */
  #distrusted = false;

  constructor(backend: CacheBackend, limits: CacheLimits) {
    this.#backend = backend;
    this.limits = limits;
    this.#flights = FLIGHTS.get(backend) ?? new Flights();
    FLIGHTS.set(backend, this.#flights);
  }

  /** Returns what the cache has done so far. */
  async stats(): Promise<CacheStats> {
    return Object.freeze({
      ...this.#counts,
      size: this.#distrusted ? 0 : await this.#backend.size(),
    });
  }

  /** Returns what the cache has, or what `fetch` gives, asked once for all who wait. */
  through<T extends CacheValue>(
    key: CacheKey,
    signal: AbortSignal | undefined,
    fetch: Fetcher<T>,
  ): Promise<T> {
    // A cache that gives none is not waited for: each wait is kept as long as the request.
    return this.#distrusted || this.#backend.lease
      ? Promise.resolve(this.#asked(() => this.#backend.lease?.(key)))
        .then((lease) => this.#through(key, lease, signal, fetch))
      : this.#through(key, undefined, signal, fetch);
  }

  #through<T extends CacheValue>(
    key: CacheKey,
    lease: string | null | undefined,
    signal: AbortSignal | undefined,
    fetch: Fetcher<T>,
  ): Promise<T> {
    // Who began before another tab's change has another lease: nobody joins that one, nor
    // one without a lease.
    const id = lease === null && this.#backend.lease
      ? {}
      : JSON.stringify([lease, key]);
    return this.#flights.join(id, topicsOf(key), signal, async (
      signal,
      keep,
    ) => {
      const { ttl, staleTtl, maxContentSize } = this.limits;
      const old = lease === null
        ? null
        : await this.#asked(() => this.#backend.get(key, lease));
      const left = old ? old.freshUntil - Date.now() : 0;
      // More than there can be: the clock was set back.
      if (old && left > 0 && left <= ttl) {
        this.#counts.hits++;
        return old.value as T;
      }
      const fetched = await fetch(signal, old);
      this.#counts[fetched.revalidated ? "revalidations" : "misses"]++;
      const { value, etag = null } = fetched;
      const entry = { value, etag, freshUntil: Date.now() + ttl };
      const fits = !(value instanceof Uint8Array) ||
        value.byteLength <= maxContentSize;
      if (fits && lease !== null) {
        // A cache that fails costs a request the next time, and nothing now.
        await keep(() =>
          this.#asked(() =>
            this.#backend.set(key, entry, ttl + staleTtl, lease)
          )
        );
      }
      return value;
    });
  }

  /** Asks the cache: one that fails, or is not trusted, is as good as empty. */
  #asked<T>(ask: () => T | Promise<T>): T | null | Promise<T | null> {
    if (this.#distrusted) return null;
    try {
      const told = ask();
      const isLate = typeof (told as Promise<T> | null)?.then === "function";
      return isLate ? Promise.resolve(told).catch(() => null) : told;
    } catch {
      return null;
    }
  }

  /** Runs a change of a path, then drops what it may have changed; `null` stands for all. */
  change<T>(path: string | null, work: () => Promise<T>): Promise<T> {
    const line = path === null ? null : lineOf(path);
    const topics = line?.map(topicOf).concat(LISTINGS) ?? [EVERYTHING];
    return this.#flights.change(topics, work, () => this.#drop(line));
  }

  /** Runs the end of the store. What is kept may serve another one, and is used here no more. */
  close(work: () => Promise<void>): Promise<void> {
    return this.#flights.change([EVERYTHING], work, () => {
      this.#distrusted = true;
    });
  }

  async #drop(line: readonly string[] | null): Promise<void> {
    try {
      if (line === null) {
        await this.#backend.clear();
        this.#distrusted = false;
      } else if (this.#backend.revoke) {
        await this.#backend.revoke(line);
      } else {
        const told = [
          this.#backend.clearPrefix(LISTINGS),
          ...line.flatMap((at) =>
            PATH_OPERATIONS.map((name) => this.#backend.delete([name, at]))
          ),
        ].filter((one) => one !== undefined);
        // Calls that wait for nothing are many in flight.
        if (told.length > 0) await Promise.all(told);
      }
    } catch {
      // The change itself has its own outcome; from now on the store is asked.
      this.#distrusted = true;
    }
  }
}
