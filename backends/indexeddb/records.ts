// This module is browser compatible.
import type { FileEntry } from "../../core/backend.ts";
import { keyDepth } from "../../core/path.ts";

/** Where the bytes of a file are: records under an id of their own. */
export interface Content {
  /** The id. It never changes and is never used again, so its bytes never do either. */
  readonly id: string;
  /** Bytes a record; the last one may have less, and so may a pack. */
  readonly chunkSize: number;
  /** Whether the records are Blobs, which are opened without being read. */
  readonly blobs: boolean;
  /** Whether other files have it too; the record {@linkcode sharesKey} counts them. */
  readonly shared: boolean;
  /** Where the file starts in a pack; `null` where its records are no pack. */
  readonly offset: number | null;
}

/**
 * The most bytes of a pack, the one record that small files of one transaction share.
 * It can be raised; lowered, it would hide the ends of packs that are there.
 */
export const PACK_BYTES = 16 * 1024;

/** The most files of a pack: each that goes is noted until the pack is compacted. */
export const PACK_FILES = 256;

/** What is known of a pack beside its bytes, at the key {@linkcode sharesKey}. */
export interface PackRecord {
  /** How many files have a place in it, those that share one counted each. */
  readonly files: number;
  /** Bytes of its row. */
  readonly size: number;
  /** The places that no file has any more, though the row has them: offset and size in turn. */
  readonly gone?: readonly number[];
  /** How many more files than one a place has, by its offset. */
  readonly copies?: Readonly<Record<number, number>>;
}

/** A pack that was compacted: what is left of it, and which bytes those were. */
export interface CompactRow {
  /** What is left. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where it was before, in order: offset and size in turn. */
  readonly places: readonly number[];
}

/** The bytes of a pack. */
export type PackRow = Uint8Array<ArrayBuffer> | CompactRow;

/** A file without its bytes: what the kernel wants to know of it, and more. */
export interface FileRecord extends FileEntry {
  /** Its key. */
  readonly key: string;
  /** Size in bytes. */
  readonly size: number;
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

/** What few files have. */
interface Rarities {
  readonly etag?: string;
  readonly contentType?: string;
  readonly metadata?: FileEntry["metadata"];
  readonly extra?: FileEntry["extra"];
  readonly blobs?: true;
  readonly shared?: true;
}

/**
 * A node as it is stored: a folder is its key and nothing more. Without the names of
 * fields, of which a listing would read thousands, it takes half of the time. A packed
 * file, which needs no size of chunks, has its offset there, as a number below 1.
 */
export type NodeRow = readonly [
  key: string,
  size?: number,
  lastModified?: number | null,
  contentId?: string,
  chunk?: number,
  rarities?: Rarities,
];

/** Returns a node as it is stored. */
export function toNodeRow(node: NodeRecord): NodeRow {
  const { key } = node;
  if (node.kind === "folder") return [key];
  const { contentType, metadata, extra } = node;
  const { id, chunkSize, blobs, shared, offset } = node.content;
  const rarities = Object.entries({
    etag: node.etag === toEtag(id, offset) ? null : node.etag,
    contentType,
    metadata,
    extra,
    blobs: blobs || null,
    // A packed file always is.
    shared: (shared && offset === null) || null,
  }).filter(([, value]) => value !== null);
  const chunk = offset === null ? chunkSize : 0 - offset;
  const row = [key, node.size, node.lastModified, id, chunk] as const;
  return rarities.length === 0 ? row : [...row, Object.fromEntries(rarities)];
}

/** Returns the node that was stored. */
export function toNode(row: NodeRow): NodeRecord {
  const [key, size, lastModified = null, id, chunk, rarities] = row;
  if (size === undefined || id === undefined || chunk === undefined) {
    return { kind: "folder", key };
  }
  const offset = chunk > 0 ? null : 0 - chunk;
  return {
    kind: "file",
    key,
    size,
    lastModified,
    etag: rarities?.etag ?? toEtag(id, offset),
    digest: null,
    contentType: rarities?.contentType ?? null,
    metadata: rarities?.metadata ?? null,
    extra: rarities?.extra ?? null,
    content: {
      id,
      chunkSize: offset === null ? chunk : PACK_BYTES,
      blobs: rarities?.blobs ?? false,
      shared: rarities?.shared ?? offset !== null,
      offset,
    },
  };
}

/**
 * The promise of an upload to go on; without it, its records are leftovers. When it has
 * last stored something, in milliseconds since 1970.
 */
export type Lease = number;

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
  return btoa(String.fromCharCode(...bytes));
}

/** Returns the ETag of the file that first had a content, or a place in a pack. */
export function toEtag(id: string, offset: number | null = null): string {
  return offset === null ? `"${id}"` : `"${id}.${offset}"`;
}
