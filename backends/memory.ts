/**
 * Files in memory: the reference backend. Tests and small caches use it as it is;
 * authors of backends read it first, because it is the whole contract on one page.
 *
 * Hierarchical: folders exist of themselves and outlive their files. Reads are
 * snapshots. Every change is one synchronous step, so concurrent callers never see a
 * half of it.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a/b.txt", "B");
 * await store.delete("a/b.txt");
 * assertEquals(await store.isFolder("a"), true);
 * ```
 *
 * @module
 */
import { toBytes } from "@std/streams/to-bytes";
import type {
  Backend,
  Body,
  CopyRequest,
  DeleteRequest,
  Entry,
  FileEntry,
  ListPage,
  ListRequest,
  ReadAnswer,
  ReadRequest,
  RemoveFolderRequest,
  WriteCondition,
  WriteFacts,
  WriteRequest,
} from "../core/backend.ts";
import { type Capability, CapabilitySet } from "../core/capability.ts";
import { requireMatch, requirePut } from "../core/commit.ts";
import { InvalidArgumentError, NotFoundError } from "../core/errors.ts";
import { toExtra, withStored } from "../core/results.ts";
import type { Shelf, StoredFile } from "./memory/shelf.ts";
import { Tree } from "./memory/tree.ts";

const DECLARED: ReadonlySet<Capability> = new CapabilitySet([
  "read",
  "write",
  "delete",
  "list",
  "list_from",
  "move",
  "copy",
  "metadata",
  "atomic_write",
  "atomic_move",
  "user_metadata",
  "conditional_write",
  "conditional_delete",
  "conditional_copy",
  "copy_metadata",
  "seekable_read",
  "write_result_native",
]);

/**
 * Keeps files in memory, in a tree. Has no `GLOB`, `LAZY_READ` and `PRESIGN`. `close` forgets nothing: the backend goes on when it is used again.
 */
export class MemoryBackend implements Backend {
  /** The name in errors. */
  readonly name = "memory" as const;
  /** What it can do. */
  readonly capabilities: ReadonlySet<Capability> = DECLARED;
  /** Folders exist of themselves. */
  readonly namespace = "hierarchical" as const;
  /** A closed memory is still there. */
  readonly closeIsTerminal = false as const;
  /** `delete` knows what it deleted. */
  readonly deleteTells = true as const;

  readonly #shelf: Shelf = new Tree();
  #version = 0;
  /**
   * In front of every version, so that no other memory has the same tags. Drawn at the
   * first write: Workers draw nothing while a module is loaded.
   */
  #name = "";

  /** Creates an empty memory. There is nothing to configure, and nothing to retry. */
  constructor() {
    if (arguments.length > 0) {
      throw new InvalidArgumentError(
        "Cannot create a MemoryBackend: it takes no options",
      );
    }
  }

  /** Returns what stands at a key. */
  stat(key: string): Promise<Entry> {
    return Promise.resolve(this.#shelf.entryAt(key));
  }

  /** Returns the whole snapshot; the kernel cuts the range out of it. */
  // deno-lint-ignore require-await -- a failed condition rejects
  async read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    const file = this.#shelf.fileAt(key);
    if (file === null) return null;
    const { entry, bytes } = file;
    if (request.ifMatch !== null) {
      requireMatch(entry.etag, request.ifMatch, key);
    }
    return { entry, offset: 0, length: bytes.byteLength, body: bytes };
  }

  /** Takes a copy of the content, then puts it in one step. */
  async write(
    key: string,
    body: Body,
    request: WriteRequest,
  ): Promise<WriteFacts> {
    const bytes = body.kind === "bytes"
      ? body.bytes.slice()
      : await toBytes(body.stream) as Uint8Array<ArrayBuffer>;
    const etag = this.#nextEtag();
    const lastModified = Date.now();
    const entry: FileEntry = {
      kind: "file",
      size: bytes.byteLength,
      lastModified,
      etag,
      digest: null,
      contentType: request.headers.contentType,
      metadata: request.metadata,
      extra: toExtra(request.headers),
    };
    this.#put(key, { entry, bytes }, request.condition);
    return { etag, lastModified, versionId: null, digest: null };
  }

  /** Deletes a file; its folder stays. */
  // deno-lint-ignore require-await -- a failed condition rejects
  async delete(key: string, request: DeleteRequest): Promise<boolean> {
    const file = this.#shelf.fileAt(key);
    if (file === null) return false;
    if (request.ifMatch !== null) {
      requireMatch(file.entry.etag, request.ifMatch, key);
    }
    this.#shelf.remove(key);
    return true;
  }

  /** Lists a page; see {@linkcode ListRequest}. */
  // deno-lint-ignore require-await -- keeps the work inside the promise
  async list(prefix: string, request: ListRequest): Promise<ListPage> {
    return this.#shelf.list(prefix, request);
  }

  /** Removes a folder, with everything below it where `recursive`. */
  // deno-lint-ignore require-await -- keeps the work inside the promise
  async removeFolder(
    key: string,
    { recursive }: RemoveFolderRequest,
  ): Promise<boolean> {
    return this.#shelf.removeFolder(key, recursive);
  }

  /** Copies a file; the copy is a new version. */
  // deno-lint-ignore require-await -- a refused destination rejects
  async copy(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    const { entry, bytes } = this.#source(source, request);
    const { stored } = request;
    const etag = this.#nextEtag();
    const copied = {
      ...stored === null ? entry : withStored(entry, stored),
      etag,
      lastModified: Date.now(),
    };
    this.#put(target, { entry: copied, bytes }, request.condition);
  }

  /** Moves a file as it is: version and time stay. */
  // deno-lint-ignore require-await -- a refused destination rejects
  async move(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    this.#put(target, this.#source(source, request), request.condition);
    this.#shelf.remove(source);
  }

  /** Memory is always there. */
  ping(): Promise<void> {
    return Promise.resolve();
  }

  /** Keeps the files: the backend can be used again. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Returns the key itself. */
  nativePath(key: string): string {
    return key;
  }

  /** Returns the key itself. */
  toKey(nativePath: string): string {
    return nativePath;
  }

  #source(key: string, { source, sourceNamed }: CopyRequest): StoredFile {
    const file = this.#shelf.fileAt(key);
    if (file === null) throw new NotFoundError(undefined, { path: key });
    if (sourceNamed) requireMatch(file.entry.etag, source.etag ?? "", key);
    return file;
  }

  #nextEtag(): string {
    this.#name ||= crypto.randomUUID().slice(0, 18);
    return `"${this.#name}-${++this.#version}"`;
  }

  /** Checks and puts in one step: no await may come between the two. */
  #put(key: string, file: StoredFile, condition: WriteCondition): void {
    requirePut(this.#shelf.entryAt(key), condition, key);
    this.#shelf.put(key, file);
  }
}
