// This module is browser compatible.
import type { ContentHeaders, Entry, FileEntry } from "../../core/backend.ts";
import { keyDepth } from "../../core/path.ts";

/** Where the bytes of a file are: records under an id of their own. */
export interface Content {
  /** The id. It never changes and is never used again, so its bytes never do either. */
  readonly id: string;
  /** Bytes a record; the last one may have less. */
  readonly chunkSize: number;
  /** Whether the records are Blobs, which are opened without being read. */
  readonly blobs: boolean;
  /** Whether other files have it too; the record {@linkcode sharesKey} counts them. */
  readonly shared: boolean;
}

/** A file without its bytes. */
export interface FileRecord {
  /** Tells it from a folder. */
  readonly kind: "file";
  /** Its key. */
  readonly key: string;
  /** Size in bytes. */
  readonly size: number;
  /** Time of the last change, in milliseconds since 1970. */
  readonly lastModified: number;
  /** The version, as an HTTP field value. */
  readonly etag: string;
  /** The media type. What is not there is left out: listings read every field. */
  readonly contentType?: string;
  /** User metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The other content headers. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Where its bytes are. */
  readonly content: Content;
}

/** A folder that exists of itself. */
export interface FolderRecord {
  /** Tells it from a file. */
  readonly kind: "folder";
  /** Its key. */
  readonly key: string;
}

/** What the tree consists of. */
export type NodeRecord = FileRecord | FolderRecord;

/** The promise of an upload to go on; without it, its records are leftovers. */
export interface Lease {
  /** When the upload has last stored something, in milliseconds since 1970. */
  readonly renewed: number;
}

/** A span of keys, both ends included unless `openLower` or `openUpper`. */
export interface Span {
  readonly lower: IDBValidKey;
  readonly upper: IDBValidKey;
  readonly openLower?: boolean;
  readonly openUpper?: boolean;
}

// Arrays order numbers before text, and any text before an array: so nodes, then
// contents, and [] as the end of either.
const END: IDBValidKey[] = [];

/**
 * Returns the key of a node. Nodes of one depth stand together, so that the children
 * of a folder are neighbors and no deeper file comes between them.
 */
export function nodeKey(key: string): IDBValidKey {
  return [keyDepth(key), key];
}

/** Returns the span of the nodes of one depth whose key starts with `prefix`, after `after`. */
export function levelSpan(
  level: number,
  prefix: string,
  after: string | null = null,
): Span {
  return {
    lower: [level, after ?? prefix],
    upper: [level, following(prefix) ?? END],
    openLower: after !== null,
    openUpper: true,
  };
}

/** Returns the least text after all that start with `prefix`, in the order of code units. */
function following(prefix: string): string | null {
  for (let end = prefix.length; end > 0; end--) {
    const unit = prefix.charCodeAt(end - 1);
    if (unit === 0xffff) continue;
    return prefix.slice(0, end - 1) + String.fromCharCode(unit + 1);
  }
  return null;
}

/** Returns the key of one record of bytes. */
export function chunkKey(id: string, index: number): IDBValidKey {
  return [id, index];
}

/** Returns the span of some records of bytes. */
export function chunkSpan(id: string, first: number, last: number): Span {
  return { lower: [id, first], upper: [id, last] };
}

/** Returns the span of all that belongs to a content. */
export function contentSpan(id: string): Span {
  return { lower: [id], upper: [id, END] };
}

/** Returns the key of the record that counts the files of a shared content. */
export function sharesKey(id: string): IDBValidKey {
  return [id];
}

/** Returns the key of an upload's lease. No node has the depth 0. */
export function leaseKey(id: string): IDBValidKey {
  return [0, id];
}

/** The span of all leases. */
export const LEASES: Span = { lower: [0], upper: [0, END] };

/** Returns an id that nobody else has. */
export function newId(): string {
  // crypto.randomUUID is missing where a page came by plain http.
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  let text = "";
  for (const byte of bytes) text += byte.toString(36).padStart(2, "0");
  return text;
}

/** Returns the id as an ETag. */
export function toEtag(id: string): string {
  return `"${id}"`;
}

/** Returns what a backend says of a file; a field that an older record lacks is `null`. */
export function toFileEntry(record: FileRecord): FileEntry {
  return {
    kind: "file",
    size: record.size,
    lastModified: record.lastModified ?? null,
    etag: record.etag ?? null,
    digest: null,
    contentType: record.contentType ?? null,
    metadata: record.metadata ?? null,
    extra: record.extra ?? null,
  };
}

/** Returns what a backend says of a node. */
export function toEntry(record: NodeRecord): Entry {
  return record.kind === "file" ? toFileEntry(record) : { kind: "folder" };
}

const EXTRA_HEADERS = [
  "cacheControl",
  "contentDisposition",
  "contentEncoding",
  "contentLanguage",
] as const;

/** Returns the headers that have no field of their own in a file's info. */
export function extraOf(headers: ContentHeaders): FileEntry["extra"] {
  let extra: Record<string, string> | null = null;
  for (const name of EXTRA_HEADERS) {
    const value = headers[name];
    if (value !== null) (extra ??= {})[name] = value;
  }
  return extra;
}
