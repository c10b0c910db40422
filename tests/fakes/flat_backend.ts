/**
 * A flat backend over a `Map`, as an object store is one: no folders but marker
 * objects, small pages in the order of keys, deletes that tell nothing.
 *
 * @module
 */
import { toBytes } from "@std/streams/to-bytes";
import {
  type Backend,
  type Body,
  type Capability,
  CapabilitySet,
  type CopyRequest,
  type DeleteRequest,
  type FileEntry,
  type ListedFile,
  type ListPage,
  type ListRequest,
  PreconditionFailedError,
  type ReadAnswer,
  type ReadRequest,
  requireMatch,
  requirePut,
  type SignalRequest,
  type WriteFacts,
  type WriteRequest,
} from "../../mod.ts";

interface Stored {
  readonly entry: FileEntry;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a test may turn off or on, to see what the kernel makes of it. */
export interface FlatOptions {
  /** What it declares. */
  readonly capabilities?: readonly Capability[];
  /** Capabilities of those that it does not declare. */
  readonly without?: readonly Capability[];
  /** Whether `deleteMany` is there. */
  readonly bulk?: boolean;
  /** Whether `delete` tells an absent file from a deleted one. */
  readonly deleteTells?: boolean;
  /** How many entries a page has. */
  readonly pageEntries?: number;
  /** How many bytes a chunk of a body has; `null` for bodies that are bytes at hand. */
  readonly chunkBytes?: number | null;
  /** Whether it is closed for good. */
  readonly closeIsTerminal?: boolean;
  /** Whether objects can carry a mark that says "folder". */
  readonly folderMarks?: boolean;
  /** Whether markers are given as folders of a listing, to be removed one by one. */
  readonly listsMarkers?: boolean;
}

const DECLARED: readonly Capability[] = [
  "read",
  "write",
  "delete",
  "list",
  "list_from",
  "move",
  "copy",
  "metadata",
  "atomic_write",
  "glob",
  "user_metadata",
  "conditional_write",
  "conditional_delete",
  "conditional_copy",
  "copy_metadata",
  "presign",
  "seekable_read",
  "lazy_read",
  "write_result_native",
];

/**
 * A flat store in memory, correct and small: sorted keys, listings by prefix in
 * small pages, marker objects, `delete` that tells nothing, no move, bodies as
 * streams of small chunks that it keeps an eye on.
 */
export class FlatBackend implements Backend {
  readonly name: string = "flat";
  readonly capabilities: ReadonlySet<Capability>;
  readonly namespace = "flat" as const;
  readonly closeIsTerminal: boolean;
  readonly deleteTells: boolean;
  readonly folderMarks: boolean;
  removeFolder?: (key: string) => Promise<boolean>;
  deleteMany?: (
    keys: readonly string[],
    request: SignalRequest,
  ) => Promise<ReadonlyMap<string, unknown>>;
  /** The bodies that were handed out and neither read to the end nor cancelled. */
  readonly openBodies: Set<object> = new Set();
  /** The objects by key; a key with a slash at its end is a folder's marker. */
  readonly objects: Map<string, Stored> = new Map();
  readonly #pageEntries: number;
  readonly #chunkBytes: number | null;
  readonly #listsMarkers: boolean;
  #version = 0;

  constructor(
    {
      capabilities = DECLARED,
      without = [],
      bulk = false,
      deleteTells = false,
      pageEntries = 3,
      chunkBytes = 16 * 1024,
      closeIsTerminal = true,
      folderMarks = false,
      listsMarkers = false,
    }: FlatOptions = {},
  ) {
    this.folderMarks = folderMarks;
    this.#listsMarkers = listsMarkers;
    if (listsMarkers) {
      this.removeFolder = (key) => {
        this.objects.delete(`${key}/`);
        return Promise.resolve(true);
      };
    }
    this.closeIsTerminal = closeIsTerminal;
    this.capabilities = new CapabilitySet(
      capabilities.filter((capability) => !without.includes(capability)),
    );
    this.deleteTells = deleteTells;
    this.#pageEntries = pageEntries;
    this.#chunkBytes = chunkBytes;
    if (bulk) {
      this.deleteMany = (keys) => {
        for (const key of keys) this.objects.delete(key);
        return Promise.resolve(new Map());
      };
    }
  }

  /** Puts a marker object, as a console leaves it for an empty folder. */
  mark(folder: string): void {
    this.put(`${folder}/`);
  }

  /** Puts an object under any name, as another client would. */
  put(name: string, content = "", folderMark?: boolean): void {
    const bytes = new TextEncoder().encode(content);
    const plain = this.#entry(bytes, null, null, {});
    const entry = folderMark ? { ...plain, folderMark } : plain;
    this.objects.set(name, { entry, bytes });
  }

  stat(key: string): Promise<FileEntry | null> {
    return Promise.resolve(this.objects.get(key)?.entry ?? null);
  }

  // deno-lint-ignore require-await -- a failed condition rejects
  async read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    const stored = this.objects.get(key);
    if (stored === undefined) return null;
    const { entry, bytes } = stored;
    if (request.ifMatch !== null) {
      requireMatch(entry.etag, request.ifMatch, key);
    }
    const { range } = request;
    const size = bytes.byteLength;
    const from = range === null
      ? 0
      : "suffix" in range
      ? Math.max(0, size - range.suffix)
      : Math.min(range.offset, size);
    const to = range === null || "suffix" in range
      ? size
      : Math.min(from + (range.length ?? size), size);
    const body = this.#body(bytes.subarray(from, to));
    return { entry, offset: from, length: to - from, body };
  }

