/**
 * A hierarchical backend: folders exist of themselves, and outlive their files. It is
 * built beside the flat one in `docs/writing-a-backend.md`.
 *
 * @module
 */
import {
  type Backend,
  type Body,
  type ByteRange,
  Capability,
  CapabilitySet,
  type CopyRequest,
  type DeleteRequest,
  type Entry,
  type FileEntry,
  type ListedFile,
  type ListPage,
  type ListRequest,
  NotFoundError,
  readAll,
  type ReadAnswer,
  type ReadRequest,
  type RemoveFolderRequest,
  requireMatch,
  requirePut,
  type WriteCondition,
  type WriteFacts,
  type WriteRequest,
} from "@remote-store/core";

/** A file of a tree. */
export interface TreeFile {
  /** What is known of it. */
  readonly entry: FileEntry;
  /** Its bytes; replaced as a whole, never changed. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A folder of a tree: what is in it, by name. */
export type TreeFolder = Map<string, TreeFile | TreeFolder>;

/** Keeps files in nested maps. */
export class TreeBackend implements Backend {
  readonly name = "tree";
  readonly capabilities: ReadonlySet<Capability> = new CapabilitySet([
    Capability.READ,
    Capability.WRITE,
    Capability.DELETE,
    Capability.LIST,
    Capability.MOVE,
    Capability.COPY,
    Capability.METADATA,
    Capability.ATOMIC_WRITE,
    Capability.USER_METADATA,
    Capability.CONDITIONAL_WRITE,
    Capability.CONDITIONAL_DELETE,
    Capability.SEEKABLE_READ,
    Capability.WRITE_RESULT_NATIVE,
  ]);
  readonly namespace = "hierarchical";
  readonly closeIsTerminal = false;
  readonly deleteTells = true;

  readonly #root: TreeFolder;
  #version = 0;

  /** Creates a backend over a folder. */
  constructor(root: TreeFolder) {
    this.#root = root;
  }

  // deno-lint-ignore require-await -- what it finds is a promise's
  async stat(key: string): Promise<Entry> {
    return this.#look(key);
  }

  // deno-lint-ignore require-await -- a failed condition rejects
  async read(
    key: string,
    { ifMatch, range }: ReadRequest,
  ): Promise<ReadAnswer | null> {
    const file = this.#file(key);
    if (file === null) return null;
    const { entry, bytes } = file;
    if (ifMatch !== null) requireMatch(entry.etag, ifMatch, key);
    const [from, to] = placeOf(range, bytes.byteLength);
    const body = bytes.subarray(from, to);
    return { entry, offset: from, length: body.byteLength, body };
  }

  async write(
    key: string,
    body: Body,
    { condition, headers, metadata }: WriteRequest,
  ): Promise<WriteFacts> {
    // The await comes first: from here on, nothing may come in between.
    const bytes = body.kind === "bytes"
      ? body.bytes.slice()
      : await readAll(body.stream);
    const { contentType, ...others } = headers;
    const given = Object.entries(others).filter(([, value]) => value !== null);
    const etag = `"tree-${++this.#version}"`;
    const lastModified = Date.now();
    const entry: FileEntry = {
      kind: "file",
      size: bytes.byteLength,
      lastModified,
      etag,
      digest: null,
      contentType,
      metadata,
      extra: Object.fromEntries(given),
    };
    this.#put(key, { entry, bytes }, condition);
    return { etag, lastModified, versionId: null, digest: null };
  }

  // deno-lint-ignore require-await -- a failed condition rejects
  async delete(key: string, { ifMatch }: DeleteRequest): Promise<boolean> {
    const file = this.#file(key);
    if (file === null) return false;
    if (ifMatch !== null) requireMatch(file.entry.etag, ifMatch, key);
    const [above, name] = split(key);
    return this.#folder(above)!.delete(name);
  }

