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
  ListedFile,
  ListPage,
  ListRequest,
  ReadAnswer,
  ReadRequest,
  RemoveFolderRequest,
  WriteCondition,
  WriteFacts,
  WriteRequest,
} from "../core/backend.ts";
import type { BackendUploads } from "../core/backend_uploads.ts";
import { type Capability, CapabilitySet } from "../core/capability.ts";
import { requireMatch, requirePut } from "../core/commit.ts";
import { InvalidArgumentError, NotFoundError } from "../core/errors.ts";
import { parentKey } from "../core/path.ts";
import { toExtra } from "../core/results.ts";
import { MemoryUploads } from "./memory/uploads.ts";

/** The entries of a page, as many as S3 gives. */
const PAGE_ENTRIES = 1000;

interface FileNode {
  readonly kind: "file";
  readonly key: string;
  /** When the node was made, counted in nodes. */
  readonly born: number;
  /** Whole, so that a listing hands it out as it is. Replaced, never changed. */
  entry: ListedFile;
  /** Replaced, never changed in place and never handed out: reads are snapshots. */
  bytes: Uint8Array<ArrayBuffer>;
}

interface FolderNode {
  readonly kind: "folder";
  readonly key: string;
  readonly born: number;
  readonly children: Set<Node>;
}

type Node = FileNode | FolderNode;

const DECLARED: ReadonlySet<Capability> = new CapabilitySet([
  "read",
  "write",
  "delete",
  "list",
  "move",
  "copy",
  "metadata",
  "atomic_write",
  "atomic_move",
  "user_metadata",
  "conditional_write",
  "conditional_delete",
  "seekable_read",
  "write_result_native",
  "resumable_upload",
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

  /** Uploads in parts; they end with the memory. */
  readonly uploads: BackendUploads = new MemoryUploads({
    require: (key, { condition }) =>
      requirePut(toEntry(this.#find(key)), condition, key),
    put: (key, bytes, request) => this.#create(key, bytes, request),
    find: (key) => toEntry(this.#find(key)),
  });

  readonly #root: FolderNode = newFolder("", 0);
  /** Every node by its key; the tree below the root is for listings. */
  readonly #nodes = new Map<string, Node>([["", this.#root]]);
  #version = 0;
  /**
   * In front of every version, so that no other memory has the same tags. Drawn at the
   * first write: Workers draw nothing while a module is loaded.
   */
  #name = "";
  #births = 0;

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
    return Promise.resolve(toEntry(this.#find(key)));
  }

  /** Returns the whole snapshot; the kernel cuts the range out of it. */
  // deno-lint-ignore require-await -- a failed condition rejects
  async read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    const node = this.#find(key);
    if (node?.kind !== "file") return null;
    const { entry, bytes } = node;
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
    const { etag, lastModified } = this.#create(key, bytes, request);
    return { etag, lastModified, versionId: null, digest: null };
  }

  /** Deletes a file; its folder stays. */
  // deno-lint-ignore require-await -- a failed condition rejects
  async delete(key: string, request: DeleteRequest): Promise<boolean> {
    const node = this.#find(key);
    if (node?.kind !== "file") return false;
    if (request.ifMatch !== null) {
      requireMatch(node.entry.etag, request.ifMatch, key);
    }
    this.#detach(node);
    return true;
  }

  /** Lists in the order of creation. What changes between two pages may be seen or not. */
  // deno-lint-ignore require-await -- keeps the work inside the promise
  async list(prefix: string, request: ListRequest): Promise<ListPage> {
    const { walk } = request.cursor as Position | null ??
      { walk: this.#walk(prefix, request) };
    const limit = request.limit ?? PAGE_ENTRIES;
    const files: ListedFile[] = [];
    const folders: string[] = [];
    while (files.length + folders.length < limit) {
      const next = walk.next();
      if (next === null) return { files, folders, cursor: null };
      if (next.kind === "folder") folders.push(next.key);
      else files.push(next.entry);
    }
    return { files, folders, cursor: { walk } };
  }

  /** Removes a folder, with everything below it where `recursive`. */
  // deno-lint-ignore require-await -- keeps the work inside the promise
  async removeFolder(
    key: string,
    request: RemoveFolderRequest,
  ): Promise<boolean> {
    const node = this.#find(key);
    if (node?.kind !== "folder") return true;
    if (node.children.size > 0 && !request.recursive) return false;
    this.#detach(node);
    return true;
  }

  /** Copies a file; the copy is a new version. */
  // deno-lint-ignore require-await -- a refused destination rejects
  async copy(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    const { entry, bytes } = this.#source(source);
    const etag = this.#nextEtag();
    const copied = { ...entry, key: target, etag, lastModified: Date.now() };
    this.#put(target, copied, bytes, request.condition);
  }

  /** Moves a file as it is: version and time stay. */
  // deno-lint-ignore require-await -- a refused destination rejects
  async move(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    const node = this.#source(source);
    const moved = { ...node.entry, key: target };
    this.#put(target, moved, node.bytes, request.condition);
    this.#detach(node);
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

  #find(key: string): Node | Blocked | null {
    const node = this.#nodes.get(key);
    if (node !== undefined) return node;
    for (let by = parentKey(key); by !== ""; by = parentKey(by)) {
      const above = this.#nodes.get(by);
      if (above !== undefined) {
        return above.kind === "file" ? { kind: "blocked", by } : null;
      }
    }
    return null;
  }

  #source(key: string): FileNode {
    const node = this.#nodes.get(key);
    if (node?.kind === "file") return node;
    throw new NotFoundError(undefined, { path: key });
  }

  #nextEtag(): string {
    this.#name ||= crypto.randomUUID().slice(0, 18);
    return `"${this.#name}-${++this.#version}"`;
  }

  #create(
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
    request: Pick<WriteRequest, "condition" | "headers" | "metadata">,
  ): ListedFile {
    const entry: ListedFile = {
      key,
      kind: "file",
      size: bytes.byteLength,
      lastModified: Date.now(),
      etag: this.#nextEtag(),
      digest: null,
      contentType: request.headers.contentType,
      metadata: request.metadata,
      extra: toExtra(request.headers),
    };
    this.#put(key, entry, bytes, request.condition);
    return entry;
  }

  /** Checks and puts in one step: no await may come between the two. */
  #put(
    key: string,
    entry: ListedFile,
    bytes: Uint8Array<ArrayBuffer>,
    condition: WriteCondition,
  ): void {
    const node = this.#find(key);
    requirePut(toEntry(node), condition, key);
    if (node?.kind === "file") {
      node.entry = entry;
      node.bytes = bytes;
    } else {
      this.#attach({ kind: "file", key, born: ++this.#births, entry, bytes });
    }
  }

  #attach(node: Node): void {
    this.#nodes.set(node.key, node);
    this.#folder(parentKey(node.key)).children.add(node);
  }

  /** Returns the folder at a key, created with all above it where it is missing. */
  #folder(key: string): FolderNode {
    const node = this.#nodes.get(key);
    // requirePut has refused every key below a file.
    if (node?.kind === "folder") return node;
    const created = newFolder(key, ++this.#births);
    this.#attach(created);
    return created;
  }

  #detach(node: Node): void {
    this.#folder(parentKey(node.key)).children.delete(node);
    this.#forget(node);
  }

  #forget(node: Node): void {
    this.#nodes.delete(node.key);
    if (node.kind === "folder") node.children.forEach((n) => this.#forget(n));
  }

  #walk(prefix: string, request: ListRequest): Walk {
    const node = this.#nodes.get(prefix.slice(0, -1));
    const maxDepth = request.shallow ? 0 : request.maxDepth ?? Infinity;
    return new Walk(
      node?.kind === "folder" ? node : null,
      maxDepth,
      this.#births,
    );
  }
}