  #body(bytes: Uint8Array<ArrayBuffer>): ReadAnswer["body"] {
    const chunkBytes = this.#chunkBytes;
    if (chunkBytes === null) return bytes;
    const token = {};
    this.openBodies.add(token);
    let at = 0;
    return new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (at < bytes.byteLength) {
          controller.enqueue(bytes.slice(at, at += chunkBytes));
        } else {
          this.openBodies.delete(token);
          controller.close();
        }
      },
      cancel: () => void this.openBodies.delete(token),
    }, { highWaterMark: 0 });
  }

  async write(
    key: string,
    body: Body,
    request: WriteRequest,
  ): Promise<WriteFacts> {
    const bytes = await this.take(body);
    const { contentType, ...headers } = request.headers;
    const extra: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (value !== null) extra[name] = value;
    }
    const entry = this.#entry(bytes, contentType, request.metadata, extra);
    requirePut(this.objects.get(key)?.entry ?? null, request.condition, key);
    this.objects.set(key, { entry, bytes });
    const { etag, lastModified } = entry;
    return { etag, versionId: null, lastModified, digest: null };
  }

  // No two versions have the same time, however fast they follow.
  #now(): number {
    return Date.now() + this.#version;
  }

  /** Returns the next version's name. */
  nextEtag(): string {
    return `"${(++this.#version).toString(16).padStart(8, "0")}"`;
  }

  /** Takes all of a body. */
  async take(body: Body): Promise<Uint8Array<ArrayBuffer>> {
    return body.kind === "bytes"
      ? body.bytes.slice()
      : await toBytes(body.stream) as Uint8Array<ArrayBuffer>;
  }

  #entry(
    { byteLength }: Uint8Array,
    contentType: string | null,
    metadata: FileEntry["metadata"],
    extra: FileEntry["extra"],
  ): FileEntry {
    return {
      kind: "file",
      size: byteLength,
      lastModified: this.#now(),
      etag: this.nextEtag(),
      digest: null,
      contentType,
      metadata,
      extra,
    };
  }

  // deno-lint-ignore require-await -- a failed condition rejects
  async delete(key: string, request: DeleteRequest): Promise<boolean> {
    const stored = this.objects.get(key);
    if (stored !== undefined && request.ifMatch !== null) {
      requireMatch(stored.entry.etag, request.ifMatch, key);
    }
    // As S3 does: 204, whether there was an object or not.
    return this.objects.delete(key) || !this.deleteTells;
  }

  list(prefix: string, request: ListRequest): Promise<ListPage> {
    const limit = Math.min(request.limit ?? Infinity, this.#pageEntries);
    const after = typeof request.cursor === "string"
      ? request.cursor
      : request.startAfter ?? "";
    const files: ListedFile[] = [];
    const folders: string[] = [];
    let last = "";
    for (const key of [...this.objects.keys()].sort()) {
      if (!key.startsWith(prefix)) continue;
      const slash = request.shallow ? key.indexOf("/", prefix.length) : -1;
      const place = slash < 0 ? key : key.slice(0, slash + 1);
      if (place <= after || place === last) continue;
      if (files.length + folders.length >= limit) {
        return Promise.resolve({ files, folders, cursor: last });
      }
      last = place;
      const stored = this.objects.get(key);
      const isMarker = place === key && place.endsWith("/");
      if (place !== key || (isMarker && this.#listsMarkers)) {
        folders.push(place.slice(0, -1));
      } else if (stored !== undefined) files.push({ ...stored.entry, key });
    }
    return Promise.resolve({ files, folders, cursor: null });
  }

  // deno-lint-ignore require-await -- a refused destination rejects
  async copy(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    const stored = this.objects.get(source);
    if (stored === undefined || stored.entry.etag !== request.source.etag) {
      throw new PreconditionFailedError();
    }
    const there = this.objects.get(target)?.entry ?? null;
    requirePut(there, request.condition, target);
    const { headers, metadata } = request.stored ?? {};
    const { contentType = null, ...others } = headers ?? {};
    const given = Object.entries(others).filter(([, value]) => value !== null);
    const extra = Object.fromEntries(given);
    const entry = {
      ...stored.entry,
      ...metadata === undefined ? {} : { contentType, metadata, extra },
      etag: this.nextEtag(),
      lastModified: this.#now(),
    };
    this.objects.set(target, { ...stored, entry });
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  nativePath(key: string): string {
    return key === "" ? "bucket" : `bucket/${key}`;
  }

  toKey(nativePath: string): string {
    if (nativePath === "bucket") return "";
    return nativePath.startsWith("bucket/") ? nativePath.slice(7) : nativePath;
  }
}

/** Fails if a backend of the suite has handed out a body that nobody released. */
export function assertReleased(backend: Backend): void {
  if (!(backend instanceof FlatBackend) || backend.openBodies.size === 0) {
    return;
  }
  throw new Error(`${backend.openBodies.size} bodies were not released`);
}
