// This module is browser compatible.
import type { BackendUploads } from "./backend_uploads.ts";
import type { Capability } from "./capability.ts";
import type { ContentDigest } from "./digest.ts";
import type { ByteRange, ContentCheck } from "./options.ts";
import type {
  ContentHeaders,
  WriteCondition,
  WriteFacts,
} from "./representation.ts";

export type {
  ContentHeaders,
  WriteCondition,
  WriteFacts,
} from "./representation.ts";

export { containerNotFound, isContainerNotFound } from "./containers.ts";

/** What a backend knows about a stored file. `null` where the answer did not say. */
export interface FileEntry {
  /** Tells it from a folder. */
  readonly kind: "file";
  /** Size in bytes as stored. */
  readonly size: number | null;
  /** Time of the last change, in milliseconds since 1970 (UTC). */
  readonly lastModified: number | null;
  /** The ETag as an HTTP field value, with its quotes (RFC 9110 §8.8.3). */
  readonly etag: string | null;
  /** The hash of the whole content, where the service vouches for it. */
  readonly digest: ContentDigest | null;
  /** The media type. */
  readonly contentType: string | null;
  /** User metadata; `null` where there is none. */
  readonly metadata: Readonly<Record<string, string>> | null;
  /** What else the service says, in camelCase. */
  readonly extra: Readonly<Record<string, unknown>> | null;
  /**
   * Whether the object carries a property by which other tools mean a folder
   * (`hdi_isfolder`). The kernel decides what it is: without bytes the folder at its
   * key, with bytes a file like any other. Never set it for a name's sake: `a/` is told
   * by its slash. A backend that sets it says so by {@linkcode Backend.folderMarks}.
   */
  readonly folderMark?: boolean;
}

/** What stands at a key: a file, a folder, nothing below a file, or nothing. */
export type Entry =
  | FileEntry
  | { readonly kind: "folder" }
  | {
    /** The key lies below a file, so nothing can stand there. */
    readonly kind: "blocked";
    /** The key of that file. */
    readonly by: string;
  }
  | null;

/** Options of {@linkcode Backend.read}. */
export interface ReadRequest {
  /** The bytes wanted, `null` for all. Never given to a backend without `SEEKABLE_READ`. */
  readonly range: ByteRange | null;
  /** The ETag that the file must have; else {@linkcode PreconditionFailedError}. */
  readonly ifMatch: string | null;
  /**
   * The ETag that the file must not have: where it does, a backend may answer without
   * a body. The kernel looks at the entry's ETag in any case.
   */
  readonly ifNoneMatch: string | null;
  /**
   * Whether the content is wanted of a file that is stored with a `Content-Encoding`; never
   * together with a range. A backend that gives the stored bytes is right in any case: the
   * kernel undoes `gzip` and `deflate`.
   */
  readonly decode?: boolean;
  /** The version wanted, as in {@linkcode StatRequest.versionId}. */
  readonly versionId?: string | null;
  /**
   * Whether nothing is wanted of the file but its bytes; never given with `versionId`. The
   * entry needs its size, its ETag and the mark of a folder then; a backend may leave out
   * the rest, or give it all the same.
   */
  readonly bytesOnly?: boolean;
  /** Aborted when the caller gives up or the backend is closed. */
  readonly signal: AbortSignal | undefined;
}

/** What {@linkcode Backend.read} found. */
export interface ReadAnswer {
  /** The file that is being read. */
  readonly entry: FileEntry;
  /** The position of the body's first byte in the file. */
  readonly offset: number;
  /** How many bytes the body has; `null` where the answer did not say. */
  readonly length: number | null;
  /**
   * The bytes. As `Uint8Array` an immutable snapshot, of which the kernel hands
   * out copies only. As stream it is the kernel's to consume or cancel. `null` only
   * where the file is the one that `ifNoneMatch` names.
   */
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;
  /** Whether the body is the content already, and a stored coding is undone. */
  readonly decoded?: boolean;
  /** Whether bytes are nobody else's, so that they are handed on and not copied. */
  readonly handsOver?: boolean;
}