interface Blocked {
  readonly kind: "blocked";
  readonly by: string;
}

function newFolder(key: string, born: number): FolderNode {
  return { kind: "folder", key, born, children: new Set() };
}

function toEntry(node: Node | Blocked | null): Entry {
  if (node === null || node.kind === "blocked") return node;
  return node.kind === "file" ? node.entry : { kind: "folder" };
}

/** The cursor of one page. */
interface Position {
  readonly walk: Walk;
}

/**
 * Where a listing stands: one live iterator a level, so that a page costs its own
 * entries and no sorted copy of the folder.
 */
class Walk {
  readonly #levels: Iterator<Node>[] = [];
  readonly #maxDepth: number;
  /** What was made later is not listed, or a loop that copies would never end. */
  readonly #births: number;

  constructor(folder: FolderNode | null, maxDepth: number, births: number) {
    this.#maxDepth = maxDepth;
    this.#births = births;
    if (folder !== null) this.#levels.push(folder.children.values());
  }

  next(): Node | null {
    for (let at; (at = this.#levels.at(-1)) !== undefined;) {
      const { done, value: node } = at.next();
      if (done || node.born > this.#births) {
        this.#levels.pop();
        continue;
      }
      if (node.kind === "folder" && this.#levels.length <= this.#maxDepth) {
        this.#levels.push(node.children.values());
      }
      return node;
    }
    return null;
  }
}
