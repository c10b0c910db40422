/**
 * An R2 binding in memory. For tests that need no workerd, and for faults that its
 * emulator does not make. It refuses what R2 refuses, in R2's words as far as they
 * matter: by numbers.
 *
 * @module
 */
import { crypto } from "@std/crypto/crypto";
import { compareNames } from "../../../core/name_order.ts";
import type {
  R2BucketBinding,
  R2Condition,
  R2Hashes,
  R2ObjectContent,
  R2ObjectFacts,
  R2Page,
  R2PageOptions,
  R2ReadOptions,
  R2StoreOptions,
  R2UploadOptions,
} from "../../../backends/r2/mod.ts";
import { lengthOf, withLength } from "./fixed_length_stream.ts";
import { FakeUpload } from "./upload.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Value = Bytes | ReadableStream<Uint8Array>;

/** An object and its bytes. */
export interface Stored {
  readonly facts: R2ObjectFacts;
  readonly bytes: Bytes;
}

/** Returns an error as the binding throws it. */
export function r2Error(
  call: string,
  message: string,
  code: number,
): Error {
  return new Error(`${call}: ${message} (${code})`);
}

const HASHES = {
  md5: "MD5",
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
} as const;

/** Entries of a page that tells of metadata too. */
const PAGE_WITH_METADATA = 100;

/** A bucket in memory. */
export class FakeR2 implements R2BucketBinding {
  /** What it holds. */
  readonly objects = new Map<string, Stored>();
  /** The uploads that have neither been completed nor thrown away. */
  readonly uploads = new Set<FakeUpload>();
  /** How often each method was called. */
  readonly counts = new Map<string, number>();

  async head(key: string): Promise<R2ObjectFacts | null> {
    await this.#enter("head", key);
    return this.objects.get(key)?.facts ?? null;
  }

  async get(
    key: string,
    { onlyIf, range }: R2ReadOptions = {},
  ): Promise<R2ObjectFacts | R2ObjectContent | null> {
    await this.#enter("get", key);
    const stored = this.objects.get(key);
    if (stored === undefined) return null;
    const { facts, bytes } = stored;
    if (!holds(onlyIf, stored)) return facts;
    const part = range === undefined ? bytes : cut(bytes, range);
    return { ...facts, body: bodyOf(part) };
  }

  async put(
    key: string,
    value: Value,
    options: R2StoreOptions = {},
  ): Promise<R2ObjectFacts | null> {
    const bytes = await this.#take("put", key, value);
    const { onlyIf } = options;
    if (!holds(onlyIf, this.objects.get(key))) return null;
    const checksums = await hashesOf(bytes, options);
    // Looked at once more: hashing has let others in.
    if (!holds(onlyIf, this.objects.get(key))) return null;
    const etag = toHex(checksums.md5!);
    return this.store(key, bytes, etag, options, checksums);
  }

  async createMultipartUpload(
    key: string,
    options: R2UploadOptions = {},
  ): Promise<FakeUpload> {
    await this.#enter("createMultipartUpload", key);
    const upload = new FakeUpload(
      key,
      (value) => this.#take("uploadPart", key, value),
      (bytes, etag) => this.store(key, bytes, etag, options, {}),
      this.uploads,
      (method) => this.#count(method),
    );
    this.uploads.add(upload);
    return upload;
  }

  async delete(keys: string | string[]): Promise<void> {
    const all = typeof keys === "string" ? [keys] : keys;
    if (all.length > 1000) {
      throw new TypeError("delete: at most 1000 keys are allowed");
    }
    this.#count("delete");
    await Promise.resolve();
    for (const key of all) requireName("delete", key);
    for (const key of all) this.objects.delete(key);
  }

  async list(options: R2PageOptions = {}): Promise<R2Page> {
    this.#count("list");
    await Promise.resolve();
    const { prefix = "", startAfter = "", delimiter, include = [] } = options;
    const { cursor = startAfter } = options;
    const asked = options.limit ?? 1000;
    if (asked > 1000) {
      throw r2Error("list", "MaxKeys params must be <= 1000.", 10022);
    }
    const limit = include.length > 0
      ? Math.min(asked, PAGE_WITH_METADATA)
      : asked;
    const objects: R2ObjectFacts[] = [];
    const folders: string[] = [];
    let last = cursor;
    for (const key of [...this.objects.keys()].sort(compareNames)) {
      if (!key.startsWith(prefix) || compareNames(key, last) <= 0) continue;
      const at = delimiter === undefined
        ? -1
        : key.indexOf(delimiter, prefix.length);
      const folder = at < 0 ? null : key.slice(0, at + 1);
      if (folder !== null && (folder === folders.at(-1) || folder === last)) {
        continue;
      }
      if (folder !== null && last.startsWith(folder)) continue;
      if (objects.length + folders.length === limit) {
        return {
          objects,
          delimitedPrefixes: folders,
          truncated: true,
          cursor: last,
        };
      }
      last = key;
      if (folder !== null) folders.push(folder);
      else objects.push(told(this.objects.get(key)!.facts, include));
    }
    return { objects, delimitedPrefixes: folders, truncated: false };
  }

