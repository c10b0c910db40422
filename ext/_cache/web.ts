// This module is browser compatible.
import { ContentDigest } from "../../mod.ts";
import type { CacheBackend, CacheEntry, CacheKey } from "./backend.ts";

/** What {@linkcode WebCache} needs of a `Cache`: what `caches.open()` gives, or `caches.default`. */
export interface WebCacheStorage {
  /** Returns the answer that is kept for a URL. */
  match(url: string): Promise<Response | undefined>;
  /** Keeps an answer. */
  put(url: string, response: Response): Promise<void>;
  /** Drops an answer. */
  delete(url: string): Promise<boolean>;
}

/** Nothing is ever asked of it: the domain is reserved (RFC 2606). */
const BASE = "https://store.invalid/";

/** The field with what an entry says beside its value. */
const ABOUT = "x-entry";

/** The name of all operations. */
const ALL = "";

/**
 * Keeps entries in the Cache API, where they outlive the page and the isolate. Clearing
 * starts a new set of names, because Workers cannot list what a cache holds; what had
 * the old names goes when its time is over.
 *
 * @example A cache in the browser or in a Worker
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { cache, WebCache } from "@remote-store/core/ext/cache";
 * import { assertEquals } from "@std/assert";
 *
 * // await caches.open("files"), or caches.default in Workers; here a stand-in:
 * const answers = new Map<string, Response>();
 * const storage = {
 *   match: (url: string) => Promise.resolve(answers.get(url)?.clone()),
 *   put: (url: string, response: Response) =>
 *     Promise.resolve(void answers.set(url, response)),
 *   delete: (url: string) => Promise.resolve(answers.delete(url)),
 * };
 * const store = cache(new Store({ backend: new MemoryBackend() }), {
 *   backend: new WebCache(storage, "bucket-a"),
 * });
 * await store.exists("a.txt");
 * await store.exists("a.txt");
 * assertEquals((await store.stats()).hits, 1);
 * ```
 */
export class WebCache implements CacheBackend {
  readonly #storage: WebCacheStorage;
  readonly #base: string;

  /**
   * Creates a cache.
   *
   * @param name Tells the entries of this store from those of others in the same storage.
   */
  constructor(storage: WebCacheStorage, name: string) {
    this.#storage = storage;
    this.#base = `${BASE}?store=${encodeURIComponent(name)}`;
  }

  /** Returns an entry; `undefined` where there is none, or its time is over. */
  async get(key: CacheKey): Promise<CacheEntry | undefined> {
    const response = await this.#storage.match(await this.#urlOf(key));
    if (response === undefined) return undefined;
    const about = decodeURIComponent(response.headers.get(ABOUT) ?? "{}");
    const { expires, bytes, ...rest } = JSON.parse(about);
    if (!(expires > Date.now())) {
      await response.body?.cancel();
      return undefined;
    }
    const value = bytes
      ? new Uint8Array(await response.arrayBuffer())
      : JSON.parse(await response.text(), revive);
    return { ...rest, value };
  }

  /** Keeps an entry. */
  async set(key: CacheKey, entry: CacheEntry, ttl: number): Promise<void> {
    const { value, ...rest } = entry;
    const bytes = value instanceof Uint8Array;
    const about = { ...rest, bytes, expires: Date.now() + ttl };
    const headers = {
      "cache-control": `max-age=${Math.ceil(ttl / 1000)}`,
      // A field holds no letters beyond ASCII.
      [ABOUT]: encodeURIComponent(JSON.stringify(about)),
    };
    await this.#storage.put(
      await this.#urlOf(key),
      new Response(bytes ? value : JSON.stringify(value, replace), { headers }),
    );
  }

  /** Drops an entry. */
  async delete(key: CacheKey): Promise<void> {
    await this.#storage.delete(await this.#urlOf(key));
  }

  /** Drops all entries of an operation. */
  async clearPrefix(operation: string): Promise<void> {
    await this.#rename(operation);
  }

  /** Drops all entries. */
  async clear(): Promise<void> {
    await this.#rename(ALL);
  }

  /** Returns `null`: the Cache API does not count. */
  size(): null {
    return null;
  }

  async #urlOf(key: CacheKey): Promise<string> {
    const names = await Promise.all([this.#nameOf(ALL), this.#nameOf(key[0])]);
    return this.#url("key", JSON.stringify([...names, ...key]));
  }

  #url(kind: string, what: string): string {
    return `${this.#base}&${kind}=${encodeURIComponent(what)}`;
  }

  // Kept beside the entries, so that every isolate sees when another one clears. One that
  // is lost is made anew: a fixed one would bring back what was cleared.
  async #nameOf(operation: string): Promise<string> {
    const kept = await this.#storage.match(this.#url("name", operation));
    return kept ? await kept.text() : await this.#rename(operation);
  }

  async #rename(operation: string): Promise<string> {
    const name = crypto.randomUUID();
    const headers = { "cache-control": "max-age=99999999" };
    const response = new Response(name, { headers });
    await this.#storage.put(this.#url("name", operation), response);
    return name;
  }
}

function replace(this: unknown, key: string, value: unknown): unknown {
  // A Date has become its text when `value` is asked for.
  const original = (this as Record<string, unknown>)[key];
  return original instanceof Date ? { $date: original.getTime() } : value;
}

function revive(key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { $date, algorithm, value: hex } = value as Record<string, unknown>;
  if (typeof $date === "number") return new Date($date);
  return key === "digest"
    ? new ContentDigest(algorithm as string, hex as string)
    : Object.freeze(value);
}
