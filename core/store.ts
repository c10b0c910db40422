// This module is browser compatible.
import { asyncDispose } from "./async_dispose.ts";
import { type AtomicWriter, openAtomic } from "./atomic_writer.ts";
import type { RemoteBlob } from "./blob.ts";
import type { Capability } from "./capability.ts";
import { createFolder } from "./creating.ts";
import { deleteMany } from "./deleting_many.ts";
import { deleteFile, deleteFolder } from "./deleting.ts";
import {
  CapabilityNotSupportedError,
  InvalidPathError,
  refuse,
} from "./errors.ts";
import {
  getFolderInfo,
  glob,
  iterChildren,
  listFiles,
  listFolders,
} from "./listing.ts";
import { type KnownOptions, requireKnown } from "./known_options.ts";
import { Mount, type StoreOptions } from "./mount.ts";
import { transfer } from "./moving.ts";
import type { MultipartUpload } from "./multipart_upload.ts";
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
import { stripKey, toCanonical } from "./path.ts";
import {
  close,
  findFileInfo,
  getFileInfo,
  openBlob,
  ping,
  probe,
} from "./probing.ts";
import { open, read, readBytes, readText } from "./reading.ts";
import {
  type FileInfo,
  type FolderEntry,
  type FolderInfo,
  type HeadResult,
  type OpenFile,
  type ResolvedPath,
  toHeadResult,
  type WriteResult,
} from "./results.ts";
import type { StoreLike } from "./store_like.ts";
import { openUpload } from "./uploading.ts";
import { write, writeText } from "./writing.ts";

const STORE: KnownOptions<StoreOptions> = {
  backend: true,
  root: "string",
  strictFolders: "boolean",
};

/**
 * Files on any backend, by one contract. Immutable, and safe to share between
 * concurrent callers. What each method promises is said at {@linkcode StoreLike}.
 *
 * @example Write, read, list
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { assertEquals } from "@std/assert";
 *
 * await using store = new Store({ backend: new MemoryBackend() });
 *
 * const written = await store.write("reports/q3.csv", "id,total\n1,42\n", {
 *   contentType: "text/csv",
 *   metadata: { author: "ada" },
 * });
 * assertEquals(written.size, 14);
 * assertEquals(await store.readText("reports/q3.csv"), "id,total\n1,42\n");
 * ```
 */
export class Store implements StoreLike {
  #mount: Mount;
  #owner = true;

  /** Creates a store; asks the backend nothing. */
  constructor(options: StoreOptions) {
    requireKnown("create a store", null, options ?? {}, STORE);
    const { backend, root = "", strictFolders = false } = options ?? {};
    if (typeof backend?.capabilities?.has !== "function") {
      refuse("create a store", null, "it has no backend");
    }
    this.#mount = new Mount(backend, toCanonical(root), strictFolders);
  }