  /** Puts an object at a key, whatever is there. */
  store(
    key: string,
    bytes: Bytes,
    etag: string,
    { httpMetadata = {}, customMetadata = {}, storageClass }: R2UploadOptions,
    checksums: R2Hashes,
  ): R2ObjectFacts {
    const facts: R2ObjectFacts = {
      key,
      version: globalThis.crypto.randomUUID(),
      size: bytes.byteLength,
      httpEtag: `"${etag}"`,
      uploaded: new Date(),
      checksums,
      httpMetadata,
      customMetadata,
      ...storageClass === undefined ? {} : { storageClass },
    };
    this.objects.set(key, { facts, bytes });
    return facts;
  }

  #count(method: string): void {
    this.counts.set(method, (this.counts.get(method) ?? 0) + 1);
  }

  async #enter(method: string, key: string): Promise<void> {
    this.#count(method);
    // As over a wire: nothing is answered in the same turn.
    await Promise.resolve();
    requireName(method, key);
  }

  async #take(method: string, key: string, value: Value): Promise<Bytes> {
    this.#count(method);
    requireName(method, key);
    if (value instanceof Uint8Array) return value.slice();
    const length = lengthOf(value);
    if (length === undefined) {
      throw new TypeError(
        "Provided readable stream must have a known length (request/response body or readable half of FixedLengthStream)",
      );
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of value) {
      chunks.push(chunk);
      size += chunk.byteLength;
      // The service has what it was promised, and asks for no more.
      if (size >= length) break;
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.byteLength;
    }
    return bytes;
  }
}

function requireName(method: string, key: string): void {
  if (new TextEncoder().encode(key).byteLength <= 1024) return;
  throw r2Error(method, "The specified object name is not valid.", 10020);
}

function holds(
  condition: R2Condition | undefined,
  stored: Stored | undefined,
): boolean {
  const { etagMatches, etagDoesNotMatch } = condition ?? {};
  for (const etag of [etagMatches, etagDoesNotMatch]) {
    if (etag?.startsWith('"')) {
      throw new TypeError(
        `Conditional ETag should not be wrapped in quotes (${etag}).`,
      );
    }
  }
  const isIt = (etag: string) =>
    stored !== undefined &&
    (etag === "*" || `"${etag}"` === stored.facts.httpEtag);
  return (etagMatches === undefined || isIt(etagMatches)) &&
    (etagDoesNotMatch === undefined || !isIt(etagDoesNotMatch));
}

function cut(
  bytes: Bytes,
  range: NonNullable<R2ReadOptions["range"]>,
): Bytes {
  const size = bytes.byteLength;
  const start = "suffix" in range
    ? Math.max(0, size - range.suffix)
    : range.offset;
  const end = "suffix" in range
    ? size
    : Math.min(size, start + (range.length ?? size));
  if (start >= size || end <= start) {
    // As the emulator has it, which fails inside where the range has a length.
    throw "offset" in range && range.length !== undefined
      ? r2Error("get", "Unspecified error", 0)
      : r2Error("get", "The requested range is not satisfiable", 10039);
  }
  return bytes.slice(start, end);
}

const CHUNK_BYTES = 64 * 1024;

function bodyOf(bytes: Bytes): ReadableStream<Uint8Array> {
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    type: "bytes",
    pull(controller) {
      if (at < bytes.byteLength) {
        const chunk = bytes.slice(at, at += CHUNK_BYTES);
        return controller.enqueue(chunk);
      }
      controller.close();
      (controller as ReadableByteStreamController).byobRequest?.respond(0);
    },
  });
  return withLength(stream, bytes.byteLength);
}

async function hashesOf(
  bytes: Bytes,
  wanted: R2StoreOptions,
): Promise<R2Hashes> {
  const found: Record<string, ArrayBuffer> = {};
  const names = Object.keys(HASHES) as (keyof typeof HASHES)[];
  const given = names.filter((name) => wanted[name] !== undefined);
  if (given.length > 1) {
    throw new TypeError("You cannot specify multiple hashing algorithms.");
  }
  for (const name of new Set(["md5", ...given] as const)) {
    const hash = await crypto.subtle.digest(HASHES[name], bytes);
    if (wanted[name] !== undefined && wanted[name] !== toHex(hash)) {
      throw r2Error(
        "put",
        `The ${
          HASHES[name]
        } checksum you specified did not match what we received.`,
        10037,
      );
    }
    found[name] = hash;
  }
  return found;
}

/** Returns bytes in hexadecimal. */
export function toHex(hash: ArrayBuffer): string {
  return Array.from(
    new Uint8Array(hash),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}

function told(
  facts: R2ObjectFacts,
  include: NonNullable<R2PageOptions["include"]>,
): R2ObjectFacts {
  const all: R2ObjectFacts = { ...facts };
  return {
    ...all,
    httpMetadata: include.includes("httpMetadata") ? all.httpMetadata! : {},
    customMetadata: include.includes("customMetadata")
      ? all.customMetadata!
      : {},
  };
}
