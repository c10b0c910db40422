// This module is browser compatible.
import type { AtomicWriter } from "./atomic_writer.ts";
import type { RemoteBlob } from "./blob.ts";
import type { Capability } from "./capability.ts";
import type {
  CallOptions,
  CopyOptions,
  DeleteFolderOptions,
  DeleteManyOptions,
  DeleteOptions,
  FileInfoOptions,
  FolderInfoOptions,
  ListFilesOptions,
  ListFoldersOptions,
  OpenAtomicOptions,
  OpenBlobOptions,
  OpenOptions,
  OpenUploadOptions,
  ReadOptions,
  ReadTextOptions,
  TransferOptions,
  WriteContent,
  WriteOptions,
} from "./options.ts";
import type { MultipartUpload } from "./multipart_upload.ts";
import type {
  FileInfo,
  FolderEntry,
  FolderInfo,
  HeadResult,
  OpenFile,
  ResolvedPath,
  WriteResult,
} from "./results.ts";

/**
 * Everything a store promises: the type for functions that take a store, and for
 * proxies that are one.
 *
 * Paths are store-relative strings; `""` and `"."` are the root, a folder that
 * always exists. Every call rejects with {@linkcode InvalidPathError} for a path that
 * is malformed or names the wrong kind of node, with {@linkcode NotFoundError} for one
 * that is absent, with {@linkcode PermissionDeniedError} and
 * {@linkcode BackendUnavailableError} for what the service answers, and with
 * `signal.reason` after an abort. An absent bucket or container is
 * {@linkcode NotFoundError} with a `path` of `null`, from every call that learns of it. What a caller got wrong is
 * {@linkcode InvalidArgumentError}. All of it is checked before the first request
 * where it can be.
 *
 * @example A function over any store
 * ```ts
 * import { Store, type StoreLike } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { assertEquals } from "@std/assert";
 *
 * async function countFiles(store: Pick<StoreLike, "getFolderInfo">) {
 *   return (await store.getFolderInfo("")).fileCount;
 * }
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "A");
 * assertEquals(await countFiles(store), 1);
 * ```
 */
export interface StoreLike extends AsyncDisposable {
  /**
   * Opens a file as a stream from its first byte. Resolves after the headers, so an
   * absent file is a rejection and not a broken stream; later failures reject the
   * stream's reads with the same error classes. The caller reads it to the end or
   * cancels it.
   */
  read(
    path: string,
    options?: ReadOptions,
  ): Promise<ReadableStream<Uint8Array>>;

  /**
   * Opens a file with what the same answer says of it: one request for info and
   * bytes. With `ifNoneMatch` it has no body where the file is still that version.
   *
   * @example Read again only what has changed
   * ```ts
   * import { Store } from "@remote-store/core";
   * import { MemoryBackend } from "@remote-store/core/backends/memory";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new Store({ backend: new MemoryBackend() });
   * const { etag } = await store.write("a.txt", "A");
   * const { info, body } = await store.open("a.txt", { ifNoneMatch: etag! });
   * assertEquals(info.size, 1);
   * assertEquals(body, null);
   * ```
   */
  open(
    path: string,
    options?: OpenOptions & { readonly missingOk?: false | undefined },
  ): Promise<OpenFile>;
  /** Opens a file; with `missingOk`, `null` where there is none, for one request. */
  open(path: string, options: OpenOptions): Promise<OpenFile | null>;

  /** Reads a file into memory. */
  readBytes(
    path: string,
    options?: ReadOptions,
  ): Promise<Uint8Array<ArrayBuffer>>;

  /**
   * Reads a file as UTF-8; a byte order mark is kept. Ill-formed bytes are the
   * platform's `TypeError`.
   */
  readText(path: string, options?: ReadTextOptions): Promise<string>;

  /**
   * Returns a lazy handle on the file as it is now: its slices and streams are all
   * of one version. Needs `READ` and `METADATA`; costs one request.
   */
  openBlob(path: string, options?: OpenBlobOptions): Promise<RemoteBlob>;

  /**
   * Writes a file and creates the folders above it. Without `overwrite` an existing
   * file is {@linkcode AlreadyExistsError}. After a failure the content's stream is
   * cancelled if it was read, and untouched if it was not.
   */
  write(
    path: string,
    content: WriteContent,
    options?: WriteOptions,
  ): Promise<WriteResult>;