  /** Opens a file as a stream; see {@linkcode StoreLike.read}. */
  read(
    path: string,
    options: ReadOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    return read(this.#mount, path, options);
  }

  /** Opens a file with its info; see {@linkcode StoreLike.open}. */
  open(
    path: string,
    options?: OpenOptions & { readonly missingOk?: false | undefined },
  ): Promise<OpenFile>;
  /** Opens a file, or returns `null`; see {@linkcode StoreLike.open}. */
  open(path: string, options: OpenOptions): Promise<OpenFile | null>;
  open(path: string, options: OpenOptions = {}): Promise<OpenFile | null> {
    return open(this.#mount, path, options);
  }

  /** Reads a file into memory; see {@linkcode StoreLike.readBytes}. */
  readBytes(
    path: string,
    options: ReadOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    return readBytes(this.#mount, path, options);
  }

  /** Reads a file as UTF-8; see {@linkcode StoreLike.readText}. */
  readText(path: string, options: ReadTextOptions = {}): Promise<string> {
    return readText(this.#mount, path, options);
  }

  /** Returns a lazy handle on a file; see {@linkcode StoreLike.openBlob}. */
  openBlob(path: string, options: OpenBlobOptions = {}): Promise<RemoteBlob> {
    return openBlob(this.#mount, path, options);
  }

  /** Writes a file; see {@linkcode StoreLike.write}. */
  write(
    path: string,
    content: WriteContent,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    return write(this.#mount, path, content, options, "write");
  }

  /** Writes text as UTF-8; see {@linkcode StoreLike.writeText}. */
  writeText(
    path: string,
    text: string,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    return writeText(this.#mount, path, text, options);
  }

  /** Writes all or nothing; see {@linkcode StoreLike.writeAtomic}. */
  writeAtomic(
    path: string,
    content: WriteContent,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    return write(this.#mount, path, content, options, "atomic_write");
  }

  /** Opens a file for writing in pieces; see {@linkcode StoreLike.openAtomic}. */
  openAtomic(
    path: string,
    options: OpenAtomicOptions = {},
  ): Promise<AtomicWriter> {
    return openAtomic(this.#mount, path, options);
  }

  /** Opens an upload in parts; see {@linkcode StoreLike.openUpload}. */
  openUpload(
    path: string,
    options: OpenUploadOptions,
  ): Promise<MultipartUpload> {
    return openUpload(this.#mount, path, options);
  }

  /** Deletes a file; see {@linkcode StoreLike.delete}. */
  delete(path: string, options: DeleteOptions = {}): Promise<void> {
    return deleteFile(this.#mount, path, options);
  }

  /** Deletes many files; see {@linkcode StoreLike.deleteMany}. */
  deleteMany(
    paths: Iterable<string>,
    options: DeleteManyOptions = {},
  ): Promise<ReadonlyMap<string, unknown>> {
    return deleteMany(this.#mount, paths, options);
  }

  /** Deletes a folder; see {@linkcode StoreLike.deleteFolder}. */
  deleteFolder(
    path: string,
    options: DeleteFolderOptions = {},
  ): Promise<void> {
    return deleteFolder(this.#mount, path, options);
  }

  /** Creates a folder; see {@linkcode StoreLike.createFolder}. */
  createFolder(path: string, options: CallOptions = {}): Promise<void> {
    return createFolder(this.#mount, path, options);
  }

  /** Returns whether a file or folder exists; see {@linkcode StoreLike.exists}. */
  exists(path: string, options: CallOptions = {}): Promise<boolean> {
    return probe(this.#mount, "exists", path, options);
  }

  /** Returns whether a file exists; see {@linkcode StoreLike.isFile}. */
  isFile(path: string, options: CallOptions = {}): Promise<boolean> {
    return probe(this.#mount, "isFile", path, options);
  }

  /** Returns whether a folder exists; see {@linkcode StoreLike.isFolder}. */
  isFolder(path: string, options: CallOptions = {}): Promise<boolean> {
    return probe(this.#mount, "isFolder", path, options);
  }

  /** Lists files; see {@linkcode StoreLike.listFiles}. */
  listFiles(
    path: string,
    options: ListFilesOptions = {},
  ): AsyncIterable<FileInfo> {
    return listFiles(this.#mount, path, options);
  }

  /** Lists folders; see {@linkcode StoreLike.listFolders}. */
  listFolders(
    path: string,
    options: ListFoldersOptions = {},
  ): AsyncIterable<FolderEntry> {
    return listFolders(this.#mount, path, options);
  }

  /** Lists files and folders of one level; see {@linkcode StoreLike.iterChildren}. */
  iterChildren(
    path: string,
    options: CallOptions = {},
  ): AsyncIterable<FileInfo | FolderEntry> {
    return iterChildren(this.#mount, path, options);
  }

  /** Lists files by a pattern; see {@linkcode StoreLike.glob}. */
  glob(pattern: string, options: CallOptions = {}): AsyncIterable<FileInfo> {
    return glob(this.#mount, pattern, options);
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
    options: FileInfoOptions = {},
  ): Promise<FileInfo | null> {
    return findFileInfo(this.#mount, path, options);
  }

  /** Sums up a folder; see {@linkcode StoreLike.getFolderInfo}. */
  getFolderInfo(
    path: string,
    options: FolderInfoOptions = {},
  ): Promise<FolderInfo> {
    return getFolderInfo(this.#mount, path, options);
  }

  /** Returns a file's info as a write result; see {@linkcode StoreLike.head}. */
  async head(path: string, options: CallOptions = {}): Promise<HeadResult> {
    return toHeadResult(
      await getFileInfo(this.#mount, "look up", path, options),
    );
  }

  /** Moves a file; see {@linkcode StoreLike.move}. */
  move(
    source: string,
    target: string,
    options: TransferOptions = {},
  ): Promise<void> {
    return transfer(this.#mount, "move", source, target, options);
  }

  /** Copies a file; see {@linkcode StoreLike.copy}. */
  copy(
    source: string,
    target: string,
    options: CopyOptions = {},
  ): Promise<void> {
    return transfer(this.#mount, "copy", source, target, options);
  }

  /** Asks for a sign of life; see {@linkcode StoreLike.ping}. */
  ping(options: CallOptions = {}): Promise<void> {
    return ping(this.#mount, options);
  }

  /** Returns whether the backend declares a capability. */
  supports(capability: Capability): boolean {
    return this.#mount.has(capability);
  }

  /** Returns where a path leads; see {@linkcode StoreLike.resolve}. */
  resolve(path: string): ResolvedPath {
    const { backend } = this.#mount;
    const key = this.#mount.keyOf("resolve", path);
    return Object.freeze({
      backend: backend.name,
      path: this.#mount.pathOf(key),
      nativePath: backend.nativePath(key),
      details: Object.freeze({ ...backend.describe?.(key) }),
    });
  }

  /** Returns what the service calls a path; see {@linkcode StoreLike.nativePath}. */
  nativePath(path: string): string {
    return this.#mount.backend.nativePath(this.#mount.keyOf("resolve", path));
  }

  /** Returns the path of a native path; see {@linkcode StoreLike.toKey}. */
  toKey(nativePath: string): string {
    const { backend, root } = this.#mount;
    const path = stripKey(root, backend.toKey(nativePath));
    if (path !== null) return path;
    throw this.#mount.error(
      InvalidPathError,
      "resolve",
      nativePath,
      "it lies outside of the store",
    );
  }

  /** Returns a native handle; see {@linkcode StoreLike.unwrap}. */
  unwrap<T>(type: abstract new (...args: never[]) => T): T {
    const { backend } = this.#mount;
    if (backend instanceof type) return backend;
    const handle = backend.unwrap?.(type) ?? null;
    if (handle !== null) return handle;
    throw this.#mount.error(
      CapabilityNotSupportedError,
      `unwrap ${type.name}`,
      null,
      `the backend ${backend.name} has none`,
    );
  }

  /** Returns a store over a folder of this one; see {@linkcode StoreLike.child}. */
  child(path: string): Store {
    const child = new Store({ backend: this.#mount.backend });
    const key = this.#mount.belowRoot("open the child store", path);
    child.#mount = this.#mount.at(key);
    child.#owner = false;
    return child;
  }

  /** Returns whether `other` is over the same backend and root. */
  equals(other: unknown): boolean {
    return other instanceof Store && #mount in other &&
      other.#mount.backend === this.#mount.backend &&
      other.#mount.root === this.#mount.root;
  }

  /** Closes the backend, if this store owns it; see {@linkcode StoreLike.close}. */
  async close(): Promise<void> {
    if (this.#owner) await close(this.#mount);
  }

  /** Closes the backend, if this store owns it. */
  async [asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Returns the backend's name and the root; no secrets. */
  toString(): string {
    return `Store(${this.#mount.backend.name}:${this.#mount.root})`;
  }
}
