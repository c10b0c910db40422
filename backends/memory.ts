/**
 * Files in memory: the reference backend. Tests and small caches use it as it is;
 * authors of backends read it first, because it is the whole contract on one page.
 *
 * Folders exist of themselves and outlive their files, or with `namespace: "flat"` are
 * what keys have in common, so that it stands in for S3 in tests. Reads are snapshots.
 * Every change is one synchronous step, so concurrent callers never see a half of it.
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
  ListedFile,
  ListPage,
  ListRequest,
  ReadAnswer,
  ReadRequest,
  RemoveFolderRequest,
  StatRequest,
  WriteCondition,
  WriteFacts,
  WriteRequest,
} from "../core/backend.ts";
import type { BackendUploads } from "../core/backend_uploads.ts";
import { type Capability, CapabilitySet } from "../core/capability.ts";
import { requireMatch, requirePut, requireRoom } from "../core/commit.ts";
import { NotFoundError, refuse } from "../core/errors.ts";
import { type KnownOptions, requireKnown } from "../core/known_options.ts";
import { checkFlag } from "../core/gates.ts";
import { toExtra, withStored } from "../core/results.ts";
import { History, versionOf } from "./memory/history.ts";
import type { Shelf, StoredFile } from "./memory/shelf.ts";
import { Row } from "./memory/row.ts";
import { Tree } from "./memory/tree.ts";
import { MemoryUploads } from "./memory/uploads.ts";

/** The entries of a page, as many as S3 gives. */
const PAGE_ENTRIES = 1000;

/** Options of the {@linkcode MemoryBackend} constructor. */
export interface MemoryOptions {
  /**
   * `"hierarchical"`: folders exist of themselves, as on a disk. `"flat"`: they are what
   * keys have in common, as on S3, and what that changes is as there: an empty folder is
   * none, a file and a folder may have one name, listings are in order, a move is a copy
   * and a deletion, a delete looks first.
   *
   * @default {"hierarchical"}
   */
  readonly namespace?: "flat" | "hierarchical" | undefined;
  /**
   * Whether versions are kept (`VERSIONS`): what is replaced or deleted can be read, and
   * stays in memory, until its version is deleted. As on S3, the version before is current
   * once the current one is deleted by its id.
   *
   * @default {false}
   */
  readonly versions?: boolean | undefined;
}

const MEMORY: KnownOptions<MemoryOptions> = {
  namespace: "string",
  versions: "boolean",
};

const BOTH: readonly Capability[] = [
  "read",
  "write",
  "delete",
  "list",
  "list_from",
  "move",
  "copy",
  "metadata",
  "atomic_write",
  "user_metadata",
  "conditional_write",
  "conditional_delete",
  "conditional_copy",
  "copy_metadata",
  "seekable_read",
  "write_result_native",
  "resumable_upload",
];

const DECLARED: Readonly<Record<string, readonly Capability[]>> = {
  hierarchical: [...BOTH, "atomic_move", "create_folder"],
  flat: [...BOTH, "glob"],
};

/**
 * Keeps files in memory: in a tree, or with a flat namespace as S3 does. Has no `LAZY_READ`
 * and `PRESIGN`. `close` forgets nothing: the backend goes on when it is used again.
 */
export class MemoryBackend implements Backend {
  /** The name in errors. */
  readonly name = "memory" as const;
  /**
   * What it can do: `ATOMIC_MOVE` and `CREATE_FOLDER` with a hierarchical namespace, `GLOB`
   * with a flat one, `VERSIONS` where it is told to keep them.
   */
  readonly capabilities: ReadonlySet<Capability>;
  /** Whether folders exist of themselves. */
  readonly namespace: "flat" | "hierarchical";
  /** A closed memory is still there. */
  readonly closeIsTerminal = false as const;
  /** `delete` knows what it deleted; with a flat namespace it does not tell, as S3. */
  readonly deleteTells: boolean;