  /** Writes text as UTF-8. A text with a lone surrogate is refused. */
  writeText(
    path: string,
    text: string,
    options?: WriteOptions,
  ): Promise<WriteResult>;

  /**
   * Writes all of the content or nothing: a reader sees the old or the new file. Needs
   * `ATOMIC_WRITE`, and never falls back to `write`.
   */
  writeAtomic(
    path: string,
    content: WriteContent,
    options?: WriteOptions,
  ): Promise<WriteResult>;

  /**
   * Opens a file for writing in pieces. `close` commits; disposal without it, also by
   * an exception in the block, discards.
   *
   * @example Commit at the end of the block
   * ```ts
   * import { Store } from "@remote-store/core";
   * import { MemoryBackend } from "@remote-store/core/backends/memory";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new Store({ backend: new MemoryBackend() });
   * {
   *   await using writer = await store.openAtomic("log.txt");
   *   await writer.write("one\n");
   *   await writer.write("two\n");
   *   const { size } = await writer.close();
   *   assertEquals(size, 8);
   * }
   * ```
   */
  openAtomic(path: string, options?: OpenAtomicOptions): Promise<AtomicWriter>;

  /**
   * Opens an upload in parts that outlives this call and this process, or goes on with
   * one. Needs `RESUMABLE_UPLOAD`. `ext/resume` does what is around it: it cuts a file,
   * remembers what was sent and checks that it is still the same file.
   *
   * @example Two parts, the second one by somebody else
   * ```ts
   * import { Store } from "@remote-store/core";
   * import { MemoryBackend } from "@remote-store/core/backends/memory";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new Store({ backend: new MemoryBackend() });
   * const { id, partSize, ...upload } = await store.openUpload("ab.bin", {
   *   size: 3,
   *   partSize: 2,
   * });
   * const again = await store.openUpload("ab.bin", { size: 3, partSize, id });
   * await again.part(1, Uint8Array.of(1, 2));
   * await again.part(2, Uint8Array.of(3));
   * const { size } = await again.complete(await Array.fromAsync(again.parts()));
   * assertEquals([size, upload.path], [3, "ab.bin"]);
   * ```
   */
  openUpload(
    path: string,
    options: OpenUploadOptions,
  ): Promise<MultipartUpload>;

  /** Deletes a file. A folder is {@linkcode InvalidPathError}, `missingOk` or not. */
  delete(path: string, options?: DeleteOptions): Promise<void>;

  /**
   * Deletes files, with the backend's bulk delete where it has one, and returns what
   * failed: the error by the path as it was passed. A folder's path is
   * {@linkcode InvalidPathError}. With `missingOk` a path that is no file is no failure,
   * and none is asked about: a folder stays as it is, without a word. With `strictFolders`
   * on a service whose folders have marks (Azure) it is looked for, and is a failure.
   */
  deleteMany(
    paths: Iterable<string>,
    options?: DeleteManyOptions,
  ): Promise<ReadonlyMap<string, unknown>>;

  /**
   * Deletes a folder. One with content is {@linkcode DirectoryNotEmptyError} unless
   * `recursive`; a file is {@linkcode InvalidPathError}. On a flat backend that takes
   * along what other tools have left there: markers, and objects that no path can name.
   */
  deleteFolder(path: string, options?: DeleteFolderOptions): Promise<void>;

  /**
   * Creates a folder, empty, and those above it; one that is there stays as it is. A file
   * there or above is {@linkcode InvalidPathError}. Needs `CREATE_FOLDER`: flat stores have
   * no empty folders, and no folder needs to be created for a file to be written.
   */
  createFolder(path: string, options?: CallOptions): Promise<void>;

  /** Returns whether a file or folder exists. A refusal is an error, not `false`. */
  exists(path: string, options?: CallOptions): Promise<boolean>;

  /** Returns whether a file exists. */
  isFile(path: string, options?: CallOptions): Promise<boolean>;

  /** Returns whether a folder exists. */
  isFolder(path: string, options?: CallOptions): Promise<boolean>;

