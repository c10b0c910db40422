// This module is browser compatible.
import type { ContentDigest } from "./digest.ts";
import type {
  ContentHeaders,
  WriteCondition,
  WriteFacts,
} from "./representation.ts";

/** An upload in parts, as it was promised when it was opened. */
export interface PartsRequest {
  /** The size of the whole, in bytes. */
  readonly size: number;
  /** The size of every part but the last, in bytes. */
  readonly partSize: number;
  /** When the file may be put, checked when the upload is completed. */
  readonly condition: WriteCondition;
  /** What to store beside the bytes. */
  readonly headers: ContentHeaders;
  /** User metadata, frozen and not empty; `null` for none. */
  readonly metadata: Readonly<Record<string, string>> | null;
  /** Aborted when the caller gives up or the backend is closed. */
  readonly signal: AbortSignal | undefined;
}

/** An upload that is open: the same promise, and its name. */
export interface OpenPartsRequest extends PartsRequest {
  /** What {@linkcode BackendUploads.open} returned, maybe in another process. */
  readonly id: string;
}

/** A part that the service has. */
export interface UploadedPart {
  /** Its place, from 1. */
  readonly number: number;
  /** Its size in bytes. */
  readonly size: number;
  /**
   * What the service calls its content, as the part's own answer and the list both give
   * it: two parts of one number with one tag are the same bytes.
   */
  readonly tag: string;
}

/** One page of the parts that the service has. */
export interface PartsPage {
  /** The parts, in any order. */
  readonly parts: readonly UploadedPart[];
  /** Where the next page starts; `null` after the last one. */
  readonly cursor: string | null;
}

/**
 * Uploads in parts that outlive the call and the process that began them: the optional half
 * of a backend, which goes with the capability `RESUMABLE_UPLOAD`.
 */
export interface BackendUploads {
  /** The part size where the caller names none, for content of `size` bytes. */
  partSizeFor(size: number, wanted: number | null): number;
  /**
   * Opens an upload and returns its name, with which any process goes on: all that the
   * other steps need. A conflict that is there already is refused.
   */
  open(key: string, request: PartsRequest): Promise<string>;
  /**
   * Sends a part and returns its tag; one that is there already is replaced. The bytes are
   * the backend's. An upload that is gone is {@linkcode NotFoundError}.
   *
   * @param digest The SHA-256 of the bytes, where the caller has it.
   */
  part(
    key: string,
    number: number,
    bytes: Uint8Array<ArrayBuffer>,
    digest: ContentDigest | null,
    request: OpenPartsRequest,
  ): Promise<string>;
  /** Returns one page of the parts that are there; `null` where the upload is gone. */
  parts(
    key: string,
    cursor: string | null,
    request: OpenPartsRequest,
  ): Promise<PartsPage | null>;
  /**
   * Makes the file of its parts, all of them in their order, if the condition holds. Where
   * the upload is gone, and the file is what these parts make, it has been completed
   * before; where it is not, or nobody can tell, {@linkcode NotFoundError}. If it is this
   * call's own completion whose answer was lost, what nobody can tell is in doubt.
   */
  complete(
    key: string,
    parts: readonly UploadedPart[],
    request: OpenPartsRequest,
  ): Promise<WriteFacts>;
  /** Throws the upload away, with its parts. One that is gone is no error. */
  discard(key: string, request: OpenPartsRequest): Promise<void>;
}
