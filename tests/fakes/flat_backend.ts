/**
 * A flat backend over a `Map`, as an object store is one: no folders but marker
 * objects, pages in the order of keys, deletes that tell nothing.
 *
 * @module
 */
import { toBytes } from "@std/streams/to-bytes";
import {
  type Backend,
  type Body,
  type Capability,
  CapabilitySet,
  conditionFailed,
  type CopyRequest,
  type DeleteRequest,
  type FileEntry,
  type ListedFile,
  type ListPage,
  type ListRequest,
  PreconditionFailedError,
  type ReadAnswer,
  type ReadRequest,
  type SignalRequest,
  type WriteCondition,
  type WriteFacts,
  type WriteRequest,
} from "../../mod.ts";

interface Stored {
  readonly entry: FileEntry;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a test may turn off, to see what the kernel does without it. */
export interface FlatOptions {
  /** Capabilities not declared. */
  readonly without?: readonly Capability[];
  /** Whether `deleteMany` is there. */
  readonly bulk?: boolean;
  /** Whether `delete` tells an absent file from a deleted one. */
  readonly deleteTells?: boolean;
}

const ALL: readonly Capability[] = [
  "read",
  "write",
  "delete",
  "list",
  "move",
  "copy",
  "metadata",
  "atomic_write",
  "glob",
  "user_metadata",
  "conditional_write",
  "seekable_read",
  "lazy_read",
  "write_result_native",
];

/** Files in a `Map`, without folders. */
export class FlatBackend implements Backend {
  readonly name = "flat";
  readonly namespace = "flat";
  readonly closeIsTerminal = false;
  readonly capabilities: ReadonlySet<Capability>;
  readonly deleteTells: boolean;
  deleteMany?: (
    keys: readonly string[],
    request: SignalRequest,
  ) => Promise<ReadonlyMap<string, unknown>>;

  readonly #files = new Map<string, Stored>();
  #version = 0;

  constructor(
    { without = [], bulk = false, deleteTells = false }: FlatOptions = {},
  ) {
    this.capabilities = new CapabilitySet(
      ALL.filter((capability) => !without.includes(capability)),
    );
    this.deleteTells = deleteTells;
    if (bulk) {
      this.deleteMany = (keys) => {
        for (const key of keys) this.#files.delete(key);
        return Promise.resolve(new Map());
      };
    }
  }

  /** Puts a marker object, as a console leaves it for an empty folder. */
  mark(folder: string): void {
    this.#files.set(`${folder}/`, {
      entry: this.#entry(0, null, null),
      bytes: new Uint8Array(0),
    });
  }

  stat(key: string): Promise<FileEntry | null> {
    return Promise.resolve(this.#files.get(key)?.entry ?? null);
  }

  // deno-lint-ignore require-await -- a failed condition rejects
  async read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    const stored = this.#files.get(key);
    if (stored === undefined) return null;
    const { entry, bytes } = stored;
    if (request.ifMatch !== null && request.ifMatch !== entry.etag) {
      throw new PreconditionFailedError();
    }
    const { range } = request;
    const offset = range === null
      ? 0
      : "suffix" in range
      ? Math.max(0, bytes.length - range.suffix)
      : Math.min(range.offset, bytes.length);
    const length = range === null || "suffix" in range
      ? bytes.length - offset
      : Math.min(range.length ?? Infinity, bytes.length - offset);
    const body = bytes.subarray(offset, offset + length);
    return { entry, offset, length, body };
  }

  async write(
    key: string,
    body: Body,
    request: WriteRequest,
  ): Promise<WriteFacts> {
    const bytes = body.kind === "bytes"
      ? body.bytes.slice()
      : await toBytes(body.stream) as Uint8Array<ArrayBuffer>;
    this.#require(key, request.condition);
    const entry = this.#entry(
      bytes.length,
      request.headers.contentType,
      request.metadata,
    );
    this.#files.set(key, { entry, bytes });
    const { etag, lastModified } = entry;
    return { etag, lastModified, versionId: null, digest: null };
  }

  // deno-lint-ignore require-await -- a failed condition rejects
  async delete(key: string, request: DeleteRequest): Promise<boolean> {
    const stored = this.#files.get(key);
    const { ifMatch } = request;
    if (stored && ifMatch !== null && ifMatch !== stored.entry.etag) {
      throw new PreconditionFailedError();
    }
    const removed = this.#files.delete(key);
    return removed || !this.deleteTells;
  }

  list(prefix: string, request: ListRequest): Promise<ListPage> {
    const after = typeof request.cursor === "string" ? request.cursor : "";
    const entries = this.#below(prefix, request.shallow)
      .filter((entry) => entry.key > after);
    const page = entries.slice(0, request.limit ?? 1000);
    const last = page.at(-1)?.key ?? null;
    return Promise.resolve({
      files: page.flatMap((entry) => entry.file ?? []),
      folders: page.flatMap((entry) =>
        entry.file === null ? entry.key.slice(0, -1) : []
      ),
      cursor: page.length < entries.length ? last : null,
    });
  }

  removeFolder(key: string): Promise<boolean> {
    this.#files.delete(`${key}/`);
    return Promise.resolve(true);
  }

  // deno-lint-ignore require-await -- a failed condition rejects
  async copy(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    const stored = this.#files.get(source);
    if (stored?.entry.etag !== request.source.etag || stored === undefined) {
      throw new PreconditionFailedError();
    }
    this.#require(target, request.condition);
    const { size, contentType, metadata } = stored.entry;
    const entry = this.#entry(size ?? 0, contentType, metadata);
    this.#files.set(target, { entry, bytes: stored.bytes });
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

  #below(
    prefix: string,
    shallow: boolean,
  ): { key: string; file: ListedFile | null }[] {
    const found = new Map<string, ListedFile | null>();
    for (const [key, { entry }] of this.#files) {
      if (!key.startsWith(prefix)) continue;
      const slash = key.indexOf("/", prefix.length);
      if (shallow && slash >= 0) found.set(key.slice(0, slash + 1), null);
      else found.set(key, key.endsWith("/") ? null : { key, ...entry });
    }
    return [...found].map(([key, file]) => ({ key, file }))
      .sort((a, b) => a.key < b.key ? -1 : 1);
  }

  #require(key: string, condition: WriteCondition): void {
    const etag = this.#files.get(key)?.entry.etag;
    const free = condition.ifMatch === null
      ? condition.overwrite || etag === undefined
      : condition.ifMatch === etag;
    if (!free) throw conditionFailed(condition);
  }

  #entry(
    size: number,
    contentType: string | null,
    metadata: FileEntry["metadata"],
  ): FileEntry {
    const etag = `"${++this.#version}"`;
    const lastModified = Date.UTC(2026, 0, 1) + this.#version * 1000;
    return {
      kind: "file",
      size,
      lastModified,
      etag,
      digest: null,
      contentType,
      metadata,
      extra: null,
    };
  }
}
