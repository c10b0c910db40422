/**
 * What a bucket of the fake holds: objects and uploads in parts.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** A stored object. */
export interface StoredObject {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly modified: number;
  /** What comes back with it, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly versionId: string;
}

/** An upload in parts. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly checksumType: string | null;
  readonly parts: Map<number, { bytes: Uint8Array<ArrayBuffer>; etag: string }>;
}

export function md5(...parts: readonly Uint8Array[]): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** The objects and uploads of one bucket. */
export class Bucket {
  readonly objects: Map<string, StoredObject> = new Map();
  readonly uploads: Map<string, Upload> = new Map();
  readonly #now: () => number;
  #versions = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  put(
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>>,
    etag = `"${md5(bytes)}"`,
  ): StoredObject {
    const versionId = `v${++this.#versions}`;
    const modified = Math.floor(this.#now() / 1000) * 1000;
    const object = { bytes, etag, modified, headers, versionId };
    this.objects.set(key, object);
    return object;
  }

  /** Keys in the order of their UTF-8 bytes, which is S3's. */
  sorted(prefix: string): string[] {
    const keys = [...this.objects.keys()].filter((k) => k.startsWith(prefix));
    return keys.sort(compareUtf8);
  }

  begin(
    key: string,
    headers: Readonly<Record<string, string>>,
    checksumType: string | null,
  ): Upload {
    const id = `upload+${crypto.randomUUID()}/=`;
    const upload = { id, key, headers, checksumType, parts: new Map() };
    this.uploads.set(id, upload);
    return upload;
  }
}

const ENCODER = new TextEncoder();

export function compareUtf8(a: string, b: string): number {
  // Alike but for surrogates, which UTF-8 sorts behind the rest.
  if (!/[\ud800-\udfff]/.test(a + b)) return a < b ? -1 : a > b ? 1 : 0;
  const left = ENCODER.encode(a);
  const right = ENCODER.encode(b);
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    if (left[i] !== right[i]) return left[i]! - right[i]!;
  }
  return left.length - right.length;
}
