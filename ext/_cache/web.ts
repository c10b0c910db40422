// This module is browser compatible.
import { ContentDigest, type KnownOptions, requireKnown } from "../../mod.ts";
import type { CacheBackend, CacheEntry, CacheKey } from "./backend.ts";
import { Flights } from "./flights.ts";
import {
  EVERYTHING,
  limitOf,
  LISTINGS,
  PATH_OPERATIONS,
  topicOf,
  topicsOf,
} from "./values.ts";

/** What {@linkcode WebCache} needs of a `Cache`: what `caches.open()` gives, or `caches.default`. */
export interface WebCacheStorage {
  /** Returns the answer that is kept for a URL. */
  match(url: string): Promise<Response | undefined>;
  /** Keeps an answer. */
  put(url: string, response: Response): Promise<void>;
  /** Drops an answer. */
  delete(url: string): Promise<boolean>;
  /** Returns the requests whose answers are kept, oldest first. Workers do not have it. */
  keys?(): Promise<readonly Pick<Request, "url">[]>;
}

/** Options of {@linkcode WebCache}. */
export interface WebCacheOptions {
  /**
   * How many answers are kept of this store; beyond that the oldest go. Each path has one
   * more than its entries. Held, to about an eighth, where the storage lists what it has;
   * Workers drop by themselves what was not used lately.
   *
   * @default {10_000}
   */
  readonly maxEntries?: number | undefined;
}

const KNOWN: KnownOptions<WebCacheOptions> = { maxEntries: "number" };

/** Nothing is ever asked of it: the domain is reserved (RFC 2606). */
const BASE = "https://store.invalid/";

/** The field with what an entry says beside its value. */
const ABOUT = "x-entry";

/**
 * Keeps entries in the Cache API, where they outlive the page and the isolate, and where
 * all tabs and isolates share them. Each entry is kept with a lease: names that stand
 * beside the entries, for its path, for listings and for all. A change drops the names,
 * so that an answer from before it is found by nobody, however late another tab keeps it.
 *
 * @example A cache in the browser or in a Worker
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { cache } from "@remote-store/core/ext/cache";
 * import { WebCache } from "@remote-store/core/ext/web-cache";
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
  readonly #maxEntries: number;
  readonly #naming = new Flights();
  /** How many answers were kept since the oldest were dropped. */
  #kept = Infinity;

  /**
   * Creates a cache.
   *
   * @param name Tells the entries of this store from those of others in the same storage.
   *
   * @throws {InvalidArgumentError} If `maxEntries` is no count.
   */
  constructor(
    storage: WebCacheStorage,
    name: string,
    options: WebCacheOptions = {},
  ) {
    requireKnown("create a cache", null, options, KNOWN);
    const { maxEntries = 10_000 } = options;
    this.#storage = storage;
    this.#base = `${BASE}?store=${encodeURIComponent(name)}&`;
    this.#maxEntries = limitOf("maxEntries", maxEntries, "a count");
  }

  /** Returns the names that an answer to this key hangs on, as they are now. */
  async lease(key: CacheKey): Promise<string> {
    const names = topicsOf(key).map((topic) => this.#nameOf(topic));
    return (await Promise.all(names)).join();
  }

  /** Drops the names of paths, and that of all listings; and what stands at the first path. */
  async revoke(paths: readonly string[]): Promise<void> {
    const [changed = ""] = paths;
    await this.#drop([
      ...[LISTINGS, ...paths.map(topicOf)].map(this.#nameUrl),
      ...PATH_OPERATIONS.map((operation) => this.#url([operation, changed])),
    ]);
  }

  /** Returns an entry; `undefined` where there is none, or its time or lease is over. */
  async get(key: CacheKey, lease?: string): Promise<CacheEntry | undefined> {
    const held = lease ?? await this.lease(key);
    const response = await this.#storage.match(this.#url(key));
    if (response === undefined) return undefined;
    const about = decodeURIComponent(response.headers.get(ABOUT) ?? "{}");
    const { expires, by, bytes, ...rest } = JSON.parse(about);
    if (!(expires > Date.now()) || by !== held) {
      await response.body?.cancel();
      return undefined;
    }
    const value = bytes
      ? new Uint8Array(await response.arrayBuffer())
      : JSON.parse(await response.text(), revive);
    return { ...rest, value };
  }

  /** Keeps an entry. */
  async set(
    key: CacheKey,
    entry: CacheEntry,
    ttl: number,
    lease?: string,
  ): Promise<void> {
    const { value, ...rest } = entry;
    const bytes = value instanceof Uint8Array;
    const by = lease ?? await this.lease(key);
    const about = { ...rest, by, bytes, expires: Date.now() + ttl };
    const headers = {
      "cache-control": `max-age=${Math.ceil(ttl / 1000)}`,
      // A field holds no letters beyond ASCII.
      [ABOUT]: encodeURIComponent(JSON.stringify(about)),
    };
    await this.#storage.put(
      this.#url(key),
      new Response(bytes ? value : JSON.stringify(value, replace), { headers }),
    );
    // Now and then: what is there has to be listed for it.
    if (++this.#kept > this.#maxEntries / 8) {
      this.#kept = 0;
      const urls = await this.#urls();
      await this.#drop(urls.slice(0, -this.#maxEntries));
    }
  }

  /** Drops an entry. */
  async delete(key: CacheKey): Promise<void> {
    await this.#drop([this.#url(key)]);
  }

  /** Drops all entries of an operation; all there are, where it is not that of listings. */
  async clearPrefix(operation: string): Promise<void> {
    await (operation === LISTINGS ? this.revoke([]) : this.clear());
  }

  /** Drops all entries. */
  async clear(): Promise<void> {
    await this.#drop([this.#nameUrl(EVERYTHING)]);
    await this.#drop(await this.#urls());
  }

  /** Returns `null`: the Cache API does not count. */
  size(): null {
    return null;
  }

  #url(key: CacheKey): string {
    return `${this.#base}key=${encodeURIComponent(JSON.stringify(key))}`;
  }

  readonly #nameUrl = (topic: string): string =>
    `${this.#base}name=${encodeURIComponent(topic)}`;

  async #drop(urls: readonly string[]): Promise<void> {
    await Promise.all(urls.map((url) => this.#storage.delete(url)));
  }

  /** Returns where this store's answers are, oldest first; none where nothing is listed. */
  async #urls(): Promise<string[]> {
    const all = await this.#storage.keys?.() ?? [];
    return all.map(({ url }) => url).filter((url) =>
      url.startsWith(this.#base)
    );
  }

  // One that is lost is made anew: a fixed one would bring back what was dropped. It holds
  // for what is asked for after it was found, and so after each change that had ended.
  async #nameOf(topic: string): Promise<string> {
    const url = this.#nameUrl(topic);
    const known = await this.#storage.match(url);
    if (known) return await known.text();
    // Once for all who miss it, or each would make void what the one before has kept.
    await this.#naming.join(url, [], undefined, async () => {
      const headers = { "cache-control": "max-age=99999999" };
      const name = new Response(crypto.randomUUID(), { headers });
      await this.#storage.put(url, name);
      this.#kept++;
    });
    const made = await this.#storage.match(url);
    if (made) return await made.text();
    throw new Error(
      "a change has dropped the name, or the storage keeps nothing",
    );
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
