// This module is browser compatible.
import type {
  ContentHeaders,
  FileEntry,
  StoredFields,
  WriteFacts,
} from "./backend.ts";
import type { ContentDigest } from "./digest.ts";
import { keyName } from "./path.ts";

/** A file, as `getFileInfo` and listings give it. Frozen. */
export interface FileInfo {
  /** Tells it from a folder in a mixed listing. */
  readonly kind: "file";
  /** The path, store-relative. */
  readonly path: string;
  /** The last segment of the path. */
  readonly name: string;
  /** Size in bytes as stored; `null` only where an HTTP answer does not tell. */
  readonly size: number | null;
  /** Time of the last change; the caller's own copy. */
  readonly lastModified: Date | null;
  /** The hash of the content, where the service vouches for it. Listings may leave it out. */
  readonly digest: ContentDigest | null;
  /** The ETag as an HTTP field value, with its quotes: fits into `ifMatch`. */
  readonly etag: string | null;
  /** The media type. Listings may leave it out. */
  readonly contentType: string | null;
  /** User metadata, `null` where there is none. Listings may leave it out. */
  readonly metadata: Readonly<Record<string, string>> | null;
  /** What else the service says. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** A file with its bytes, as one answer gave them. */
export interface OpenFile {
  /** What the answer says of the file. Without a body that may be little: a 304 names no size. */
  readonly info: FileInfo;
  /**
   * The bytes asked for, to be read to the end or canceled; `null` where the file is
   * still the version that `ifNoneMatch` names.
   */
  readonly body: ReadableStream<Uint8Array> | null;
}

/** A folder in a listing. Frozen. */
export interface FolderEntry {
  /** Tells it from a file in a mixed listing. */
  readonly kind: "folder";
  /** The path, store-relative. */
  readonly path: string;
  /** The last segment of the path. */
  readonly name: string;
}

/** The sum of a folder. Frozen. */
export interface FolderInfo {
  /** Tells it from a file. */
  readonly kind: "folder";
  /** The path, store-relative; `"."` for the root. */
  readonly path: string;
  /** The last segment of the path. */
  readonly name: string;
  /** How many files lie below, at any depth. Folders are not counted. */
  readonly fileCount: number;
  /** Their size in bytes, as far as it is known. */
  readonly totalSize: number;
  /** The latest known change of a file below; `null` where none is known. */
  readonly lastModified: Date | null;
  /** What else the service says. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** What a write did. Frozen; every key is always there. */
export interface WriteResult {
  /** The path written, store-relative. */
  readonly path: string;
  /** The exact number of bytes written. */
  readonly size: number;
  /**
   * `"native"`: the fields below are the write's own answer. `"basic"`: the
   * backend tells nothing beyond path and size.
   */
  readonly source: "native" | "basic";
  /** The hash of the content, where the service computed or checked one. */
  readonly digest: ContentDigest | null;
  /** The ETag as an HTTP field value, with its quotes: fits into `ifMatch`. Not a content hash. */
  readonly etag: string | null;
  /** The service's name of this version. */
  readonly versionId: string | null;
  /** Time of the change as the answer gave it. */
  readonly lastModified: Date | null;
  /** The metadata that was passed, as it was passed; `null` where none was. */
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** What `head` gives: a file in the shape of a {@linkcode WriteResult}. Frozen. */
export interface HeadResult extends Omit<WriteResult, "size" | "source"> {
  /** Size in bytes as stored; `null` only where an HTTP server does not tell. */
  readonly size: number | null;
  /** The fields were asked for after the write. */
  readonly source: "sidecar";
}

/** Where a path leads, without asking anybody. Frozen; holds no secrets. */
export interface ResolvedPath {
  /** The backend's name. */
  readonly backend: string;
  /** The path, store-relative; `"."` for the root. */
  readonly path: string;
  /** What the service calls it. */
  readonly nativePath: string;
  /** What the backend adds: bucket, container, endpoint. */
  readonly details: Readonly<Record<string, unknown>>;
}

const NO_EXTRA: Readonly<Record<string, unknown>> = Object.freeze({});

/** Returns a file's info at a store-relative path. */
export function toFileInfo(entry: FileEntry, path: string): FileInfo {
  return Object.freeze({
    kind: "file",
    path,
    name: keyName(path),
    size: entry.size,
    lastModified: toDate(entry.lastModified),
    digest: entry.digest,
    etag: entry.etag,
    contentType: entry.contentType,
    metadata: frozenCopy(entry.metadata),
    extra: frozenCopy(entry.extra) ?? NO_EXTRA,
  });
}

/** Returns a folder's entry at a store-relative path. */
export function toFolderEntry(path: string): FolderEntry {
  return Object.freeze({ kind: "folder", path, name: keyName(path) });
}

/** Returns the sum of a folder at a store-relative path. */
export function toFolderInfo(
  path: string,
  fileCount: number,
  totalSize: number,
  latest: number | null,
): FolderInfo {
  return Object.freeze({
    kind: "folder",
    path,
    name: keyName(path),
    fileCount,
    totalSize,
    lastModified: toDate(latest),
    extra: NO_EXTRA,
  });
}

const NO_FACTS: WriteFacts = {
  digest: null,
  etag: null,
  versionId: null,
  lastModified: null,
};

/** Returns the result of a write; without `native` the answer's facts are dropped. */
export function toWriteResult(
  path: string,
  size: number,
  facts: WriteFacts,
  native: boolean,
  metadata: Readonly<Record<string, string>> | null,
): WriteResult {
  const { digest, etag, versionId, lastModified } = native ? facts : NO_FACTS;
  return Object.freeze({
    path,
    size,
    source: native ? "native" : "basic",
    digest,
    etag,
    versionId,
    lastModified: toDate(lastModified),
    metadata,
  });
}

/** Returns a file's info in the shape of a write result. */
export function toHeadResult(info: FileInfo): HeadResult {
  return Object.freeze({
    path: info.path,
    size: info.size,
    source: "sidecar",
    digest: info.digest,
    etag: info.etag,
    versionId: null,
    lastModified: info.lastModified,
    metadata: info.metadata,
  });
}

/** The headers that have no field of their own in a file's info. */
const EXTRA_HEADERS = [
  "cacheControl",
  "contentDisposition",
  "contentEncoding",
  "contentLanguage",
] as const;

/** Returns the content headers that are kept in `extra`; `null` where none was given. */
export function toExtra(headers: ContentHeaders): FileEntry["extra"] {
  let extra: Record<string, string> | null = null;
  for (const name of EXTRA_HEADERS) {
    const value = headers[name];
    if (value !== null) (extra ??= {})[name] = value;
  }
  return extra;
}

/** Returns an entry with other fields beside its bytes. */
export function withStored<T extends FileEntry>(
  entry: T,
  { headers, metadata }: StoredFields,
): T {
  const { contentType } = headers;
  return { ...entry, contentType, metadata, extra: toExtra(headers) };
}

function toDate(milliseconds: number | null): Date | null {
  return milliseconds === null || !Number.isFinite(milliseconds)
    ? null
    : new Date(milliseconds);
}

function frozenCopy<T>(
  record: Readonly<Record<string, T>> | null,
): Readonly<Record<string, T>> | null {
  // One that nobody can change may be shared: by the files of a listing, for one.
  return record === null || Object.isFrozen(record)
    ? record
    : Object.freeze({ ...record });
}