  /**
   * Lists files, page by page as they are asked for, in the backend's order. A path
   * that is absent, or a file, lists nothing. Arguments are checked at the call;
   * leaving the loop ends the request in flight.
   *
   * @example List with a pattern
   * ```ts
   * import { Store } from "@remote-store/core";
   * import { MemoryBackend } from "@remote-store/core/backends/memory";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new Store({ backend: new MemoryBackend() });
   * void await store.write("reports/q3.csv", "3");
   * void await store.write("reports/2026/q3.txt", "3");
   *
   * const names = [];
   * for await (const file of store.listFiles("", { maxDepth: 2, pattern: "*.csv" })) {
   *   names.push(file.path);
   * }
   * assertEquals(names, ["reports/q3.csv"]);
   * ```
   */
  listFiles(path: string, options?: ListFilesOptions): AsyncIterable<FileInfo>;

  /**
   * Lists the folders directly below a path, and `maxDepth` levels more: level by level,
   * each folder once. Several levels are asked for eight folders at a time, or found in
   * one walk over everything below where that takes fewer requests.
   */
  listFolders(
    path: string,
    options?: ListFoldersOptions,
  ): AsyncIterable<FolderEntry>;

  /** Lists the files and folders directly below a path in one pass; `kind` tells them apart. */
  iterChildren(
    path: string,
    options?: CallOptions,
  ): AsyncIterable<FileInfo | FolderEntry>;

  /**
   * Lists the files whose whole path matches a pattern ({@linkcode compileGlob}). Needs
   * `GLOB`: only keys with the pattern's literal start are asked for.
   */
  glob(pattern: string, options?: CallOptions): AsyncIterable<FileInfo>;

  /** Returns what is known of a file. */
  getFileInfo(
    path: string,
    options?: FileInfoOptions & { readonly missingOk?: false | undefined },
  ): Promise<FileInfo>;
  /** Returns what is known of a file; with `missingOk`, `null` where there is none. */
  getFileInfo(path: string, options: FileInfoOptions): Promise<FileInfo | null>;

  /** Counts the files below a folder, and their bytes, at any depth. */
  getFolderInfo(
    path: string,
    options?: FolderInfoOptions,
  ): Promise<FolderInfo>;

  /** Returns `getFileInfo` in the shape of a write's result, with `source: "sidecar"`. */
  head(path: string, options?: CallOptions): Promise<HeadResult>;

  /**
   * Moves a file with its metadata. With `ATOMIC_MOVE` in one step; else it is copied,
   * then deleted, and a failed delete is an error that leaves both. A file moved onto
   * itself stays as it is.
   */
  move(
    source: string,
    target: string,
    options?: TransferOptions,
  ): Promise<void>;

  /**
   * Copies a file with its metadata, or with what the options give in its place. A file
   * copied onto itself stays as it is; with other metadata it is replaced, which takes
   * `overwrite` or `ifMatch`.
   *
   * @example Another type for a file
   * ```ts
   * import { Store } from "@remote-store/core";
   * import { MemoryBackend } from "@remote-store/core/backends/memory";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new Store({ backend: new MemoryBackend() });
   * const metadata = { by: "ada" };
   * const { etag } = await store.write("a.md", "# A", { metadata });
   * await store.copy("a.md", "a.md", {
   *   contentType: "text/markdown",
   *   ifMatch: etag!,
   * });
   * const info = await store.getFileInfo("a.md");
   * assertEquals([info.contentType, info.metadata], ["text/markdown", { by: "ada" }]);
   * ```
   */
  copy(
    source: string,
    target: string,
    options?: CopyOptions,
  ): Promise<void>;

  /**
   * Asks the backend for a sign of life, read-only. An absent bucket or container is
   * {@linkcode NotFoundError}.
   */
  ping(options?: CallOptions): Promise<void>;

  /** Returns whether the backend declares a capability. */
  supports(capability: Capability): boolean;

  /** Returns where a path leads, without asking the backend. */
  resolve(path: string): ResolvedPath;

  /** Returns what the service calls a path: `bucket/reports/q3.csv`. Not a URL. */
  nativePath(path: string): string;

  /** Returns the path of a native path; one outside this store is {@linkcode InvalidPathError}. */
  toKey(nativePath: string): string;

  /** Returns the backend, or its native handle, of the given class; else {@linkcode CapabilityNotSupportedError}. */
  unwrap<T>(type: abstract new (...args: never[]) => T): T;

  /** Returns a store over a folder of this one. It shares the backend and never closes it. */
  child(path: string): StoreLike;

  /** Returns whether `other` is over the same backend and root. */
  equals(other: unknown): boolean;

  /** Closes the backend, if this store owns it. May be called again. */
  close(): Promise<void>;
}
