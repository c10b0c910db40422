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
 * await store.write("a/b.txt", "B");
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
import { type Capability, CapabilitySet } from "../core/capability.ts";
import { requireMatch, requirePut } from "../core/commit.ts";
import { InvalidArgumentError, NotFoundError } from "../core/errors.ts";
import { joinKey, keyName, parentKey } from "../core/path.ts";

/** The entries of a page, as many as S3 gives. */
const PAGE_ENTRIES = 1000;

interface FileNode {
  readonly kind: "file";
  readonly entry: FileEntry;
  /** Never changed in place and never handed out, so that reads are snapshots. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface FolderNode {
  readonly kind: "folder";
  readonly children: Map<string, Node>;
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
  "seekable_read",
  "write_result_native",
]);

/**
 * Keeps files in memory, in a tree. Every capability but `GLOB`, `LAZY_READ` and
 * `PRESIGN`. `close` forgets nothing: the backend goes on when it is used again.
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

  readonly #root: FolderNode = { kind: "folder", children: new Map() };
  #version = 0;

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
    const { contentType, ...extra } = request.headers;
    const entry: FileEntry = {
      ...this.#stamp(),
      kind: "file",
      size: bytes.byteLength,
      digest: null,
      contentType,
      metadata: request.metadata,
      extra: given(extra),
    };
    this.#put(key, { kind: "file", entry, bytes }, request.condition);
    const { etag, lastModified } = entry;
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
    this.#detach(key);
    return true;
  }

  /** Lists in the order of creation. What changes between two pages may be seen or not. */
  // deno-lint-ignore require-await -- keeps the work inside the promise
  async list(prefix: string, request: ListRequest): Promise<ListPage> {
    const walk = request.cursor instanceof Walk
      ? request.cursor
      : this.#walk(prefix, request);
    const limit = request.limit ?? PAGE_ENTRIES;
    const files: ListedFile[] = [];
    const folders: string[] = [];
    while (files.length + folders.length < limit) {
      const next = walk.next();
      if (next === null) return { files, folders, cursor: null };
      const { key, node } = next;
      if (node.kind === "folder") folders.push(key);
      else files.push({ key, ...node.entry });
    }
    return { files, folders, cursor: walk };
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
    this.#detach(key);
    return true;
  }

  /** Copies a file; the copy is a new version. */
  // deno-lint-ignore require-await -- a refused destination rejects
  async copy(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    const node = this.#source(source);
    const entry = { ...node.entry, ...this.#stamp() };
    this.#put(target, { ...node, entry }, request.condition);
  }

  /** Moves a file as it is: version and time stay. */
  // deno-lint-ignore require-await -- a refused destination rejects
  async move(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    const node = this.#source(source);
    this.#put(target, node, request.condition);
    this.#detach(source);
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
    if (key === "") return this.#root;
    let node: Node = this.#root;
    let end = -1;
    while (end < key.length) {
      if (node.kind === "file") {
        return { kind: "blocked", by: key.slice(0, end) };
      }
      const start = end + 1;
      const slash = key.indexOf("/", start);
      end = slash < 0 ? key.length : slash;
      const child = node.children.get(key.slice(start, end));
      if (child === undefined) return null;
      node = child;
    }
    return node;
  }

  #source(key: string): FileNode {
    const node = this.#find(key);
    if (node?.kind === "file") return node;
    throw new NotFoundError(undefined, { path: key });
  }

  #stamp(): { etag: string; lastModified: number } {
    return { etag: `"${++this.#version}"`, lastModified: Date.now() };
  }

  /** Checks and puts in one step: no await may come between the two. */
  #put(key: string, node: FileNode, condition: WriteCondition): void {
    requirePut(toEntry(this.#find(key)), condition, key);
    let folder = this.#root;
    for (let slash = key.indexOf("/"); slash >= 0;) {
      const end = key.indexOf("/", slash + 1);
      const name = keyName(key.slice(0, slash));
      folder = openFolder(folder, name);
      slash = end;
    }
    folder.children.set(keyName(key), node);
  }

  #detach(key: string): void {
    const parent = this.#find(parentKey(key));
    if (parent?.kind === "folder") parent.children.delete(keyName(key));
  }

  #walk(prefix: string, request: ListRequest): Walk {
    const key = prefix.slice(0, -1);
    const node = this.#find(key);
    const maxDepth = request.shallow ? 0 : request.maxDepth ?? Infinity;
    return new Walk(key, node?.kind === "folder" ? node : null, maxDepth);
  }
}

interface Blocked {
  readonly kind: "blocked";
  readonly by: string;
}

function openFolder(folder: FolderNode, name: string): FolderNode {
  const child = folder.children.get(name);
  // requirePut has refused every path below a file.
  if (child?.kind === "folder") return child;
  const created: FolderNode = { kind: "folder", children: new Map() };
  folder.children.set(name, created);
  return created;
}

function toEntry(node: Node | Blocked | null): Entry {
  if (node === null || node.kind === "blocked") return node;
  return node.kind === "file" ? node.entry : { kind: "folder" };
}

function given(
  headers: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> | null {
  let extra: Record<string, string> | null = null;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== null) (extra ??= {})[name] = value;
  }
  return extra;
}

/**
 * Where a listing stands: one live iterator a level, so that a page costs its own
 * entries and no sorted copy of the folder.
 */
class Walk {
  readonly #levels: { key: string; entries: Iterator<[string, Node]> }[] = [];
  readonly #maxDepth: number;

  constructor(key: string, folder: FolderNode | null, maxDepth: number) {
    this.#maxDepth = maxDepth;
    if (folder !== null) this.#enter(key, folder);
  }

  next(): { key: string; node: Node } | null {
    for (;;) {
      const level = this.#levels.at(-1);
      if (level === undefined) return null;
      const { done, value } = level.entries.next();
      if (done) {
        this.#levels.pop();
        continue;
      }
      const key = joinKey(level.key, value[0]);
      const node = value[1];
      if (node.kind === "folder" && this.#levels.length <= this.#maxDepth) {
        this.#enter(key, node);
      }
      return { key, node };
    }
  }

  #enter(key: string, folder: FolderNode): void {
    this.#levels.push({ key, entries: folder.children.entries() });
  }
}
