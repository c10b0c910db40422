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

/** The mark that the deletion of an object leaves in a bucket with versions. */
export interface DeleteMarker {
  readonly modified: number;
  readonly versionId: string;
}

/** What a bucket with versions keeps of a key. */
export type Version = StoredObject | DeleteMarker;

export function isFile(version: Version): version is StoredObject {
  return "bytes" in version;
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
  /** What was there before, the newest at the end; all versions of a key but current objects. */
  readonly #older: Map<string, Version[]> = new Map();
  /** Whether versions are kept from now on. */
  keepsVersions: boolean;
  readonly #now: () => number;
  #versions = 0;

  constructor(now: () => number = Date.now, keepsVersions = true) {
    this.#now = now;
    this.keepsVersions = keepsVersions;
  }

  /** Returns all versions of a key, the newest first. */
  versionsOf(key: string): Version[] {
    const current = this.objects.get(key);
    const older = (this.#older.get(key) ?? []).toReversed();
    return current === undefined ? older : [current, ...older];
  }

  /** Returns the keys that have versions, in order. */
  versioned(prefix: string): string[] {
    const keys = new Set([...this.objects.keys(), ...this.#older.keys()]);
    return [...keys].filter((k) => k.startsWith(prefix)).sort(compareUtf8);
  }

  /** Deletes an object; where versions are kept it stays, behind a mark that is returned. */
  remove(key: string): DeleteMarker | null {
    if (!this.keepsVersions) {
      this.objects.delete(key);
      return null;
    }
    this.#setAside(key);
    this.objects.delete(key);
    const marker = { versionId: this.#nextId(), modified: this.#now() };
    this.#older.set(key, [...this.#older.get(key) ?? [], marker]);
    return marker;
  }

  /** Deletes one version for good and returns it; what came before the current one is current. */
  removeVersion(key: string, versionId: string): Version | null {
    const all = this.versionsOf(key);
    const found = all.find((version) => version.versionId === versionId);
    if (found === undefined) return null;
    const [newest, ...older] = all.filter((version) => version !== found);
    const isCurrent = newest !== undefined && isFile(newest);
    if (isCurrent) this.objects.set(key, newest);
    else this.objects.delete(key);
    const left = isCurrent || newest === undefined ? older : [newest, ...older];
    this.#older.set(key, left.toReversed());
    if (left.length === 0) this.#older.delete(key);
    return found;
  }

  #setAside(key: string): void {
    const current = this.objects.get(key);
    if (!this.keepsVersions || current === undefined) return;
    this.#older.set(key, [...this.#older.get(key) ?? [], current]);
  }

  #nextId(): string {
    return this.keepsVersions ? `v${++this.#versions}` : "null";
  }

  put(
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>>,
    etag = `"${md5(bytes)}"`,
  ): StoredObject {
    this.#setAside(key);
    const versionId = this.#nextId();
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
