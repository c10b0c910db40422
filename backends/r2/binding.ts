// This module is browser compatible.

/**
 * What is needed of a Worker's R2 binding, by shape: the `R2Bucket` of Cloudflare's own
 * types fits, and so does a test's imitation. Errors carry their number at the end of
 * their message.
 */
export interface R2BucketBinding {
  /** Returns what is known of an object; `null` where there is none. */
  head(key: string): Promise<R2ObjectFacts | null>;
  /**
   * Returns an object with its body, without one where `onlyIf` does not hold, and `null`
   * where there is none.
   */
  get(
    key: string,
    options?: R2ReadOptions,
  ): Promise<R2ObjectFacts | R2ObjectContent | null>;
  /** Stores an object; `null` where `onlyIf` does not hold, and nothing is stored. */
  put(
    key: string,
    value: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
    options?: R2StoreOptions,
  ): Promise<R2ObjectFacts | null>;
  /** Opens an upload in parts. */
  createMultipartUpload(
    key: string,
    options?: R2UploadOptions,
  ): Promise<R2Upload>;
  /** Deletes up to 1,000 objects; absent ones are no error. */
  delete(keys: string | string[]): Promise<void>;
  /** Lists a page. */
  list(options?: R2PageOptions): Promise<R2Page>;
}

/** Options of {@linkcode R2BucketBinding.get}. */
export interface R2ReadOptions {
  /** The condition. */
  onlyIf?: R2Condition;
  /** The bytes wanted. */
  range?: { offset: number; length?: number } | { suffix: number };
}

/** A condition on the ETag, which stands here without its quotes. `*` is any. */
export interface R2Condition {
  /** The ETag that the object must have. */
  etagMatches?: string;
  /** The ETag that the object must not have. */
  etagDoesNotMatch?: string;
}

/** Options of {@linkcode R2BucketBinding.createMultipartUpload}. */
export interface R2UploadOptions {
  /** The representation headers. */
  httpMetadata?: R2Headers;
  /** User metadata. */
  customMetadata?: Record<string, string>;
  /** `Standard` or `InfrequentAccess`. */
  storageClass?: string;
}

/** Options of {@linkcode R2BucketBinding.put}. One hash at most; each in hexadecimal. */
export interface R2StoreOptions extends R2UploadOptions {
  /** The condition. */
  onlyIf?: R2Condition;
  /** The MD5 that the content must have. */
  md5?: string;
  /** The SHA-1 that the content must have. */
  sha1?: string;
  /** The SHA-256 that the content must have. */
  sha256?: string;
  /** The SHA-384 that the content must have. */
  sha384?: string;
  /** The SHA-512 that the content must have. */
  sha512?: string;
}

/** The representation headers of an object. */
export interface R2Headers {
  /** `Content-Type`. */
  contentType?: string;
  /** `Content-Language`. */
  contentLanguage?: string;
  /** `Content-Disposition`. */
  contentDisposition?: string;
  /** `Content-Encoding`. */
  contentEncoding?: string;
  /** `Cache-Control`. */
  cacheControl?: string;
  /** `Expires`. */
  cacheExpiry?: Date;
}

/** What the service knows of an object. */
export interface R2ObjectFacts {
  /** The key. */
  readonly key: string;
  /** The name of this upload of it. */
  readonly version: string;
  /** Its size in bytes. */
  readonly size: number;
  /** The ETag with its quotes. */
  readonly httpEtag: string;
  /** When it was stored. */
  readonly uploaded: Date;
  /** The hashes that the service has. */
  readonly checksums: R2Hashes;
  /** The representation headers; in listings only where asked for. */
  readonly httpMetadata?: R2Headers;
  /** User metadata; in listings only where asked for. */
  readonly customMetadata?: Record<string, string>;
  /** `Standard` or `InfrequentAccess`. */
  readonly storageClass?: string;
}

/** An object with its bytes, or those of a range. */
export interface R2ObjectContent extends R2ObjectFacts {
  /** The bytes. */
  readonly body: ReadableStream<Uint8Array>;
}

/** The hashes of an object, as far as the service has them. */
export interface R2Hashes {
  /** MD5; of every object that was stored at once. */
  readonly md5?: ArrayBuffer;
  /** SHA-1. */
  readonly sha1?: ArrayBuffer;
  /** SHA-256. */
  readonly sha256?: ArrayBuffer;
  /** SHA-384. */
  readonly sha384?: ArrayBuffer;
  /** SHA-512. */
  readonly sha512?: ArrayBuffer;
}

/** Options of {@linkcode R2BucketBinding.list}. */
export interface R2PageOptions {
  /** How many entries at most, 1,000 at most. */
  limit?: number;
  /** How keys begin. */
  prefix?: string;
  /** Where the page starts. */
  cursor?: string;
  /** The key behind which the first page starts. */
  startAfter?: string;
  /** What ends a folder's name. */
  delimiter?: string;
  /** What to tell of each object beside the rest; costs entries of the page. */
  include?: ("httpMetadata" | "customMetadata")[];
}

/** A page of a listing. */
export interface R2Page {
  /** The objects. May be fewer than asked for although more follow. */
  readonly objects: readonly R2ObjectFacts[];
  /** The folders, each with its delimiter. */
  readonly delimitedPrefixes: readonly string[];
  /** Whether more follow. */
  readonly truncated: boolean;
  /** Where they start. */
  readonly cursor?: string;
}

/** An upload in parts. All parts but the last have one size, 5 MiB at least. */
export interface R2Upload {
  /** Sends a part, numbered from 1. */
  uploadPart(
    number: number,
    value: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  ): Promise<R2UploadedPart>;
  /** Throws the upload away. */
  abort(): Promise<void>;
  /** Makes the object of its parts. Replaces what is there: it takes no condition. */
  complete(parts: R2UploadedPart[]): Promise<R2ObjectFacts>;
}

/** A part that the service has. */
export interface R2UploadedPart {
  /** Its number. */
  partNumber: number;
  /** Its name. */
  etag: string;
}
