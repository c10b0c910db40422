// This module is browser compatible.
import type { UploadedPart } from "./backend_uploads.ts";
import type { KeyCall } from "./boundary.ts";
import type { CheckedWrite } from "./gates.ts";
import type { CallOptions, PartOptions } from "./options.ts";
import type { WriteResult } from "./results.ts";

/**
 * An upload in parts that is open at the service, and stays so until it is completed or
 * discarded, or until the service's own rule ends it. Whoever has its `id` and its options
 * goes on with it, in another process too. Parts are sent in any order, several at once.
 */
export interface MultipartUpload {
  /** The path, store-relative. */
  readonly path: string;
  /** Its name at the service: text that is the backend's own. */
  readonly id: string;
  /** The size of the whole, in bytes. */
  readonly size: number;
  /** The size of every part but the last, in bytes. */
  readonly partSize: number;
  /**
   * Sends a part, numbered from 1, and returns what the service calls it. One that is
   * there already is replaced. An upload that is gone is {@linkcode NotFoundError}.
   */
  part(
    number: number,
    bytes: Uint8Array<ArrayBuffer>,
    options?: PartOptions,
  ): Promise<UploadedPart>;
  /**
   * Lists the parts that the service has, in pages; of a number that was sent twice Azure
   * lists both. An upload that is gone, because it was completed, discarded or ended by a
   * rule, is {@linkcode NotFoundError}; Azure does not tell one from an upload without parts.
   */
  parts(options?: CallOptions): AsyncIterable<UploadedPart>;
  /**
   * Makes the file of its parts: all of them, as {@linkcode MultipartUpload.part} or
   * {@linkcode MultipartUpload.parts} gave them. Resolves also where that has been done
   * before, which is how an answer that was lost is asked for again. An upload that is
   * gone is {@linkcode NotFoundError}.
   */
  complete(
    parts: Iterable<UploadedPart>,
    options?: CallOptions,
  ): Promise<WriteResult>;
  /**
   * Throws it away, with its parts. One that is gone is no error. Azure has no call for it:
   * its parts count for nothing, and end within a week.
   */
  discard(options?: CallOptions): Promise<void>;
}

/** What is asked for, checked. */
export interface AskedUpload {
  /** The call that opens it. */
  readonly call: KeyCall;
  /** The options of the write. */
  readonly checked: CheckedWrite;
  /** The size of the whole, in bytes. */
  readonly size: number;
  /** The size of a part; `null` for the backend's own. */
  readonly partSize: number | null;
  /** The name of an upload to go on with; `null` for a new one. */
  readonly id: string | null;
}
