/**
 * A small flat backend: files in a `Map` that the caller brings. Built step by step
 * in `docs/writing-a-backend.md`.
 *
 * @module
 */
import {
  type Backend,
  type Body,
  Capability,
  CapabilitySet,
  type CopyRequest,
  type DeleteRequest,
  type Entry,
  type FileEntry,
  InvalidArgumentError,
  type ListedFile,
  type ListPage,
  type ListRequest,
  NotFoundError,
  type ReadAnswer,
  type ReadRequest,
  requireMatch,
  requirePut,
  type StoredFields,
  type WriteFacts,
  type WriteRequest,
} from "@remote-store/core";

/** A stored file: what is known of it, and its bytes. */
export interface StoredFile {
  /** Size, time, ETag, type and metadata. */
  readonly entry: FileEntry;
  /** The bytes; replaced as a whole, never changed. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const PAGE_ENTRIES = 1000;

/** Keeps files in a `Map`, by key. */
export class MapBackend implements Backend {
  readonly name = "map";
  readonly capabilities: ReadonlySet<Capability> = new CapabilitySet([
    Capability.READ,
    Capability.WRITE,
    Capability.DELETE,
    Capability.LIST,
    Capability.LIST_FROM,
    Capability.MOVE,
    Capability.COPY,
    Capability.METADATA,
    Capability.ATOMIC_WRITE,
    Capability.GLOB,
    Capability.USER_METADATA,
    Capability.CONDITIONAL_WRITE,
    Capability.CONDITIONAL_COPY,
    Capability.COPY_METADATA,
    Capability.WRITE_RESULT_NATIVE,
  ]);
  readonly namespace = "flat";
  readonly closeIsTerminal = false;
  readonly deleteTells = true;

  readonly #files: Map<string, StoredFile>;
  #version = 0;

  /** Creates a backend over the files of a map. */
  constructor(files: Map<string, StoredFile>) {
    if (!(files instanceof Map)) {
      throw new InvalidArgumentError(
        "Cannot create a MapBackend: it needs a Map",
      );
    }
    this.#files = files;
  }

  stat(key: string): Promise<Entry> {
    return Promise.resolve(this.#files.get(key)?.entry ?? null);
  }

  // deno-lint-ignore require-await -- a failed condition rejects
  async read(
    key: string,
    { ifMatch }: ReadRequest,
  ): Promise<ReadAnswer | null> {
    const file = this.#files.get(key);
    if (file === undefined) return null;
    const { entry, bytes } = file;
    if (ifMatch !== null) requireMatch(entry.etag, ifMatch, key);
    return { entry, offset: 0, length: bytes.byteLength, body: bytes };
  }

  async write(
    key: string,
    body: Body,
    { condition, headers, metadata }: WriteRequest,
  ): Promise<WriteFacts> {
    // The await comes first: from here on, nothing may come in between.
    const bytes = body.kind === "bytes"
      ? body.bytes.slice()
      : await collect(body.stream);
    requirePut(this.#files.get(key)?.entry ?? null, condition, key);
    const etag = `"map-${++this.#version}"`;
    const lastModified = Date.now();
    const entry: FileEntry = {
      kind: "file",
      size: bytes.byteLength,
      lastModified,
      etag,
      digest: null,
      ...besides({ headers, metadata }),
    };
    this.#files.set(key, { entry, bytes });
    return { etag, lastModified, versionId: null, digest: null };
  }

  // deno-lint-ignore require-await -- a failed condition rejects
  async delete(key: string, { ifMatch }: DeleteRequest): Promise<boolean> {
    const etag = this.#files.get(key)?.entry.etag ?? null;
    if (ifMatch !== null) requireMatch(etag, ifMatch, key);
    return this.#files.delete(key);
  }

  list(prefix: string, request: ListRequest): Promise<ListPage> {
    const { shallow, cursor, limit, startAfter } = request;
    const files: ListedFile[] = [];
    const folders: string[] = [];
    let last = typeof cursor === "string" ? cursor : startAfter ?? "";
    const keys = [...this.#files.keys()].sort()
      .filter((key) => key.startsWith(prefix) && key > last);
    for (const key of keys) {
      if (files.length + folders.length >= (limit ?? PAGE_ENTRIES)) {
        return Promise.resolve({ files, folders, cursor: last });
      }
      last = key;
      const slash = shallow ? key.indexOf("/", prefix.length) : -1;
      const folder = key.slice(0, Math.max(slash, 0));
      const file = this.#files.get(key);
      if (slash < 0 && file) files.push({ key, ...file.entry });
      if (slash >= 0 && folder !== folders.at(-1)) folders.push(folder);
    }
    return Promise.resolve({ files, folders, cursor: null });
  }

  // deno-lint-ignore require-await -- a refused target rejects
  async copy(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    const file = this.#files.get(source);
    if (file === undefined) {
      throw new NotFoundError(undefined, { path: source });
    }
    const standing = this.#files.get(target)?.entry ?? null;
    requirePut(standing, request.condition, target);
    if (request.sourceNamed) {
      requireMatch(file.entry.etag, request.source.etag ?? "", source);
    }
    const etag = `"map-${++this.#version}"`;
    const entry: FileEntry = {
      ...file.entry,
      ...request.stored === null ? {} : besides(request.stored),
      etag,
      lastModified: Date.now(),
    };
    this.#files.set(target, { ...file, entry });
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
}

// What a file has beside its bytes.
function besides({ headers, metadata }: StoredFields) {
  const { contentType, ...others } = headers;
  const given = Object.entries(others).filter(([, value]) => value !== null);
  return { contentType, metadata, extra: Object.fromEntries(given) };
}

async function collect(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream as BodyInit).arrayBuffer());
}
