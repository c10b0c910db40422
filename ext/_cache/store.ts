// This module is browser compatible.
import {
  type AtomicWriter,
  type FileInfo,
  type FileInfoOptions,
  type FolderEntry,
  joinPath,
  type MultipartUpload,
  normalizePath,
  type OpenAtomicOptions,
  type OpenUploadOptions,
  type ReadTextOptions,
  type StoreLike,
} from "../../mod.ts";
import type { Forward, StoreCall } from "../_proxy/call.ts";
import { ProxyStore } from "../_proxy/store.ts";
import type { CacheKey, CacheValue } from "./backend.ts";
import { cachedListing, listingKey } from "./listing.ts";
import { revalidate } from "./revalidate.ts";
import type { CacheState, CacheStats } from "./state.ts";
import { CachedUpload } from "./upload.ts";
import { asksMore, atPath, decodeText, ownCopy } from "./values.ts";
import { CachedWriter } from "./writer.ts";

/** The calls that wait and neither come out of the cache nor change what is in it. */
type Passed =
  | "read"
  | "open"
  | "readText"
  | "openBlob"
  | "openAtomic"
  | "openUpload"
  | "head"
  | "ping"
  | "close";

/** The calls that go another way. */
type Elsewhere =
  | "listFiles"
  | "listFolders"
  | "iterChildren"
  | "glob"
  | "supports"
  | "resolve"
  | "nativePath"
  | "toKey"
  | "unwrap"
  | "child"
  | "equals";

/**
 * A store that remembers what another one answered. What it is told to write, delete,
 * move or copy it passes on, and forgets what that may have changed. A call with an option
 * that no answer was remembered for is passed on as it is.
 */
export class CachedStore extends ProxyStore {
  readonly #state: CacheState;
  readonly #root: string;

  /** Creates a store over `inner`; `root` is where a child stands below the first one. */
  constructor(inner: StoreLike, state: CacheState, root = "") {
    super(inner);
    this.#state = state;
    this.#root = root;
  }

  /** Returns what the cache has done so far, child stores included. */
  stats(): Promise<CacheStats> {
    return this.#state.stats();
  }

  /** Forgets a path, the folders above it and all listings: after a change by somebody else. */
  async invalidate(path: string): Promise<void> {
    // Refuses what is no path.
    this.inner.resolve(path);
    await this.#changed(path, async () => {});
  }

  /** Forgets everything, child stores' answers too. */
  clearCache(): Promise<void> {
    return this.#state.change(null, async () => {});
  }

  /** Reads a file as UTF-8, from the cached bytes; see {@linkcode StoreLike.readText}. */
  override async readText(
    path: string,
    options?: ReadTextOptions,
  ): Promise<string> {
    return asksMore(options)
      ? await super.readText(path, options)
      : decodeText(await this.readBytes(path, options));
  }

  /** Opens a file for writing in pieces; see {@linkcode StoreLike.openAtomic}. */
  override async openAtomic(
    path: string,
    options?: OpenAtomicOptions,
  ): Promise<AtomicWriter> {
    const writer = await super.openAtomic(path, options);
    return new CachedWriter(writer, (work) => this.#changed(path, work));
  }

  /** Opens an upload in parts; see {@linkcode StoreLike.openUpload}. */
  override async openUpload(
    path: string,
    options: OpenUploadOptions,
  ): Promise<MultipartUpload> {
    const upload = await super.openUpload(path, options);
    return new CachedUpload(upload, (work) => this.#changed(path, work));
  }

  /** Returns what is known of a file. Cached; see {@linkcode StoreLike.getFileInfo}. */
  override getFileInfo(
    path: string,
    options?: FileInfoOptions & { readonly missingOk?: false | undefined },
  ): Promise<FileInfo>;
  /** Returns what is known of a file, or `null`. Not cached; see {@linkcode StoreLike.getFileInfo}. */
  override getFileInfo(
    path: string,
    options: FileInfoOptions,
  ): Promise<FileInfo | null>;
  override async getFileInfo(
    path: string,
    options: FileInfoOptions = {},
  ): Promise<FileInfo | null> {
    const info = await super.getFileInfo(path, options);
    // A child store may have asked: its path is another one.
    return info && atPath(info, normalizePath(path));
  }

  /** Returns a store over a folder of this one, with the same cache; see {@linkcode StoreLike.child}. */
  child(path: string): CachedStore {
    const child = this.inner.child(path);
    return new CachedStore(child, this.#state, joinPath(this.#root, path));
  }

  /**
   * Closes the store below, and uses the cache no more: see {@linkcode StoreLike.close}.
   * A cache of the caller's own keeps what it has. Closing a child store changes nothing.
   */
  override close(): Promise<void> {
    const work = () => super.close();
    return this.#root === "" ? this.#state.close(work) : work();
  }

  /** Returns the store's own text. */
  override toString(): string {
    return `Cached${this.inner}`;
  }

  /** Forgets what a change may have changed; looks up what is remembered. */
  protected override forward<T>(
    call: StoreCall,
    work: Forward<Promise<T>>,
  ): Promise<T> {
    const { method, path, options } = call;
    const go = () => work(options);
    switch (method) {
      case "write":
      case "writeText":
      case "writeAtomic":
      case "delete":
      case "createFolder":
        return this.#changed(path, go);
      case "deleteMany":
      case "deleteFolder":
      case "move":
      case "copy":
        return this.#state.change(null, go);
      case "exists":
      case "isFile":
      case "isFolder":
      case "readBytes":
      case "getFileInfo":
      case "getFolderInfo":
        return this.#asked(call, work);
      default:
        // Does not compile where a method is new: it may change what is remembered.
        method satisfies Passed | Elsewhere;
        return go();
    }
  }

  /** Looks a listing up, or asks for it as a whole. */
  protected override forwardListing<T extends FileInfo | FolderEntry>(
    { method, path, options = {} }: StoreCall,
    work: Forward<AsyncIterable<T>>,
  ): AsyncIterable<T> {
    const key = listingKey(method, this.#root, path, options);
    return cachedListing(this.#state, key, options, work);
  }

  /** Returns a path from the root of the cache; `null` where it is none. */
  #below(path: string): string | null {
    try {
      return joinPath(this.#root, normalizePath(path));
    } catch {
      // The root, or wrong: the store says which.
      return null;
    }
  }

  #asked<T>(
    { method, path, options }: StoreCall,
    work: Forward<Promise<T>>,
  ): Promise<T> {
    const state = this.#state;
    const at = asksMore(options) ? null : this.#below(path);
    let key: CacheKey | null = at === null ? null : [method, at];
    try {
      if (method === "getFolderInfo") {
        key = listingKey(method, this.#root, path, options);
      }
    } catch (error) {
      return Promise.reject(error);
    }
    if (key === null) return work(options);
    const value = state.through(
      key,
      options?.signal,
      async (signal, old) =>
        method === "readBytes" && state.limits.staleTtl > 0
          ? await revalidate(this.inner, path, signal, old)
          : { value: await work({ ...options, signal }) as CacheValue },
    );
    return value.then(ownCopy) as Promise<T>;
  }

  #changed<T>(path: string, work: () => Promise<T>): Promise<T> {
    // What is no path of a file is refused, or the root that is to be forgotten.
    return this.#state.change(this.#below(path) ?? this.#root, work);
  }
}
