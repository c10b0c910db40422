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
const BASE = "https://remote-store.invalid/";

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
 * import { WebCache } from "@remote-store/core/ext/cache";
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
 * const web = new WebCache(storage, "bucket-a");
 * assertEquals(await web.get(["exists", "a.txt"]), undefined);
 * ```
 */
export class WebCache implements CacheBackend {
  readonly #storage: WebCacheStorage;
  readonly #namesUrl: string;
  /** One renaming after the other, or one would undo the other. */
  #renaming: Promise<void> = Promise.resolve();

  /**
   * Creates a cache.
   *
   * @param name Tells the entries of this store from those of others in the same storage.
   */
  constructor(storage: WebCacheStorage, name: string) {
    this.#storage = storage;
    this.#namesUrl = `${BASE}?store=${encodeURIComponent(name)}`;
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
  clearPrefix(operation: string): Promise<void> {
    return this.#rename(operation);
  }

  /** Drops all entries. */
  clear(): Promise<void> {
    return this.#rename(ALL);
  }

  /** Returns `null`: the Cache API does not count. */
  size(): null {
    return null;
  }

  async #urlOf(key: CacheKey): Promise<string> {
    const names = await this.#names();
    const place = [names[ALL], names[key[0]], ...key];
    return `${this.#namesUrl}&key=${encodeURIComponent(JSON.stringify(place))}`;
  }

  // Kept beside the entries, so that every isolate sees when another one clears.
  async #names(): Promise<Record<string, string>> {
    return await (await this.#storage.match(this.#namesUrl))?.json() ?? {};
  }

  #rename(operation: string): Promise<void> {
    const renamed = this.#renaming.then(async () => {
      const names = operation === ALL ? {} : await this.#names();
      const headers = { "cache-control": "max-age=31536000" };
      const response = Response.json({
        ...names,
        [operation]: crypto.randomUUID(),
      }, { headers });
      await this.#storage.put(this.#namesUrl, response);
    });
    this.#renaming = renamed.catch(() => {});
    return renamed;
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
