// This module is browser compatible.
import {
  asyncDispose,
  type AtomicWriter,
  type CallOptions,
  type Capability,
  type DeleteFolderOptions,
  type DeleteManyOptions,
  type DeleteOptions,
  type FileInfo,
  type FolderEntry,
  type FolderInfo,
  type FolderInfoOptions,
  type HeadResult,
  type ListFilesOptions,
  type ListFoldersOptions,
  normalizePath,
  type OpenAtomicOptions,
  type OpenFile,
  type OpenOptions,
  type ReadOptions,
  type ReadTextOptions,
  type RemoteBlob,
  type ResolvedPath,
  type StoreLike,
  type TransferOptions,
  type WriteContent,
  type WriteOptions,
  type WriteResult,
} from "../../mod.ts";
import type { CacheKey, CacheValue } from "./backend.ts";
import { cachedListing, listingKey } from "./listing.ts";
import { revalidate } from "./revalidate.ts";
import type { CacheState, CacheStats } from "./state.ts";
import { atPath, decodeText, ownCopy } from "./values.ts";
import { CachedWriter } from "./writer.ts";

/**
 * A store that remembers what another one answered. What it is told to write, delete,
 * move or copy it passes on, and forgets what that may have changed.
 */
export class CachedStore implements StoreLike {
  readonly #inner: StoreLike;
  readonly #state: CacheState;
  readonly #root: string;

  /** Creates a store over `inner`; `root` is where a child stands below the first one. */
  constructor(inner: StoreLike, state: CacheState, root = "") {
    this.#inner = inner;
    this.#state = state;
    this.#root = root;
  }

  /** The store whose answers are remembered. */
  get inner(): StoreLike {
    return this.#inner;
  }

  /** Returns what the cache has done so far, child stores included. */
  stats(): Promise<CacheStats> {
    return this.#state.stats();
  }

  /** Forgets a path, the folders above it and all listings: after a change by somebody else. */
  async invalidate(path: string): Promise<void> {
    // Refuses what is no path.
    this.#inner.resolve(path);
    await this.#changed(path, async () => {});
  }

  /** Forgets everything, child stores' answers too. */
  clearCache(): Promise<void> {
    return this.#state.change(null, async () => {});
  }

  /** Opens a file as a stream. Not cached; see {@linkcode StoreLike.read}. */
  read(
    path: string,
    options?: ReadOptions,
  ): Promise<ReadableStream<Uint8Array>> {
    return this.#inner.read(path, options);
  }

  /** Opens a file with its info. Not cached; see {@linkcode StoreLike.open}. */
  open(path: string, options?: OpenOptions): Promise<OpenFile> {
    return this.#inner.open(path, options);
  }

  /** Reads a file into memory. Cached as a whole; see {@linkcode StoreLike.readBytes}. */
  async readBytes(
    path: string,
    options: ReadOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { range, ifMatch, signal } = options;
    const key = this.#keyOf("readBytes", path);
    if (key === null || range !== undefined || ifMatch !== undefined) {
      return await this.#inner.readBytes(path, options);
    }
    const { staleTtl, maxContentSize } = this.#state.limits;
    const bytes = await this.#state.through(
      key,
      signal,
      async (signal, old) => {
        const fetched = staleTtl === 0
          ? { value: await this.#inner.readBytes(path, { signal }) }
          : await revalidate(this.#inner, path, signal, old);
        const keep = fetched.value.byteLength <= maxContentSize;
        return { ...fetched, keep };
      },
    );
    return ownCopy(bytes);
  }

  /** Reads a file as UTF-8, from the cached bytes; see {@linkcode StoreLike.readText}. */
  async readText(path: string, options: ReadTextOptions = {}): Promise<string> {
    const { ifMatch, signal } = options;
    return decodeText(await this.readBytes(path, { ifMatch, signal }));
  }

  /** Returns a lazy handle on a file. Not cached; see {@linkcode StoreLike.openBlob}. */
  openBlob(path: string, options?: CallOptions): Promise<RemoteBlob> {
    return this.#inner.openBlob(path, options);
  }

  /** Writes a file; see {@linkcode StoreLike.write}. */
  write(
    path: string,
    content: WriteContent,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.#changed(path, () => this.#inner.write(path, content, options));
  }

  /** Writes text as UTF-8; see {@linkcode StoreLike.writeText}. */
  writeText(
    path: string,
    text: string,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.#changed(
      path,
      () => this.#inner.writeText(path, text, options),
    );
  }

