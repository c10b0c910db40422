// This module is browser compatible.
import type { Entry, FileEntry, WriteFacts } from "../../core/backend.ts";
import type {
  BackendUploads,
  OpenPartsRequest,
  PartsPage,
  PartsRequest,
  UploadedPart,
} from "../../core/backend_uploads.ts";
import { uploadGone } from "../../core/commit.ts";
import { versionOf } from "./history.ts";

/** What uploads need of the memory. */
export interface Memory {
  /** Refuses what cannot be put at a key. */
  require(key: string, request: PartsRequest): void;
  /** Puts a file in one step. */
  put(
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
    request: PartsRequest,
  ): FileEntry;
  /** Returns what stands at a key. */
  find(key: string): Entry;
}

interface Part {
  readonly tag: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Open {
  readonly key: string;
  readonly parts: Map<number, Part>;
}

/** The parts of a page, as many as S3 gives. */
const PAGE_PARTS = 1000;

const PART_SIZE = 8 * 1024 * 1024;

/** The uploads that are open in a memory: they live as long as it does. */
export class MemoryUploads implements BackendUploads {
  readonly #memory: Memory;
  readonly #open = new Map<string, Open>();
  /** Which upload made a file, and of which parts. */
  readonly #made = new WeakMap<FileEntry, string>();
  #tags = 0;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  partSizeFor(_size: number, wanted: number | null): number {
    return wanted ?? PART_SIZE;
  }

  // deno-lint-ignore require-await -- a refusal rejects
  async open(key: string, request: PartsRequest): Promise<string> {
    this.#memory.require(key, request);
    const id = crypto.randomUUID();
    this.#open.set(id, { key, parts: new Map() });
    return id;
  }

  // deno-lint-ignore require-await -- a refusal rejects
  async part(
    key: string,
    number: number,
    bytes: Uint8Array<ArrayBuffer>,
    _digest: unknown,
    request: OpenPartsRequest,
  ): Promise<string> {
    const upload = this.#find(key, request);
    if (upload === null) throw uploadGone();
    const old = upload.parts.get(number);
    // As on services: one that two have sent, one of them late, is still the same part.
    const isSame = old?.bytes.byteLength === bytes.byteLength &&
      old.bytes.every((byte, at) => byte === bytes[at]);
    const tag = isSame ? old.tag : `"${++this.#tags}"`;
    upload.parts.set(number, { tag, bytes });
    return tag;
  }

  // deno-lint-ignore require-await -- keeps the work inside the promise
  async parts(
    key: string,
    cursor: string | null,
    request: OpenPartsRequest,
  ): Promise<PartsPage | null> {
    const upload = this.#find(key, request);
    if (upload === null) return null;
    const from = Number(cursor ?? 0);
    const all = [...upload.parts].sort(([a], [b]) => a - b);
    const page = all.slice(from, from + PAGE_PARTS);
    const next = from + page.length;
    return {
      parts: page.map(([number, { tag, bytes }]) => ({
        number,
        tag,
        size: bytes.byteLength,
      })),
      cursor: next < all.length ? String(next) : null,
    };
  }

  // deno-lint-ignore require-await -- a refusal rejects
  async complete(
    key: string,
    parts: readonly UploadedPart[],
    request: OpenPartsRequest,
  ): Promise<WriteFacts> {
    const name = JSON.stringify([request.id, ...parts.map(({ tag }) => tag)]);
    const upload = this.#find(key, request);
    if (upload === null) {
      const entry = this.#memory.find(key);
      if (entry?.kind === "file" && this.#made.get(entry) === name) {
        return toFacts(entry);
      }
      throw uploadGone();
    }
    const bytes = new Uint8Array(request.size);
    for (const { number, tag } of parts) {
      const part = upload.parts.get(number);
      if (part?.tag !== tag) {
        throw new Error(`the upload has no part ${number} with the tag ${tag}`);
      }
      bytes.set(part.bytes, (number - 1) * request.partSize);
    }
    const entry = this.#memory.put(key, bytes, request);
    this.#made.set(entry, name);
    this.#open.delete(request.id);
    return toFacts(entry);
  }

  discard(key: string, request: OpenPartsRequest): Promise<void> {
    if (this.#find(key, request) !== null) this.#open.delete(request.id);
    return Promise.resolve();
  }

  #find(key: string, { id }: OpenPartsRequest): Open | null {
    const upload = this.#open.get(id);
    return upload?.key === key ? upload : null;
  }
}

function toFacts(entry: FileEntry): WriteFacts {
  const { etag, lastModified } = entry;
  return { etag, lastModified, versionId: versionOf(entry), digest: null };
}
