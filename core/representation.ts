// This module is browser compatible.
import type { ContentDigest } from "./digest.ts";

/** The condition under which a file may be put at a key. */
export interface WriteCondition {
  /** Whether an existing file may be replaced. */
  readonly overwrite: boolean;
  /** The ETag that the existing file must have; `null` for any. */
  readonly ifMatch: string | null;
}

/** The representation headers that are stored with a file. `null` where none was given. */
export interface ContentHeaders {
  /** `Content-Type`. */
  readonly contentType: string | null;
  /** `Cache-Control`. */
  readonly cacheControl: string | null;
  /** `Content-Disposition`. */
  readonly contentDisposition: string | null;
  /** `Content-Encoding`. */
  readonly contentEncoding: string | null;
  /** `Content-Language`. */
  readonly contentLanguage: string | null;
}

/** What a write's own answer said. `null` where it did not. */
export interface WriteFacts {
  /** The ETag as an HTTP field value, with its quotes. */
  readonly etag: string | null;
  /** The service's name of this version. */
  readonly versionId: string | null;
  /** Time of the change in milliseconds since 1970 (UTC); never the answer's `Date`. */
  readonly lastModified: number | null;
  /** The hash of the whole content, where the service computed or checked it. */
  readonly digest: ContentDigest | null;
}