/** What is stored beside a file's bytes. */
export interface StoredFields {
  /** The representation headers. */
  readonly headers: ContentHeaders;
  /** User metadata, frozen and not empty; `null` for none. */
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** Options of {@linkcode Backend.write}: checked, complete, owned by the kernel. */
export interface WriteRequest {
  /** When the write may happen. */
  readonly condition: WriteCondition;
  /** What to store beside the bytes. */
  readonly headers: ContentHeaders;
  /** User metadata, frozen and not empty; `null` for none. */
  readonly metadata: Readonly<Record<string, string>> | null;
  /**
   * What the service must check, `null` for nothing. Never given with an algorithm that
   * is not in {@linkcode Backend.checks}. Send the whole digest, or those of all parts; a
   * difference that the service finds is {@linkcode IntegrityError}.
   */
  readonly check: ContentCheck | null;
  /** Aborted when the caller gives up or the backend is closed. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Content on its way in. Bytes belong to the caller: copy what outlives the
 * call. A stream is the kernel's: every chunk is a non-empty `Uint8Array` that
 * the backend may keep, and it is cancelled by the kernel when the write fails.
 */
export type Body =
  | {
    /** Bytes at hand. */
    readonly kind: "bytes";
    /** The bytes; a view into memory that the caller may change after the call. */
    readonly bytes: Uint8Array<ArrayBuffer>;
  }
  | {
    /** Bytes that are still coming. */
    readonly kind: "stream";
    /** The bytes. */
    readonly stream: ReadableStream<Uint8Array>;
    /** How many will come, where it is known. The kernel holds the stream to it. */
    readonly size: number | null;
    /**
     * The same bytes as a `Blob`, where the content is one: a backend may send slices of
     * it, and then leaves the stream alone.
     */
    readonly blob?: BlobSource | null;
  };

/** Content that is a `Blob`: sent in slices, it need not pass through memory. */
export interface BlobSource {
  /** The content. */
  readonly blob: Blob;
  /** To be called with the number of bytes that were taken, each time some were. */
  took(bytes: number): void;
}

/** Options of {@linkcode Backend.list}. */
export interface ListRequest {
  /** Whether only direct children are wanted, folders among them. */
  readonly shallow: boolean;
  /** The `cursor` of the page before; `null` for the first page. */
  readonly cursor: ListCursor | null;
  /** How many entries are wanted at most; `null` for the backend's own page size. */
  readonly limit: number | null;
  /** Entries with more folders than this between prefix and name may be left out. */
  readonly maxDepth: number | null;
  /**
   * The key behind which the listing begins, whether it is there or not, the same for all
   * of its pages; never given without `LIST_FROM`.
   */
  readonly startAfter?: string | null;
  /** Whether names are wanted in the order in which `startAfter` goes on. */
  readonly ordered?: boolean;
  /** Aborted when the caller gives up or the backend is closed. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Where a listing goes on; the kernel only hands it back, once. One that was given before
 * in the same listing ends it with {@linkcode BackendUnavailableError}: texts are compared
 * as texts, objects by identity, so that each page brings an object of its own.
 */
export type ListCursor = string | object;

/** An object in a listing. */
export interface ListedFile extends FileEntry {
  /**
   * The name as the service gave it, decoded and otherwise untouched. The kernel drops
   * what no path can name (`a//b`, `a/../b`, `/a`, `a\b`), takes a name that ends in a
   * slash for the marker of a folder, and refuses a name that does not begin with the
   * prefix that was asked for.
   */
  readonly key: string;
}

/** One page of a listing, nothing left out of it. May be empty although more follow. */
export interface ListPage {
  /** The objects of this page, in the service's order; those that mark a folder too. */
  readonly files: readonly ListedFile[];
  /**
   * Names of folders, as the service gave them, with the slash at the end or without: the
   * direct subfolders where `shallow` (common prefixes), else what exists of itself
   * (folders of a hierarchical backend). The listed folder may be among them: the kernel
   * takes it as a sign of existence. One may be named again, on the same page or later.
   */
  readonly folders: readonly string[];
  /** Where the next page starts; `null` after the last one. */
  readonly cursor: ListCursor | null;
}

/** Options of {@linkcode Backend.copy} and {@linkcode Backend.move}. */
export interface CopyRequest extends SignalRequest {
  /** When the destination may be put. */
  readonly condition: WriteCondition;
  /** The source as the kernel saw it; copy no other version where the service can tell. */
  readonly source: FileEntry;
  /**
   * Whether the caller has named that version: where the service does not compare, look
   * once more when it is done.
   */
  readonly sourceNamed: boolean;
  /**
   * What the copy has beside its bytes, all of it; `null` for what the source has. Never
   * given to `move`, nor without `COPY_METADATA`. The target may then be the source itself.
   */
  readonly stored: StoredFields | null;
}

/** Options of {@linkcode Backend.delete}. */
export interface DeleteRequest extends SignalRequest {
  /** Deletes only this version, where the service can tell; `null` for any. */
  readonly ifMatch: string | null;
  /**
   * The version to delete, for good, and no other one; never given with `ifMatch`, nor
   * without `VERSIONS`. The answer then tells whether there was one, whatever
   * `deleteTells` says.
   */
  readonly versionId?: string | null;
}

/** Options of {@linkcode Backend.removeFolder}. */
export interface RemoveFolderRequest extends SignalRequest {
  /** Whether everything below goes too. */
  readonly recursive: boolean;
}

/** Options that hold a signal and nothing else. */
export interface SignalRequest {
  /** Aborted when the caller gives up or the backend is closed. */
  readonly signal: AbortSignal | undefined;
}

/** Options of {@linkcode Backend.stat}. */
export interface StatRequest extends SignalRequest {
  /**
   * The version wanted, `null` for the current one; never given without `VERSIONS`. What is
   * found says it as `extra.versionId`, by the service's own word; where there is no such
   * version, nothing is found.
   */
  readonly versionId?: string | null;
}

/**
 * What the author of a backend implements: the wire, and no rule. Keys are
 * canonical (`a/b.txt`, no leading or trailing slash), options are complete and
 * checked, the order of checks, the answers for folders and roots, the assembly of
 * results and the text of errors are the kernel's.
 *
 * A backend throws this library's error classes, without message, path or backend
 * name unless it knows more than the kernel; whatever else it throws is reported as
 * {@linkcode RemoteStoreError} with the thrown value as its cause. An absent
 * file is `null` or `false`, not an error.
 */
export interface Backend {
  /** The backend's name in errors: `memory`, `s3`. */
  readonly name: string;
  /** What it can do, constant for its lifetime. */
  readonly capabilities: ReadonlySet<Capability>;
  /** The algorithms that the service checks on write (`sha256`, `crc32c`, `md5`); none where missing. */
  readonly checks?: ReadonlySet<string>;
  /** Whether folders exist of themselves, or only as the common start of keys. */
  readonly namespace: "flat" | "hierarchical";
  /** Whether `close` is for good. Else a closed backend opens again when it is used. */
  readonly closeIsTerminal: boolean;
  /** Whether `delete` tells an absent file from a deleted one. S3's answer does not. */
  readonly deleteTells: boolean;
  /**
   * Whether an object of a flat backend can carry {@linkcode FileEntry.folderMark}. The
   * kernel then looks at a folder's own key where nothing lies below it.
   *
   * @default {false}
   */
  readonly folderMarks?: boolean;

