// This module is browser compatible.
import type { WriteContent, WriteOptions } from "../../mod.ts";

/** What is known of a file's content without reading it. */
export interface Known {
  /** Its SHA-256, lower-case hexadecimal. */
  readonly sha256: string | null;
  /** The ETag of the file that it was made from. */
  readonly from: string | null;
}

/** A file that was opened. */
export interface Opened {
  /** Its bytes: a blob where they can be read again. */
  readonly content: Blob | ReadableStream<Uint8Array>;
  /** How many there are; `null` where nobody knows. */
  readonly size: number | null;
  /** What goes with them: type, fields and user metadata. */
  readonly about: WriteOptions;
}

/** A file on one side, as its listing gave it. */
export interface Item {
  /** Its path, canonical where it can be. */
  readonly path: string;
  /** Its size in bytes; `null` where the listing does not tell. */
  readonly size: number | null;
  /** The time of its last change, in milliseconds since 1970, where it is known. */
  readonly time: number | undefined;
  /** Its ETag, if it is a strong one. */
  readonly etag: string | null;
  /** Whether its bytes are here, so that they can be hashed without a request. */
  readonly local: boolean;
  /** Returns what is known of it; may cost a request, once. */
  known(signal: AbortSignal): Promise<Known>;
  /** Opens it. */
  open(signal: AbortSignal): Promise<Opened>;
}

/** What files are read from. */
export interface Origin {
  /** Lists all files. */
  list(signal: AbortSignal): AsyncIterable<Item>;
}

/** What files are written to. */
export interface Target extends Origin {
  /** Whether user metadata is kept there. */
  readonly keeps: boolean;
  /** Writes a file in place of `old`, and of no other; without it where there is none. */
  put(
    path: string,
    content: WriteContent,
    options: WriteOptions & { readonly signal: AbortSignal },
    old: Item | undefined,
  ): Promise<unknown>;
  /** Deletes files and returns what failed, by path. */
  remove(
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, unknown>>;
}

/** Returns an ETag that identifies bytes (RFC 9110 §8.8.1); `null` for a weak one. */
export function strong(etag: string | null): string | null {
  return etag?.startsWith("W/") ? null : etag;
}
