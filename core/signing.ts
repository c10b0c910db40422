// This module is browser compatible.
import type { ContentDigest } from "./digest.ts";
import type { StoreLike } from "./store_like.ts";

/** What a page without credentials wants to do, in the words of the store. */
export interface AskedOperation {
  /** `"head"` asks whether a file is there and what is known of it, `"ping"` for a sign of life. */
  readonly operation:
    | "read"
    | "head"
    | "list"
    | "write"
    | "delete"
    | "copy"
    | "ping";
  /** The path below the root; of a listing the folder, `""` for the root itself. Of a copy the target. */
  readonly path: string;
  /** The path that a copy reads, which is asked for as `"read"` too; else `null`. */
  readonly source: string | null;
  /** Bytes of the whole file; `null` where nobody knows them, and for what writes none. */
  readonly size: number | null;
  /** Whether it may only create, and replaces nothing. */
  readonly create: boolean;
  /** The ETag that the file has to have; `null` for any. */
  readonly ifMatch: string | null;
  /** `Content-Type`; `null` where none was given, which is then stored as `application/octet-stream`. */
  readonly contentType: string | null;
  /** `Cache-Control`. */
  readonly cacheControl: string | null;
  /** `Content-Disposition`. */
  readonly contentDisposition: string | null;
  /** `Content-Encoding`. */
  readonly contentEncoding: string | null;
  /** `Content-Language`. */
  readonly contentLanguage: string | null;
  /** User metadata; `null` for none. */
  readonly metadata: Readonly<Record<string, string>> | null;
  /** The checksum that the service is to verify; `null` for none. */
  readonly digest: ContentDigest | null;
}

/** An operation by the backend's keys, before they are paths. */
export interface KeyedOperation
  extends Omit<AskedOperation, "path" | "source"> {
  /** The key; of a listing the prefix, which may end within a name. */
  readonly key: string;
  /** The key that a copy reads; `null` for all else. */
  readonly sourceKey: string | null;
}

/** What an upload in parts promises. Each of its requests carries the same object. */
export interface PromisedUpload {
  /** The size of the whole in bytes; `null` where nobody knows. */
  readonly size: number | null;
  /** The size of every part but the last, in bytes. */
  readonly partSize: number;
  /** Whether it may only create, and replaces nothing. */
  readonly create: boolean;
  /** The ETag that the file has to have, which it replaces; `null` for any. */
  readonly ifMatch: string | null;
  /** The `Content-Type` that the file is to have; `null` where none was given. */
  readonly contentType: string | null;
  /** What it copies, as the service names it: `x-amz-copy-source`. `null` for content that is sent. */
  readonly source: string | null;
}

/**
 * What a signer keeps of an upload, and hands in again with each of its requests: it lasts
 * as long as the upload, in the token of one that is resumed too.
 */
export interface UploadTicket {
  /** The text; `null` as long as there is none. The signer sets it. */
  text: string | null;
}

/** A request that a page wants to send. Nothing of it is trusted. */
export interface SigningQuestion {
  /** The method. */
  readonly method: string;
  /** The URL. */
  readonly url: string;
  /** Header fields. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes of the body; `null` where nobody knows. */
  readonly size: number | null;
  /** The body, where it came along. */
  readonly body: Uint8Array<ArrayBuffer> | null;
  /** What an upload in parts promises. */
  readonly plan: PromisedUpload | null;
  /** How long a URL is to be valid that is handed on; `null` for a request that is sent at once. */
  readonly expiresIn: number | null;
}

/** A step of an upload in parts. */
export interface UploadStep {
  /** Which one. */
  readonly step: "open" | "part" | "complete" | "abort" | "check";
  /** The number of a part, from 1; of a completion how many there are. */
  readonly number: number;
  /** The bytes of a part. */
  readonly size: number;
  /** Whether that a whole may only create is said, where the service is told. */
  readonly create: boolean;
  /** The ETag that is said. */
  readonly ifMatch: string | null;
  /** Whether the service knows no opening, so that a step without a ticket is one. */
  readonly opens: boolean;
  /** Whether it says what is stored with the file, its type and metadata, behind an opening. */
  readonly stores: boolean;
}

/** On which terms a request is signed. */
export interface SigningTerms {
  /** For how long, in seconds. */
  readonly seconds: number;
  /** The `Content-Type` to store in place of the one that was asked for. */
  readonly contentType?: string | undefined;
  /** The metadata to store in place of what was asked for. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** A request with its signature. */
export interface GrantedRequest {
  /** The URL. */
  readonly url: string;
  /** All header fields to send, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the service holds the sender to: `size`, `type`, `create`, `match`, `body`, `range`. */
  readonly enforced: readonly string[];
  /**
   * For how many seconds it is valid, where the service ends it earlier than the terms.
   *
   * @default {those of the terms}
   */
  readonly seconds?: number | undefined;
}

/** A question that has been understood: nothing in it is left over. */
export interface SigningCase {
  /** What it does to which keys. */
  readonly operations: readonly KeyedOperation[];
  /** Which step of an upload in parts it is; `null` for none. */
  readonly upload: UploadStep | null;
  /** Whether the service has no signature as narrow, so that the request is sent from here. */
  readonly onlyHere: boolean;
  /** Signs what was understood. */
  sign(terms: SigningTerms): Promise<GrantedRequest>;
  /** Sends it from here. */
  send(terms: SigningTerms, signal: AbortSignal): Promise<Response>;
  /**
   * Returns what a page asks next where its upload has been opened with this answer: for the
   * first of its parts, as far as their sizes are known.
   */
  partsOf(answer: string): readonly SigningQuestion[];
  /**
   * Returns the bytes of the parts that a completion names, as the service has them; what
   * the service answers where they are gone.
   */
  sumOfParts(signal: AbortSignal): Promise<number | Response>;
  /** Throws the upload away. */
  discard(signal: AbortSignal): Promise<void>;
  /** Returns what the answer to a completion says; `null` where it is an error. */
  completed(
    text: string,
    headers: Headers,
  ): { readonly etag: string | null; readonly versionId: string | null } | null;
}

/** What signs for a handler: made by a backend's own entry, used by `ext/sign`. */
export interface SigningService {
  /** Returns what a page may know of the service, for its backend's options. No secrets. */
  describe(): Readonly<Record<string, unknown>>;
  /** Returns the backend's key of a path of the store. */
  keyOf(path: string): string;
  /**
   * Understands a question, whole or not at all.
   *
   * @throws {InvalidArgumentError} If it is not one that this library asks.
   */
  read(question: SigningQuestion): Promise<SigningCase>;
  /** Returns a key for what the handler signs itself; `null` where the secret does not last. */
  deriveKey(purpose: string): Uint8Array<ArrayBuffer> | null;
}

/** What a service does with header fields that a signature does not cover. */
export type UnsignedFields = "refused" | "scoped" | "accepted";

/** Makes a {@linkcode SigningService} for a store. */
export type ToSigningService = (
  store: Pick<StoreLike, "unwrap" | "nativePath">,
  options: { readonly unsignedFields: UnsignedFields | undefined },
) => SigningService;
