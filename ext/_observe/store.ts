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
import type { EventMetadata, StoreOperation, StoreStart } from "./event.ts";
import {
  ObservedBlob,
  ObservedWriter,
  watchListing,
  watchStream,
} from "./handles.ts";
import { type ObserveOptions, Reporter } from "./reporter.ts";

const written = (result: WriteResult): EventMetadata => ({
  write_result: result,
});

/**
 * A store that reports what is done with another one. Arguments and results pass
 * untouched; closing it closes that other store, as far as that owns anything.
 */
export class ObservedStore implements StoreLike {
  readonly #inner: StoreLike;
  readonly #reporter: Reporter;
  readonly #root: string;

  /** Creates a store over `inner`; `root` is where a child stands below the first one. */
  constructor(inner: StoreLike, options: ObserveOptions | Reporter, root = "") {
    this.#inner = inner;
    this.#root = root;
    this.#reporter = options instanceof Reporter
      ? options
      : new Reporter(options, inner.resolve("").backend);
  }

  /** The store that is observed. */
  get inner(): StoreLike {
    return this.#inner;
  }

  #start(
    operation: StoreOperation,
    path: string,
    options?: object,
    more?: EventMetadata,
  ): StoreStart {
    return this.#reporter.start(operation, this.#root, path, options, more);
  }

  /** Opens a file as a stream; see {@linkcode StoreLike.read}. */
  async read(
    path: string,
    options?: ReadOptions,
  ): Promise<ReadableStream<Uint8Array>> {
    const start = this.#start("read", path, options);
    const work = () => this.#inner.read(path, options);
    const stream = await this.#reporter.run(
      start,
      work,
      undefined,
      (stream, reason) => stream.cancel(reason),
    );
    return watchStream(stream, this.#reporter, start);
  }

  /** Opens a file with its info; see {@linkcode StoreLike.open}. */
  async open(path: string, options?: OpenOptions): Promise<OpenFile> {
    const start = this.#start("open", path, options);
    const work = () => this.#inner.open(path, options);
    const file = await this.#reporter.run(
      start,
      work,
      undefined,
      ({ body }, reason) => body?.cancel(reason),
    );
    if (file.body === null) return file;
    const body = watchStream(file.body, this.#reporter, start);
    return body === file.body ? file : { ...file, body };
  }

  /** Reads a file into memory; see {@linkcode StoreLike.readBytes}. */
  readBytes(
    path: string,
    options?: ReadOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#reporter.run(
      this.#start("read_bytes", path, options),
      () => this.#inner.readBytes(path, options),
      (bytes) => ({ size: bytes.byteLength }),
    );
  }

  /** Reads a file as UTF-8; see {@linkcode StoreLike.readText}. */
  readText(path: string, options?: ReadTextOptions): Promise<string> {
    return this.#reporter.run(
      this.#start("read_text", path, options),
      () => this.#inner.readText(path, options),
    );
  }

  /** Returns a lazy handle on a file; see {@linkcode StoreLike.openBlob}. */
  async openBlob(path: string, options?: CallOptions): Promise<RemoteBlob> {
    const blob = await this.#reporter.run(
      this.#start("open_blob", path),
      () => this.#inner.openBlob(path, options),
    );
    const begin = () => this.#start("read_blob", path);
    return new ObservedBlob(blob, this.#reporter, begin);
  }

  /** Writes a file; see {@linkcode StoreLike.write}. */
  write(
    path: string,
    content: WriteContent,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.#reporter.run(
      this.#start("write", path, options),
      () => this.#inner.write(path, content, options),
      written,
    );
  }

  /** Writes text as UTF-8; see {@linkcode StoreLike.writeText}. */
  writeText(
    path: string,
    text: string,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.#reporter.run(
      this.#start("write_text", path, options),
      () => this.#inner.writeText(path, text, options),
      written,
    );
  }

  /** Writes all or nothing; see {@linkcode StoreLike.writeAtomic}. */
  writeAtomic(
    path: string,
    content: WriteContent,
    options?: WriteOptions,
  ): Promise<WriteResult> {
    return this.#reporter.run(
      this.#start("write_atomic", path, options),
      () => this.#inner.writeAtomic(path, content, options),
      written,
    );
  }

  /** Opens a file for writing in pieces; see {@linkcode StoreLike.openAtomic}. */
  async openAtomic(
    path: string,
    options?: OpenAtomicOptions,
  ): Promise<AtomicWriter> {
    const writer = await this.#reporter.run(
      this.#start("open_atomic", path, options),
      () => this.#inner.openAtomic(path, options),
      undefined,
      (writer, reason) => writer.abort(reason),
    );
    return new ObservedWriter(
      writer,
      this.#reporter,
      (operation) => this.#start(operation, path, options),
    );
  }

  /** Deletes a file; see {@linkcode StoreLike.delete}. */
  delete(path: string, options?: DeleteOptions): Promise<void> {
    return this.#reporter.run(
      this.#start("delete", path, options),
      () => this.#inner.delete(path, options),
    );
  }

  /** Deletes many files; see {@linkcode StoreLike.deleteMany}. */
  deleteMany(
    paths: Iterable<string>,
    options?: DeleteManyOptions,
  ): Promise<ReadonlyMap<string, unknown>> {
    return this.#reporter.run(
      this.#start("delete_many", "", options),
      () => this.#inner.deleteMany(paths, options),
      (failed) => ({ failed: failed.size }),
    );
  }

  /** Deletes a folder; see {@linkcode StoreLike.deleteFolder}. */
  deleteFolder(path: string, options?: DeleteFolderOptions): Promise<void> {
    return this.#reporter.run(
      this.#start("delete_folder", path, options),
      () => this.#inner.deleteFolder(path, options),
    );
  }

  /** Returns whether a file or folder exists; see {@linkcode StoreLike.exists}. */
  exists(path: string, options?: CallOptions): Promise<boolean> {
    const work = () => this.#inner.exists(path, options);
    return this.#reporter.run(this.#start("exists", path), work);
  }

  /** Returns whether a file exists; see {@linkcode StoreLike.isFile}. */
  isFile(path: string, options?: CallOptions): Promise<boolean> {
    const work = () => this.#inner.isFile(path, options);
    return this.#reporter.run(this.#start("is_file", path), work);
  }

  /** Returns whether a folder exists; see {@linkcode StoreLike.isFolder}. */
  isFolder(path: string, options?: CallOptions): Promise<boolean> {
    const work = () => this.#inner.isFolder(path, options);
    return this.#reporter.run(this.#start("is_folder", path), work);
  }

  /** Lists files; see {@linkcode StoreLike.listFiles}. */
  listFiles(path: string, options?: ListFilesOptions): AsyncIterable<FileInfo> {
    const list = () => this.#inner.listFiles(path, options);
    return this.#list("list_files", path, options, list);
  }

  /** Lists folders; see {@linkcode StoreLike.listFolders}. */
  listFolders(
    path: string,
    options?: ListFoldersOptions,
  ): AsyncIterable<FolderEntry> {
    const list = () => this.#inner.listFolders(path, options);
    return this.#list("list_folders", path, options, list);
  }

  /** Lists files and folders; see {@linkcode StoreLike.iterChildren}. */
  iterChildren(
    path: string,
    options?: CallOptions,
  ): AsyncIterable<FileInfo | FolderEntry> {
    const list = () => this.#inner.iterChildren(path, options);
    return this.#list("iter_children", path, options, list);
  }

  /** Lists what matches a pattern; see {@linkcode StoreLike.glob}. */
  glob(pattern: string, options?: CallOptions): AsyncIterable<FileInfo> {
    const list = () => this.#inner.glob(pattern, options);
    return this.#list("glob", "", { pattern }, list);
  }

  // What is wrong at the call is reported there; else each iteration is an operation.
  #list<T>(
    operation: StoreOperation,
    path: string,
    options: object | undefined,
    list: () => AsyncIterable<T>,
  ): AsyncIterable<T> {
    const begin = () => this.#start(operation, path, options);
    try {
      return watchListing(list(), this.#reporter, begin);
    } catch (error) {
      this.#reporter.end(begin(), { status: "error", error });
      throw error;
    }
  }

  /** Returns what is known of a file; see {@linkcode StoreLike.getFileInfo}. */
  getFileInfo(path: string, options?: CallOptions): Promise<FileInfo> {
    const work = () => this.#inner.getFileInfo(path, options);
    return this.#reporter.run(this.#start("get_file_info", path), work);
  }

  /** Sums up a folder; see {@linkcode StoreLike.getFolderInfo}. */
  getFolderInfo(
    path: string,
    options?: FolderInfoOptions,
  ): Promise<FolderInfo> {
    return this.#reporter.run(
      this.#start("get_folder_info", path, options),
      () => this.#inner.getFolderInfo(path, options),
    );
  }

  /** Returns a file in the shape of a write result; see {@linkcode StoreLike.head}. */
  head(path: string, options?: CallOptions): Promise<HeadResult> {
    const work = () => this.#inner.head(path, options);
    return this.#reporter.run(this.#start("head", path), work);
  }

  /** Moves a file; see {@linkcode StoreLike.move}. */
  move(
    source: string,
    target: string,
    options?: TransferOptions,
  ): Promise<void> {
    return this.#reporter.run(
      this.#start("move", source, options, { dst: target }),
      () => this.#inner.move(source, target, options),
    );
  }

  /** Copies a file; see {@linkcode StoreLike.copy}. */
  copy(
    source: string,
    target: string,
    options?: TransferOptions,
  ): Promise<void> {
    return this.#reporter.run(
      this.#start("copy", source, options, { dst: target }),
      () => this.#inner.copy(source, target, options),
    );
  }

  /** Asks for a sign of life; see {@linkcode StoreLike.ping}. */
  ping(options?: CallOptions): Promise<void> {
    const work = () => this.#inner.ping(options);
    return this.#reporter.run(this.#start("ping", ""), work);
  }

  /** Returns whether the backend declares a capability. */
  supports(capability: Capability): boolean {
    return this.#now("supports", "", () => this.#inner.supports(capability));
  }

  /** Returns where a path leads; see {@linkcode StoreLike.resolve}. */
  resolve(path: string): ResolvedPath {
    return this.#now("resolve", path, () => this.#inner.resolve(path));
  }

  /** Returns what the service calls a path; see {@linkcode StoreLike.nativePath}. */
  nativePath(path: string): string {
    return this.#now("native_path", path, () => this.#inner.nativePath(path));
  }

  /** Returns the path of a native path; see {@linkcode StoreLike.toKey}. */
  toKey(nativePath: string): string {
    return this.#now("to_key", nativePath, () => this.#inner.toKey(nativePath));
  }

  /** Returns a native handle; see {@linkcode StoreLike.unwrap}. What is done with it is not observed. */
  unwrap<T>(type: abstract new (...args: never[]) => T): T {
    return this.#now("unwrap", "", () => this.#inner.unwrap(type));
  }

  /** Returns an observed store over a folder of this one; see {@linkcode StoreLike.child}. */
  child(path: string): ObservedStore {
    const child = this.#now("child", path, () => this.#inner.child(path));
    const below = normalizePath(path);
    const root = this.#root === "" ? below : `${this.#root}/${below}`;
    return new ObservedStore(child, this.#reporter, root);
  }

  /** Returns whether `other` is an observed store over the same backend and root. */
  equals(other: unknown): boolean {
    return this.#now(
      "equals",
      "",
      () => other instanceof ObservedStore && this.#inner.equals(other.#inner),
    );
  }

  #now<T>(operation: StoreOperation, path: string, work: () => T): T {
    return this.#reporter.runNow(this.#start(operation, path), work);
  }

  /** Closes the observed store; see {@linkcode StoreLike.close}. */
  close(): Promise<void> {
    const work = () => this.#inner.close();
    return this.#reporter.run(this.#start("close", ""), work);
  }

  /** Closes the observed store. */
  async [asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Returns the observed store's own text. */
  toString(): string {
    return `Observed${this.#inner}`;
  }
}