  // deno-lint-ignore require-await -- keeps the work inside the promise
  async list(
    prefix: string,
    { shallow, maxDepth, cursor, limit }: ListRequest,
  ): Promise<ListPage> {
    const start = this.#folder(prefix.slice(0, -1));
    const deepest = shallow ? 0 : maxDepth ?? Infinity;
    const found = start === null ? [] : [...below(start, prefix, deepest)];
    // The place in the order is the cursor: it holds whatever is added meanwhile.
    found.sort(([a], [b]) => a < b ? -1 : 1);
    const rest = found.filter(([key]) =>
      typeof cursor !== "string" || key > cursor
    );
    const page = rest.slice(0, limit ?? 1000);
    const files: ListedFile[] = [];
    const folders: string[] = [];
    for (const [key, node] of page) {
      if (node instanceof Map) folders.push(key);
      else files.push({ key, ...node.entry });
    }
    const last = page.at(-1)?.[0];
    const hasMore = page.length < rest.length && last !== undefined;
    return { files, folders, cursor: hasMore ? last : null };
  }

  // deno-lint-ignore require-await -- keeps the work inside the promise
  async removeFolder(
    key: string,
    { recursive }: RemoveFolderRequest,
  ): Promise<boolean> {
    const folder = this.#folder(key);
    if (folder === null) return true;
    if (folder.size > 0 && !recursive) return false;
    const [above, name] = split(key);
    this.#folder(above)!.delete(name);
    return true;
  }

  // deno-lint-ignore require-await -- a refused target rejects
  async copy(
    source: string,
    target: string,
    { condition }: CopyRequest,
  ): Promise<void> {
    const file = this.#file(source);
    if (file === null) throw new NotFoundError(undefined, { path: source });
    const etag = `"tree-${++this.#version}"`;
    const entry = { ...file.entry, etag, lastModified: Date.now() };
    this.#put(target, { ...file, entry }, condition);
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  nativePath(key: string): string {
    return key;
  }

  toKey(nativePath: string): string {
    return nativePath;
  }

  /** What stands at a key; a file on the way to it blocks it. */
  #look(key: string): Entry {
    let node: TreeFile | TreeFolder | undefined = this.#root;
    let path = "";
    for (const name of key === "" ? [] : key.split("/")) {
      if (!(node instanceof Map)) return { kind: "blocked", by: path };
      path = path === "" ? name : `${path}/${name}`;
      node = node.get(name);
      if (node === undefined) return null;
    }
    return node instanceof Map ? { kind: "folder" } : node.entry;
  }

  #node(key: string): TreeFile | TreeFolder | undefined {
    let node: TreeFile | TreeFolder | undefined = this.#root;
    for (const name of key === "" ? [] : key.split("/")) {
      if (!(node instanceof Map)) return undefined;
      node = node.get(name);
    }
    return node;
  }

  #file(key: string): TreeFile | null {
    const node = this.#node(key);
    return node === undefined || node instanceof Map ? null : node;
  }

  #folder(key: string): TreeFolder | null {
    const node = this.#node(key);
    return node instanceof Map ? node : null;
  }

  /** Checks and puts in one step, with the folders above: no await may come between. */
  #put(key: string, file: TreeFile, condition: WriteCondition): void {
    requirePut(this.#look(key), condition, key);
    const [above, name] = split(key);
    let folder = this.#root;
    for (const part of above === "" ? [] : above.split("/")) {
      const next = folder.get(part) ?? new Map();
      folder.set(part, next);
      // A file here would have blocked the key.
      folder = next as TreeFolder;
    }
    folder.set(name, file);
  }
}

/** Where a range begins and ends in a file. */
function placeOf(
  range: ByteRange | null,
  size: number,
): [from: number, to: number] {
  if (range === null) return [0, size];
  if ("suffix" in range) return [Math.max(size - range.suffix, 0), size];
  const from = Math.min(range.offset, size);
  return [from, Math.min(from + (range.length ?? size), size)];
}

/** The folder of a key, and the name in it. */
function split(key: string): [folder: string, name: string] {
  const slash = key.lastIndexOf("/");
  return [key.slice(0, Math.max(slash, 0)), key.slice(slash + 1)];
}

/** All that lies below a folder, as deep as it is wanted. */
function* below(
  folder: TreeFolder,
  prefix: string,
  depth: number,
): Generator<[key: string, node: TreeFile | TreeFolder]> {
  for (const [name, node] of folder) {
    yield [prefix + name, node];
    if (node instanceof Map && depth > 0) {
      yield* below(node, `${prefix}${name}/`, depth - 1);
    }
  }
}
