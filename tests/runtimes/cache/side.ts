/**
 * One of several that share a cache: a tab, an isolate, or a second store in one place.
 *
 * @module
 */
import { cache, type CachedStore } from "../../../ext/cache.ts";
import {
  type Forward,
  ProxyStore,
  type StoreCall,
} from "../../../ext/proxy.ts";
import { WebCache, type WebCacheStorage } from "../../../ext/web_cache.ts";
import type { FileInfo, FolderEntry, StoreLike } from "../../../mod.ts";

/** What is raced: a read against a change of what it reads. */
export const KINDS = ["write", "delete", "listing"] as const;

/** One of {@linkcode KINDS}. */
export type Kind = (typeof KINDS)[number];

/** What a side is asked to do. */
export type Job =
  | {
    readonly act: "seed" | "change";
    readonly kind: Kind;
    readonly index: number;
  }
  | {
    readonly act: "read";
    readonly kind: Kind;
    readonly index: number;
    /** How long the store's answer takes to arrive, in milliseconds. */
    readonly delay?: number;
  }
  | { readonly act: "churn"; readonly rounds: number }
  | { readonly act: "clear" | "count" | "hits" };

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A store whose answers arrive late: they were true when they were made. */
class LateStore extends ProxyStore {
  readonly #delays: Map<string, number>;

  constructor(inner: StoreLike, delays: Map<string, number>) {
    super(inner);
    this.#delays = delays;
  }

  child(path: string): LateStore {
    return new LateStore(this.inner.child(path), this.#delays);
  }

  protected override async forward<T>(
    call: StoreCall,
    work: Forward<Promise<T>>,
  ): Promise<T> {
    const delay = this.#delays.get(call.path) ?? 0;
    const answer = work(call.options);
    if (call.method === "readBytes") {
      await answer.catch(() => {});
      await pause(delay);
    }
    return await answer;
  }

  protected override forwardListing<T extends FileInfo | FolderEntry>(
    call: StoreCall,
    work: Forward<AsyncIterable<T>>,
  ): AsyncIterable<T> {
    const delays = this.#delays;
    return {
      async *[Symbol.asyncIterator]() {
        const delay = delays.get(call.path) ?? 0;
        const all = await Array.fromAsync(work(call.options));
        await pause(delay);
        yield* all;
      },
    };
  }
}

/** Returns what does the jobs of one side. */
export function sideOf(
  inner: StoreLike,
  storage: WebCacheStorage,
  name: string,
  maxEntries?: number,
): (job: Job) => Promise<string> {
  const delays = new Map<string, number>();
  const backend = new WebCache(storage, name, { maxEntries });
  const store = cache(new LateStore(inner, delays), { backend });
  return async (job) => {
    switch (job.act) {
      case "seed":
        await inner.write(fileOf(job), "old");
        return "";
      case "change":
        await change(store, job);
        return "";
      case "read":
        delays.set(placeOf(job), job.delay ?? 0);
        return await read(store, job);
      case "churn":
        for (let i = 0; i < job.rounds; i++) {
          await store.write("churn/a", `${i}`, { overwrite: true });
          await Array.fromAsync(store.listFiles("churn", { recursive: true }));
          await store.readText("churn/a");
        }
        return "";
      case "clear":
        await store.clearCache();
        return "";
      case "count": {
        const requests = await storage.keys?.();
        return `${requests?.filter(({ url }) => url.includes(name)).length}`;
      }
      case "hits":
        return `${(await store.stats()).hits}`;
    }
  };
}

/** Returns what a side sees once the change has been made. */
export function expected(kind: Kind): string {
  return { write: "new", delete: "gone", listing: "a,b" }[kind];
}

type Place = { readonly kind: Kind; readonly index: number };

const placeOf = ({ kind, index }: Place) =>
  kind === "listing" ? `listing/${index}` : `${kind}/${index}/a`;

const fileOf = ({ kind, index }: Place) => `${kind}/${index}/a`;

async function change(store: CachedStore, at: Place): Promise<void> {
  if (at.kind === "delete") return await store.delete(fileOf(at));
  const path = at.kind === "write" ? fileOf(at) : `${placeOf(at)}/b`;
  await store.write(path, "new", { overwrite: true });
}

async function read(store: CachedStore, at: Place): Promise<string> {
  if (at.kind === "listing") {
    const files = await Array.fromAsync(store.listFiles(placeOf(at)));
    return files.map(({ name }) => name).sort().join();
  }
  try {
    return await store.readText(fileOf(at));
  } catch (error) {
    if ((error as { code?: string }).code === "NotFound") return "gone";
    throw error;
  }
}