  /** Writes all or nothing; see {@linkcode StoreLike.writeAtomic}. */
  writeAtomic(
    path: string,
    content: WriteContent,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    const work = () => this.#inner.writeAtomic(path, content, options);
    return this.#changed(path, work);
  }

  /** Opens a file for writing in pieces; see {@linkcode StoreLike.openAtomic}. */
  async openAtomic(
    path: string,
    options?: OpenAtomicOptions,
  ): Promise<AtomicWriter> {
    const writer = await this.#inner.openAtomic(path, options);
    return new CachedWriter(writer, (work) => this.#changed(path, work));
  }

  /** Deletes a file; see {@linkcode StoreLike.delete}. */
  delete(path: string, options?: DeleteOptions): Promise<void> {
    return this.#changed(path, () => this.#inner.delete(path, options));
  }

  /** Deletes many files; see {@linkcode StoreLike.deleteMany}. */
  deleteMany(
    paths: Iterable<string>,
    options?: DeleteManyOptions,
  ): Promise<ReadonlyMap<string, unknown>> {
    return this.#state.change(
      null,
      () => this.#inner.deleteMany(paths, options),
    );
  }

  /** Deletes a folder; see {@linkcode StoreLike.deleteFolder}. */
  deleteFolder(path: string, options?: DeleteFolderOptions): Promise<void> {
    return this.#state.change(
      null,
      () => this.#inner.deleteFolder(path, options),
    );
  }

  /** Returns whether a file or folder exists. Cached; see {@linkcode StoreLike.exists}. */
  exists(path: string, options?: CallOptions): Promise<boolean> {
    return this.#probed("exists", path, options);
  }

  /** Returns whether a file exists. Cached; see {@linkcode StoreLike.isFile}. */
  isFile(path: string, options?: CallOptions): Promise<boolean> {
    return this.#probed("isFile", path, options);
  }

  /** Returns whether a folder exists. Cached; see {@linkcode StoreLike.isFolder}. */
  isFolder(path: string, options?: CallOptions): Promise<boolean> {
    return this.#probed("isFolder", path, options);
  }

  /** Lists files. Cached as a whole; see {@linkcode StoreLike.listFiles}. */
  listFiles(path: string, options?: ListFilesOptions): AsyncIterable<FileInfo> {
    return this.#listed("listFiles", path, options);
  }

  /** Lists folders. Cached as a whole; see {@linkcode StoreLike.listFolders}. */
  listFolders(
    path: string,
    options?: ListFoldersOptions,
  ): AsyncIterable<FolderEntry> {
    return this.#listed("listFolders", path, options);
  }

  /** Lists files and folders. Cached as a whole; see {@linkcode StoreLike.iterChildren}. */
  iterChildren(
    path: string,
    options?: CallOptions,
  ): AsyncIterable<FileInfo | FolderEntry> {
    return this.#listed("iterChildren", path, options);
  }

  /** Lists what matches a pattern. Cached as a whole; see {@linkcode StoreLike.glob}. */
  glob(pattern: string, options?: CallOptions): AsyncIterable<FileInfo> {
    return this.#listed("glob", pattern, options);
  }

  /** Returns what is known of a file. Cached; see {@linkcode StoreLike.getFileInfo}. */
  async getFileInfo(path: string, options?: CallOptions): Promise<FileInfo> {
    const info = await this.#asked(
      this.#keyOf("getFileInfo", path),
      options,
      (options) => this.#inner.getFileInfo(path, options),
    );
    // A child store may have asked: its path is another one.
    return atPath(info, normalizePath(path));
  }

  /** Sums up a folder. Cached; see {@linkcode StoreLike.getFolderInfo}. */
  getFolderInfo(
    path: string,
    options: FolderInfoOptions = {},
  ): Promise<FolderInfo> {
    return this.#asked(
      listingKey("getFolderInfo", this.#root, path, options),
      options,
      ({ signal }) => this.#inner.getFolderInfo(path, { ...options, signal }),
    );
  }

  /** Returns a file in the shape of a write result. Not cached; see {@linkcode StoreLike.head}. */
  head(path: string, options?: CallOptions): Promise<HeadResult> {
    return this.#inner.head(path, options);
  }

  /** Moves a file; see {@linkcode StoreLike.move}. */
  move(
    source: string,
    target: string,
    options?: TransferOptions,
  ): Promise<void> {
    const work = () => this.#inner.move(source, target, options);
    return this.#state.change(null, work);
  }

  /** Copies a file; see {@linkcode StoreLike.copy}. */
  copy(
    source: string,
    target: string,
    options?: TransferOptions,
  ): Promise<void> {
    return this.#state.change(
      null,
      () => this.#inner.copy(source, target, options),
    );
  }

  /** Asks for a sign of life; see {@linkcode StoreLike.ping}. */
  ping(options?: CallOptions): Promise<void> {
    return this.#inner.ping(options);
  }

  /** Returns whether the backend declares a capability. */
  supports(capability: Capability): boolean {
    return this.#inner.supports(capability);
  }

  /** Returns where a path leads; see {@linkcode StoreLike.resolve}. */
  resolve(path: string): ResolvedPath {
    return this.#inner.resolve(path);
  }

  /** Returns what the service calls a path; see {@linkcode StoreLike.nativePath}. */
  nativePath(path: string): string {
    return this.#inner.nativePath(path);
  }

  /** Returns the path of a native path; see {@linkcode StoreLike.toKey}. */
  toKey(nativePath: string): string {
    return this.#inner.toKey(nativePath);
  }

  /** Returns a native handle; see {@linkcode StoreLike.unwrap}. What it changes is not noticed. */
  unwrap<T>(type: abstract new (...args: never[]) => T): T {
    return this.#inner.unwrap(type);
  }

  /** Returns a store over a folder of this one, with the same cache; see {@linkcode StoreLike.child}. */
  child(path: string): CachedStore {
    const root = this.#below(path) ?? "";
    return new CachedStore(this.#inner.child(path), this.#state, root);
  }

  /** Returns whether `other` is a cached store over the same backend and root. */
  equals(other: unknown): boolean {
    return other instanceof CachedStore && this.#inner.equals(other.#inner);
  }

  /**
   * Closes the store below, and uses the cache no more: see {@linkcode StoreLike.close}.
   * A cache of the caller's own keeps what it has. Closing a child store changes nothing.
   */
  close(): Promise<void> {
    const work = () => this.#inner.close();
    return this.#root === "" ? this.#state.close(work) : work();
  }

  /** Closes the store below. */
  async [asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Returns the store's own text. */
  toString(): string {
    return `Cached${this.#inner}`;
  }

  /** Returns a path from the root of the cache; `null` where it is none. */
  #below(path: string): string | null {
    try {
      const key = normalizePath(path);
      return this.#root === "" ? key : `${this.#root}/${key}`;
    } catch {
      // The root, or wrong: the store says which.
      return null;
    }
  }

  #keyOf(operation: string, path: string): [string, string] | null {
    const at = this.#below(path);
    return at === null ? null : [operation, at];
  }

  #probed(
    method: "exists" | "isFile" | "isFolder",
    path: string,
    options: CallOptions | undefined,
  ): Promise<boolean> {
    const ask = (options: CallOptions) => this.#inner[method](path, options);
    return this.#asked(this.#keyOf(method, path), options, ask);
  }

  async #asked<T extends CacheValue>(
    key: CacheKey | null,
    options: CallOptions | undefined,
    ask: (options: CallOptions) => Promise<T>,
  ): Promise<T> {
    if (key === null) return await ask(options ?? {});
    const value = await this.#state.through(
      key,
      options?.signal,
      async (signal) => ({ value: await ask({ signal }) }),
    );
    return ownCopy(value);
  }

  #listed<M extends "listFiles" | "listFolders" | "iterChildren" | "glob">(
    method: M,
    asked: string,
    options: CallOptions = {},
  ): ReturnType<StoreLike[M]> {
    return cachedListing<FileInfo | FolderEntry>(
      this.#state,
      listingKey(method, this.#root, asked, options),
      options,
      (options) => this.#inner[method](asked, options),
    ) as ReturnType<StoreLike[M]>;
  }

  #changed<T>(path: string, work: () => Promise<T>): Promise<T> {
    // What is no path of a file is refused, or the root that is to be forgotten.
    return this.#state.change(this.#below(path) ?? this.#root, work);
  }
}