  /**
   * Returns what stands at `key`. A flat backend looks for an object only; a
   * hierarchical one tells folders and blocking files too. An absent container, where the
   * answer tells it, is {@linkcode containerNotFound}.
   */
  stat(key: string, request: StatRequest): Promise<Entry>;

  /** Starts reading the file at `key`; `null` where there is none. Resolves after the headers. */
  read(key: string, request: ReadRequest): Promise<ReadAnswer | null>;

  /**
   * Puts a file at `key`, all of it or nothing, creating folders on the way. A
   * hierarchical backend calls {@linkcode requirePut} in the step that commits.
   */
  write(key: string, body: Body, request: WriteRequest): Promise<WriteFacts>;

  /** Uploads in parts that outlive a call. Needed with `RESUMABLE_UPLOAD`. */
  readonly uploads?: BackendUploads;

  /**
   * Deletes the file at `key` and returns whether there was one (see `deleteTells`). When
   * a folder is deleted, the names of its markers (`a/`) and of what no path can name
   * (`a//b`) come as `list` gave them, here and in `deleteMany`; never one with a `.` or
   * `..` segment, which URLs do not carry. Delete that object, or throw
   * {@linkcode InvalidPathError}; never another one.
   */
  delete(key: string, request: DeleteRequest): Promise<boolean>;

