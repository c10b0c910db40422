// This module is browser compatible.
import {
  asyncDispose,
  type AtomicWriter,
  type CallOptions,
  type Capability,
  type CopyOptions,
  type DeleteFolderOptions,
  type DeleteManyOptions,
  type DeleteOptions,
  type FileInfo,
  type FileInfoOptions,
  type FolderEntry,
  type FolderInfo,
  type FolderInfoOptions,
  type HeadResult,
  type ListFilesOptions,
  type ListFoldersOptions,
  type MultipartUpload,
  type OpenAtomicOptions,
  type OpenBlobOptions,
  type OpenFile,
  type OpenOptions,
  type OpenUploadOptions,
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
import type { Forward, StoreCall, StoreMethod } from "./call.ts";

/**
 * A store that forwards every call to another one: the base of proxies.
 *
 * Override a method to change that method, or one of `forward`, `forwardListing` and
 * `forwardNow` to see all calls: each goes through exactly one of them. No method calls
 * another one of the proxy: who changes `readBytes` has to change `readText` as well. What
 * is not changed passes untouched, options included. Closing it closes the store below.
 *
 * `child` is the proxy's own to write: a child store has to be what its parent is.
 *
 * @example A store that nobody can change
 * ```ts
 * import {
 *   type CallOptions,
 *   PermissionDeniedError,
 *   Store,
 *   type StoreLike,
 * } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import {
 *   type Forward,
 *   ProxyStore,
 *   type StoreCall,
 * } from "@remote-store/core/ext/proxy";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * // What reads, and no list of what writes: a method that is new is refused.
 * const READS = new Set<string>(["readBytes", "readText", "exists", "close"]);
 *
 * class ReadOnlyStore extends ProxyStore {
 *   protected override async forward<T>(call: StoreCall, work: Forward<Promise<T>>) {
 *     if (READS.has(call.method)) return await work(call.options);
 *     throw new PermissionDeniedError(`Cannot ${call.method}: the store is read-only`);
 *   }
 *   override child(path: string): StoreLike {
 *     return new ReadOnlyStore(this.inner.child(path));
 *   }
 * }
 *
 * const inner = new Store({ backend: new MemoryBackend() });
 * void await inner.write("a/b.txt", "B");
 * const store = new ReadOnlyStore(inner);
 * assertEquals(await store.child("a").readText("b.txt"), "B");
 * await assertRejects(() => store.delete("a/b.txt"), PermissionDeniedError);
 * ```
 */
export abstract class ProxyStore implements StoreLike {
  /** The store below. */
  readonly inner: StoreLike;

  /** Creates a proxy over a store. */
  constructor(inner: StoreLike) {
    this.inner = inner;
  }

  /** Every call that waits passes here. Errors are thrown by rejection. */
  protected forward<T>(
    call: StoreCall,
    work: Forward<Promise<T>>,
  ): Promise<T> {
    return work(call.options);
  }

  /** Every listing passes here, when it is asked for: before its first request. */
  protected forwardListing<T extends FileInfo | FolderEntry>(
    call: StoreCall,
    work: Forward<AsyncIterable<T>>,
  ): AsyncIterable<T> {
    return work(call.options);
  }

  /** Every call that is answered at once passes here: none of them asks the backend. */
  protected forwardNow<T>(_call: StoreCall, work: () => T): T {
    return work();
  }

  /** Opens a file as a stream; see {@linkcode StoreLike.read}. */
  read(
    path: string,
    options?: ReadOptions,
  ): Promise<ReadableStream<Uint8Array>> {
    return this.#ask("read", path, options);
  }

  /** Opens a file with its info; see {@linkcode StoreLike.open}. */
  open(
    path: string,
    options?: OpenOptions & { readonly missingOk?: false | undefined },
  ): Promise<OpenFile>;
  /** Opens a file, or returns `null`; see {@linkcode StoreLike.open}. */
  open(path: string, options: OpenOptions): Promise<OpenFile | null>;
  open(path: string, options?: OpenOptions): Promise<OpenFile | null> {
    return this.#ask("open", path, options);
  }

  /** Reads a file into memory; see {@linkcode StoreLike.readBytes}. */
  readBytes(
    path: string,
    options?: ReadOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask("readBytes", path, options);
  }

  /** Reads a file as UTF-8; see {@linkcode StoreLike.readText}. */
  readText(path: string, options?: ReadTextOptions): Promise<string> {
    return this.#ask("readText", path, options);
  }

  /** Returns a lazy handle on a file; see {@linkcode StoreLike.openBlob}. */
  openBlob(path: string, options?: OpenBlobOptions): Promise<RemoteBlob> {
    return this.#ask("openBlob", path, options);
  }

  /** Writes a file; see {@linkcode StoreLike.write}. */
  write(
    path: string,
    content: WriteContent,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.#ask("write", path, options, [path, content]);
  }

  /** Writes text as UTF-8; see {@linkcode StoreLike.writeText}. */
  writeText(
    path: string,
    text: string,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.#ask("writeText", path, options, [path, text]);
  }

  /** Writes all or nothing; see {@linkcode StoreLike.writeAtomic}. */
  writeAtomic(
    path: string,
    content: WriteContent,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.#ask("writeAtomic", path, options, [path, content]);
  }

  /** Opens a file for writing in pieces; see {@linkcode StoreLike.openAtomic}. */
  openAtomic(
    path: string,
    options?: OpenAtomicOptions,
  ): Promise<AtomicWriter> {
    return this.#ask("openAtomic", path, options);
  }

  /** Opens an upload in parts; see {@linkcode StoreLike.openUpload}. */
  openUpload(
    path: string,
    options: OpenUploadOptions,
  ): Promise<MultipartUpload> {
    return this.#ask("openUpload", path, options);
  }

  /** Deletes a file; see {@linkcode StoreLike.delete}. */
  delete(path: string, options?: DeleteOptions): Promise<void> {
    return this.#ask("delete", path, options);
  }

  /** Deletes many files; see {@linkcode StoreLike.deleteMany}. */
  deleteMany(
    paths: Iterable<string>,
    options?: DeleteManyOptions,
  ): Promise<ReadonlyMap<string, unknown>> {
    return this.#ask("deleteMany", "", options, [paths]);
  }

  /** Deletes a folder; see {@linkcode StoreLike.deleteFolder}. */
  deleteFolder(path: string, options?: DeleteFolderOptions): Promise<void> {
    return this.#ask("deleteFolder", path, options);
  }

  /** Creates a folder; see {@linkcode StoreLike.createFolder}. */
  createFolder(path: string, options?: CallOptions): Promise<void> {
    return this.#ask("createFolder", path, options);
  }

  /** Returns whether a file or folder exists; see {@linkcode StoreLike.exists}. */
  exists(path: string, options?: CallOptions): Promise<boolean> {
    return this.#ask("exists", path, options);
  }

  /** Returns whether a file exists; see {@linkcode StoreLike.isFile}. */
  isFile(path: string, options?: CallOptions): Promise<boolean> {
    return this.#ask("isFile", path, options);
  }

  /** Returns whether a folder exists; see {@linkcode StoreLike.isFolder}. */
  isFolder(path: string, options?: CallOptions): Promise<boolean> {
    return this.#ask("isFolder", path, options);
  }

  /** Lists files; see {@linkcode StoreLike.listFiles}. */
  listFiles(path: string, options?: ListFilesOptions): AsyncIterable<FileInfo> {
    return this.#list("listFiles", path, options);
  }

  /** Lists folders; see {@linkcode StoreLike.listFolders}. */
  listFolders(
    path: string,
    options?: ListFoldersOptions,
  ): AsyncIterable<FolderEntry> {
    return this.#list("listFolders", path, options);
  }

  /** Lists files and folders; see {@linkcode StoreLike.iterChildren}. */
  iterChildren(
    path: string,
    options?: CallOptions,
  ): AsyncIterable<FileInfo | FolderEntry> {
    return this.#list("iterChildren", path, options);
  }

  /** Lists what matches a pattern; see {@linkcode StoreLike.glob}. */
  glob(pattern: string, options?: CallOptions): AsyncIterable<FileInfo> {
    return this.#list("glob", pattern, options);
  }

  /** Returns what is known of a file; see {@linkcode StoreLike.getFileInfo}. */
  getFileInfo(
    path: string,
    options?: FileInfoOptions & { readonly missingOk?: false | undefined },
  ): Promise<FileInfo>;
  /** Returns what is known of a file, or `null`; see {@linkcode StoreLike.getFileInfo}. */
  getFileInfo(path: string, options: FileInfoOptions): Promise<FileInfo | null>;
  getFileInfo(
    path: string,
    options?: FileInfoOptions,
  ): Promise<FileInfo | null> {
    return this.#ask("getFileInfo", path, options);
  }

  /** Sums up a folder; see {@linkcode StoreLike.getFolderInfo}. */
  getFolderInfo(
    path: string,
    options?: FolderInfoOptions,
  ): Promise<FolderInfo> {
    return this.#ask("getFolderInfo", path, options);
  }

  /** Returns a file in the shape of a write result; see {@linkcode StoreLike.head}. */
  head(path: string, options?: CallOptions): Promise<HeadResult> {
    return this.#ask("head", path, options);
  }

  /** Moves a file; see {@linkcode StoreLike.move}. */
  move(
    source: string,
    target: string,
    options?: TransferOptions,
  ): Promise<void> {
    return this.#ask("move", source, options, [source, target], target);
  }

  /** Copies a file; see {@linkcode StoreLike.copy}. */
  copy(
    source: string,
    target: string,
    options?: CopyOptions,
  ): Promise<void> {
    return this.#ask("copy", source, options, [source, target], target);
  }

  /** Asks for a sign of life; see {@linkcode StoreLike.ping}. */
  ping(options?: CallOptions): Promise<void> {
    return this.#ask("ping", "", options, []);
  }

  /** Returns whether the backend declares a capability. */
  supports(capability: Capability): boolean {
    return this.#now("supports", "", capability);
  }

  /** Returns where a path leads; see {@linkcode StoreLike.resolve}. */
  resolve(path: string): ResolvedPath {
    return this.#now("resolve", path, path);
  }

  /** Returns what the service calls a path; see {@linkcode StoreLike.nativePath}. */
  nativePath(path: string): string {
    return this.#now("nativePath", path, path);
  }

  /** Returns the path of a native path; see {@linkcode StoreLike.toKey}. */
  toKey(nativePath: string): string {
    return this.#now("toKey", nativePath, nativePath);
  }

  /** Returns a native handle; see {@linkcode StoreLike.unwrap}. What is done with it passes no proxy. */
  unwrap<T>(type: abstract new (...args: never[]) => T): T {
    return this.#now("unwrap", "", type);
  }

  /** Returns such a proxy over a folder of this one; see {@linkcode StoreLike.child}. */
  abstract child(path: string): StoreLike;

  /** Returns whether `other` is a proxy of the same class over the same backend and root. */
  equals(other: unknown): boolean {
    return this.forwardNow(
      { method: "equals", path: "" },
      () =>
        other instanceof ProxyStore && other.constructor === this.constructor &&
        this.inner.equals(other.inner),
    );
  }

  /** Closes the store below; see {@linkcode StoreLike.close}. */
  close(): Promise<void> {
    return this.#ask("close", "", undefined, []);
  }

  /** Closes the store below. */
  [asyncDispose](): Promise<void> {
    return this.close();
  }

  #ask<T>(
    method: StoreMethod,
    path: string,
    options: CallOptions | undefined,
    given: readonly unknown[] = [path],
    target?: string,
  ): Promise<T> {
    return this.forward(
      { method, path, target, options },
      (options) => this.#call(method, [...given, options]),
    );
  }

  #list<T extends FileInfo | FolderEntry>(
    method: StoreMethod,
    path: string,
    options: CallOptions | undefined,
  ): AsyncIterable<T> {
    return this.forwardListing(
      { method, path, options },
      (options) => this.#call(method, [path, options]),
    );
  }

  #now<T>(method: StoreMethod, path: string, given: unknown): T {
    const work = () => this.#call<T>(method, [given]);
    return this.forwardNow({ method, path }, work);
  }

  #call<T>(method: StoreMethod, given: readonly unknown[]): T {
    // What each method gives is written once, above.
    type Methods = Record<StoreMethod, (...given: readonly unknown[]) => T>;
    return (this.inner as unknown as Methods)[method](...given);
  }
}
