// This module is browser compatible.
import type { ContentDigest } from "./digest.ts";

/**
 * What can be written. A view's offset and length are honoured, and bytes are taken
 * as they are at the call: changing them afterwards changes nothing. A stream is read from where it
 * stands to its end; an async iterable's chunks are copied as they come, so its
 * buffer may be reused. A `Blob`'s or a successful `Response`'s own type is the
 * default of `contentType`.
 */
export type WriteContent =
  | string
  | ArrayBuffer
  | ArrayBufferView
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Response;

/** A range of bytes: from an offset, or the last ones of the file. */
export type ByteRange =
  | {
    /** The first byte, counted from 0. At or behind the end gives no bytes. */
    readonly offset: number;
    /**
     * How many bytes at most.
     *
     * @default {to the end of the file}
     */
    readonly length?: number | undefined;
  }
  | {
    /** How many bytes at most, counted from the end. */
    readonly suffix: number;
  };

/** What every call takes. */
export interface CallOptions {
  /**
   * Ends the call: it rejects with `signal.reason`, unchanged. For a limit in
   * time use `AbortSignal.timeout(milliseconds)`.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@linkcode StoreLike.read} and {@linkcode StoreLike.readBytes}. */
export interface ReadOptions extends CallOptions {
  /**
   * The bytes wanted. Works on every backend; those without `SEEKABLE_READ` read
   * the file from its start and drop the rest.
   *
   * @default {the whole file}
   */
  readonly range?: ByteRange | undefined;
  /** Reads only the version with this ETag, as it was received; another one is {@linkcode PreconditionFailedError}. */
  readonly ifMatch?: string | undefined;
  /**
   * Reads this version, by the id that `WriteResult.versionId` or `extra.versionId` of a
   * file's info gave, whatever stands at the path by now. One that is not there is
   * {@linkcode NotFoundError}. Needs `VERSIONS`.
   *
   * @default {the current version}
   */
  readonly versionId?: string | undefined;
  /**
   * Whether the content is wanted of a file that is stored with a `Content-Encoding`
   * (RFC 9110 §8.4): decoded, of unknown size, and without ranges. `gzip` and `deflate`
   * everywhere, `br` where the runtime's `fetch` undoes it. Without, the stored bytes are
   * read; where the runtime does not give them, that is an error.
   *
   * @default {false}
   */
  readonly decode?: boolean | undefined;
}

/** Options of {@linkcode StoreLike.openBlob}. */
export interface OpenBlobOptions extends CallOptions {
  /** Opens this version, as in {@linkcode ReadOptions}. Needs `VERSIONS`. */
  readonly versionId?: string | undefined;
  /**
   * Whether the content is wanted of a file that is stored with a `Content-Encoding`. It is
   * then read into memory at once: only its end tells its size.
   *
   * @default {false}
   */
  readonly decode?: boolean | undefined;
}

/** Options of {@linkcode StoreLike.open}. */
export interface OpenOptions extends ReadOptions {
  /** Leaves the body out where the file is still the version with this ETag, as it was received. */
  readonly ifNoneMatch?: string | undefined;
  /**
   * Whether an absent file is `null` and no error. Nobody is then asked whether a folder
   * stands there, so that a miss costs one request: a folder's path is `null`, too. An
   * absent bucket or container is an error all the same, where the answer tells it.
   *
   * @default {false}
   */
  readonly missingOk?: boolean | undefined;
}

/** Options of {@linkcode StoreLike.readText}. */
export type ReadTextOptions = Omit<ReadOptions, "range">;

/**
 * The digest of a write's content, for the service to check. Functions over a store
 * make it, so that neither the core nor a backend holds a hash.
 */
export interface ContentCheck {
  /** The algorithm in the short spelling: `sha256`, `crc32c`. */
  readonly algorithm: string;
  /** Returns the digest of the whole content; not before its last byte has been taken. */
  digest(): Promise<ContentDigest>;
  /** Returns the digest of one part of it, for a service that checks part by part. */
  digestOf(part: Uint8Array<ArrayBuffer>): Promise<ContentDigest>;
}

/** Options of the methods that write. */
export interface WriteOptions extends CallOptions {
  /**
   * Whether an existing file is replaced. Where the backend declares
   * `CONDITIONAL_WRITE`, `false` is free of races.
   *
   * @default {false}
   */
  readonly overwrite?: boolean | undefined;
  /**
   * Replaces only the version with this ETag, as it was received. Needs
   * `CONDITIONAL_WRITE`; excludes `overwrite: false`.
   */
  readonly ifMatch?: string | undefined;
  /** The media type (RFC 9110 §8.3), stored with the file. */
  readonly contentType?: string | undefined;
  /** The `Cache-Control` value to store (RFC 9111 §5.2). */
  readonly cacheControl?: string | undefined;
  /** The `Content-Disposition` value to store (RFC 6266). */
  readonly contentDisposition?: string | undefined;
  /** The `Content-Encoding` that the content already has (RFC 9110 §8.4). */
  readonly contentEncoding?: string | undefined;
  /** The `Content-Language` value to store (RFC 9110 §8.5). */
  readonly contentLanguage?: string | undefined;
  /**
   * User metadata: ASCII keys without a leading underscore, string values, 2,048
   * bytes in all. Needs `USER_METADATA` unless empty.
   */
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  /**
   * Called with the number of bytes taken from the content so far; the last call
   * gives the size. What it throws ends the write.
   */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /**
   * The most bytes that the content may have. More is {@linkcode ContentTooLargeError}:
   * before any request where the size is known, else at the first byte too many, and
   * nothing is written.
   *
   * @default {no limit}
   */
  readonly maxSize?: number | undefined;
  /**
   * Has the service check the content before it commits: a difference is
   * {@linkcode IntegrityError} and nothing is written. Where the service cannot check
   * this algorithm, the write is {@linkcode CapabilityNotSupportedError} before any request.
   */
  readonly check?: ContentCheck | undefined;
}

/** Options of {@linkcode StoreLike.openAtomic}. */
export type OpenAtomicOptions = WriteOptions;

/** Options of {@linkcode StoreLike.openUpload}. */
export interface OpenUploadOptions
  extends Omit<WriteOptions, "onProgress" | "maxSize" | "check"> {
  /** The size of the whole, in bytes: at least one. */
  readonly size: number;
  /**
   * The size of every part but the last, in bytes. Where it is left out the backend
   * chooses; what it cannot take is refused.
   */
  readonly partSize?: number | undefined;
  /**
   * The {@linkcode MultipartUpload.id} of an upload to go on with, opened with the same
   * options and the part size that it got. Nothing is sent then.
   */
  readonly id?: string | undefined;
}

/** Options of {@linkcode MultipartUpload.part}. */
export interface PartOptions extends CallOptions {
  /** The SHA-256 of the part's bytes, where it is known: services that can hold it to the part. */
  readonly digest?: ContentDigest | undefined;
}

/** Options of {@linkcode StoreLike.deleteMany}. */
export interface DeleteManyOptions extends CallOptions {
  /**
   * Whether an absent file is no error. A folder is one all the same, but for `deleteMany`:
   * see there.
   *
   * @default {false}
   */
  readonly missingOk?: boolean | undefined;
}

/** Options of {@linkcode StoreLike.delete}. */
export interface DeleteOptions extends DeleteManyOptions {
  /**
   * Deletes only the version with this ETag, as it was received; another one is
   * {@linkcode PreconditionFailedError}. Needs `CONDITIONAL_DELETE`.
   */
  readonly ifMatch?: string | undefined;
  /**
   * Deletes this version for good, and nothing else: no mark of a deletion is left, and of
   * other versions none is touched. On S3 the one before the current version is current
   * after it; the id of a delete marker takes the deletion back. Needs `VERSIONS`; excludes
   * `ifMatch`.
   */
  readonly versionId?: string | undefined;
}

/** Options of {@linkcode StoreLike.deleteFolder}. */
export interface DeleteFolderOptions extends DeleteManyOptions {
  /**
   * Whether the folder's content is deleted with it.
   *
   * @default {false}
   */
  readonly recursive?: boolean | undefined;
}

/** Options of {@linkcode StoreLike.getFileInfo}. */
export interface FileInfoOptions extends CallOptions {
  /** Looks this version up, as in {@linkcode ReadOptions}. Needs `VERSIONS`. */
  readonly versionId?: string | undefined;
  /**
   * Whether an absent file is `null` and no error. A folder is one all the same, and so
   * is an absent bucket or container.
   *
   * @default {false}
   */
  readonly missingOk?: boolean | undefined;
}

/** Options of {@linkcode StoreLike.listFolders}. */
export interface ListFoldersOptions extends CallOptions {
  /**
   * How many levels below the immediate children are listed too.
   *
   * @default {0}
   */
  readonly maxDepth?: number | undefined;
}

/** Options of {@linkcode StoreLike.listFiles}. */
export interface ListFilesOptions extends CallOptions {
  /**
   * Whether files in folders below are listed. Ignored where `maxDepth` is given.
   *
   * @default {false}
   */
  readonly recursive?: boolean | undefined;
  /**
   * The greatest number of folders between the listed path and a file: 0 gives
   * direct children only.
   *
   * @default {no limit with `recursive`, else 0}
   */
  readonly maxDepth?: number | undefined;
  /** A shell pattern (`*`, `?`, `[abc]`, `[!abc]`) that the file's name matches. Case counts. */
  readonly pattern?: string | undefined;
  /** How many files are listed at most, 1 at least. No more are asked for than are needed. */
  readonly limit?: number | undefined;
  /**
   * Lists only what comes behind this path, whether a file is there or not: the last path of
   * a listing is where the next one goes on. It lies below the listed path, and no deeper
   * than is listed. Needs `LIST_FROM`, which puts names in order, here and with `limit`:
   * that of their UTF-8 bytes; on IndexedDB depth by depth, then that of code units.
   */
  readonly startAfter?: string | undefined;
}

/** Options of {@linkcode StoreLike.getFolderInfo}. */
export interface FolderInfoOptions extends CallOptions {
  /**
   * Counts only files within this depth, as in `listFiles`; needs `LIST`.
   *
   * @default {no limit}
   */
  readonly maxDepth?: number | undefined;
}

/** Options of {@linkcode StoreLike.move}. */
export interface TransferOptions extends CallOptions {
  /**
   * Whether an existing file at the destination is replaced.
   *
   * @default {false}
   */
  readonly overwrite?: boolean | undefined;
  /**
   * Replaces only the version with this ETag at the destination, as it was received. Needs
   * `CONDITIONAL_COPY`; excludes `overwrite: false`.
   */
  readonly ifMatch?: string | undefined;
  /** Takes only the version of the source with this ETag, as it was received; another one is {@linkcode PreconditionFailedError}. */
  readonly sourceIfMatch?: string | undefined;
}

/**
 * Options of {@linkcode StoreLike.copy}. What is given of `metadata` and the header fields
 * is stored with the copy in place of what the source has, and needs `COPY_METADATA`; what
 * is not given is the source's.
 */
export interface CopyOptions extends
  TransferOptions,
  Pick<
    WriteOptions,
    | "contentType"
    | "cacheControl"
    | "contentDisposition"
    | "contentEncoding"
    | "contentLanguage"
    | "metadata"
  > {}