  /** Uploads in parts; they end with the memory. */
  readonly uploads: BackendUploads = new MemoryUploads({
    require: (key, { condition }) =>
      requirePut(this.#shelf.entryAt(key), condition, key),
    put: (key, bytes, request) => this.#create(key, bytes, request),
    find: (key) => this.#shelf.entryAt(key),
  });

  readonly #shelf: Shelf;
  readonly #history: History | null;
  #version = 0;
  /**
   * In front of every version, so that no other memory has the same tags. Drawn at the
   * first write: Workers draw nothing while a module is loaded.
   */
  #name = "";

  /**
   * Creates an empty memory.
   *
   * @throws {InvalidArgumentError} If the namespace is none, or an option is wrong.
   */
  constructor(options: MemoryOptions = {}) {
    requireKnown("create a MemoryBackend", null, options ?? {}, MEMORY);
    const { namespace = "hierarchical" } = options ?? {};
    if (!Object.hasOwn(DECLARED, namespace)) {
      refuse(
        "create a MemoryBackend",
        null,
        `its namespace is ${
          JSON.stringify(namespace)
        }, "flat" or "hierarchical" is needed`,
      );
    }
    const action = "create a MemoryBackend";
    const versions = checkFlag(action, null, "versions", options?.versions);
    const flat = namespace === "flat";
    this.namespace = namespace;
    const declared = DECLARED[namespace]!;
    this.capabilities = new CapabilitySet(
      versions ? [...declared, "versions"] : declared,
    );
    this.#history = versions ? new History() : null;
    this.deleteTells = !flat;
    this.#shelf = flat ? new Row(PAGE_ENTRIES) : new Tree(PAGE_ENTRIES);
  }

  /** Returns what stands at a key, or a version of it. */
  stat(key: string, request?: StatRequest): Promise<Entry> {
    const versionId = request?.versionId;
    const entry = versionId
      ? this.#fileAt(key, versionId)?.entry ?? null
      : this.#shelf.entryAt(key);
    return Promise.resolve(entry);
  }

  /** Returns the whole snapshot; the kernel cuts the range out of it. */
  // deno-lint-ignore require-await -- a failed condition rejects
  async read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    const file = this.#fileAt(key, request.versionId);
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
    const entry = this.#create(key, bytes, request);
    const { etag, lastModified } = entry;
    return { etag, lastModified, versionId: versionOf(entry), digest: null };
  }

  /** Deletes a file, or one version of it; its folder stays. */
  // deno-lint-ignore require-await -- a failed condition rejects
  async delete(key: string, request: DeleteRequest): Promise<boolean> {
    const file = this.#fileAt(key, request.versionId);
    if (file === null) return false;
    if (request.versionId) {
      this.#history?.remove(file);
      if (this.#shelf.fileAt(key) !== file) return true;
      const before = this.#history?.newest(key) ?? null;
      if (before !== null) {
        this.#shelf.put(key, before);
        return true;
      }
    }
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

  /** Creates a folder, and those above it. */
  // deno-lint-ignore require-await -- a file in the way rejects
  async createFolder(key: string): Promise<void> {
    if (!requireRoom(this.#shelf.entryAt(key), key)) {
      this.#shelf.createFolder(key);
    }
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
    this.#copy(source, target, request);
  }

  /**
   * Moves a file as it is: version and time stay. With a flat namespace it is a copy and a
   * deletion, so that they do not.
   */
  // deno-lint-ignore require-await -- a refused destination rejects
  async move(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    if (this.namespace === "flat") this.#copy(source, target, request);
    else {
      const { entry, bytes } = this.#source(source, request);
      const moved = { ...entry, key: target };
      this.#put({ entry: moved, bytes }, request.condition);
    }
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

  #copy(source: string, target: string, request: CopyRequest): void {
    const { entry, bytes } = this.#source(source, request);
    const { stored } = request;
    const copied = stored === null ? entry : withStored(entry, stored);
    const file = { entry: this.#anew({ ...copied, key: target }), bytes };
    this.#put(file, request.condition);
  }

  #source(key: string, { source, sourceNamed }: CopyRequest): StoredFile {
    const file = this.#shelf.fileAt(key);
    if (file === null) throw new NotFoundError(undefined, { path: key });
    if (sourceNamed) requireMatch(file.entry.etag, source.etag ?? "", key);
    return file;
  }

  #fileAt(key: string, versionId?: string | null): StoredFile | null {
    return versionId
      ? this.#history?.find(key, versionId) ?? null
      : this.#shelf.fileAt(key);
  }

  /** Returns a file as a new version. */
  #anew(entry: ListedFile): ListedFile {
    this.#name ||= crypto.randomUUID().slice(0, 18);
    const versionId = `${this.#name}-${++this.#version}`;
    const etag = `"${versionId}"`;
    const { extra } = entry;
    return {
      ...entry,
      etag,
      lastModified: Date.now(),
      extra: this.#history === null ? extra : { ...extra, versionId },
    };
  }

  #create(
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
    request: Pick<WriteRequest, "condition" | "headers" | "metadata">,
  ): ListedFile {
    const entry = this.#anew({
      key,
      kind: "file",
      size: bytes.byteLength,
      lastModified: null,
      etag: null,
      digest: null,
      contentType: request.headers.contentType,
      metadata: request.metadata,
      extra: toExtra(request.headers),
    });
    this.#put({ entry, bytes }, request.condition);
    return entry;
  }

  /** Checks and puts in one step: no await may come between the two. */
  #put(file: StoredFile, condition: WriteCondition): void {
    const { key } = file.entry;
    requirePut(this.#shelf.entryAt(key), condition, key);
    this.#shelf.put(key, file);
    this.#history?.keep(file);
  }
}