  /**
   * Returns one page of what lies below `prefix`: the empty string, or a folder's key
   * and a slash. With `GLOB` declared, any text. An absent folder is an empty page; an
   * absent container is {@linkcode containerNotFound}, and what the service does not
   * answer as a listing is an error: emptiness is its own word only.
   */
  list(prefix: string, request: ListRequest): Promise<ListPage>;

  /**
   * Removes a folder and returns whether it could: `false` where it has content and
   * `recursive` is false. Needed with `DELETE` and `LIST` on hierarchical backends. A flat
   * one is asked for what it gave as `folders` of a listing that is not shallow, and never
   * to be recursive; one whose markers are `files` needs no such method.
   */
  removeFolder?(key: string, request: RemoveFolderRequest): Promise<boolean>;

  /**
   * Creates a folder and those above it; one that is there stays. A file there or above is
   * {@linkcode InvalidPathError}. Needed with `CREATE_FOLDER`, on hierarchical backends.
   */
  createFolder?(key: string, request: SignalRequest): Promise<void>;

  /**
   * Deletes many files at once and returns what failed, by key (see `delete` for the
   * names that it is given). The kernel calls `delete` for each where it is missing.
   */
  deleteMany?(
    keys: readonly string[],
    request: SignalRequest,
  ): Promise<ReadonlyMap<string, unknown>>;

  /**
   * Refuses a key that the service cannot keep as it is, by {@linkcode InvalidPathError}
   * and without asking anybody. Every method does so by itself; the kernel asks before
   * it looks at the source of a copy or move.
   */
  requireKey?(key: string): void;

  /** Copies a file with its metadata. Needed with `COPY`. */
  copy?(source: string, target: string, request: CopyRequest): Promise<void>;

  /** Moves a file. The kernel copies, then deletes, where it is missing. Needed with `ATOMIC_MOVE`. */
  move?(source: string, target: string, request: CopyRequest): Promise<void>;

  /**
   * Observes the container once, read-only, with the cheapest request: resolves when
   * it answers, {@linkcode containerNotFound} where it is absent.
   */
  ping(request: SignalRequest): Promise<void>;

  /** Releases what the backend opened itself. May be called again. */
  close(): Promise<void>;

  /** Returns the service's own name of a key, not a URL: `bucket/a/b.txt`. */
  nativePath(key: string): string;

  /** The inverse of `nativePath`; foreign input comes back unchanged. */
  toKey(nativePath: string): string;

  /** What {@linkcode StoreLike.resolve} reports beside the paths. No secrets, no queries. */
  describe?(key: string): Readonly<Record<string, unknown>>;

  /** Returns the native handle of the class `type`; `null` where it has none. */
  unwrap?<T>(type: abstract new (...args: never[]) => T): T | null;
}
