// This module is browser compatible.
import type { UploadedPart, WriteOptions } from "../../mod.ts";

/** The options of the write that an upload will be, as the token keeps them. */
export type KeptOptions = Pick<
  WriteOptions,
  | "overwrite"
  | "ifMatch"
  | "contentType"
  | "cacheControl"
  | "contentDisposition"
  | "contentEncoding"
  | "contentLanguage"
  | "metadata"
>;

/** A part that the service has acknowledged. */
export interface KeptPart extends UploadedPart {
  /** The SHA-256 of its bytes, in lower-case hexadecimal. */
  readonly sha256: string;
}

/** What a finished upload has made. */
export interface MadeFile {
  /** Its ETag; `null` where the service gave none. */
  readonly etag: string | null;
  /** Its version; `null` where the service has none. */
  readonly versionId: string | null;
  /** The time of the change in milliseconds since 1970; `null` where the answer did not tell. */
  readonly lastModified: number | null;
  /** When that was written down, by the clock of the device. */
  readonly at: number;
}

/**
 * What is remembered of an upload: plain data, that JSON carries. It names the upload at
 * the service and may hold a grant for it, so it belongs where the file itself may lie.
 */
export interface UploadToken {
  /** The version of this shape. */
  readonly v: 1;
  /** Where it lies in the store of tokens; also its name. */
  readonly key: string;
  /** The hash of backend and native path: where the file goes. */
  readonly target: string;
  /** The path in the store that the upload was begun with. */
  readonly path: string;
  /** What the service calls the upload. */
  readonly id: string;
  /** The size of the whole, in bytes. */
  readonly size: number;
  /** The size of every part but the last, in bytes. */
  readonly partSize: number;
  /** The name of the source, where it has one: the name of a `File`, the path in a store. */
  readonly name: string | null;
  /** The time of the source's last change, in milliseconds since 1970; `null` where nobody knows. */
  readonly lastModified: number | null;
  /** When the upload was begun, in milliseconds since 1970. */
  readonly created: number;
  /** What the write was asked for. */
  readonly options: KeptOptions;
  /** The parts that are there. */
  readonly parts: readonly KeptPart[];
  /** Who goes on with it. */
  readonly owner: string;
  /** How far it is. */
  readonly state: "open" | "done" | "discarded";
  /** What has been made of it; `null` as long as nothing was. */
  readonly made: MadeFile | null;
}

/** Returns a token as text. */
export function formatToken(token: UploadToken): string {
  // One of another version may have none.
  const parts = token.parts?.map?.((
    part,
  ) => [part.number, part.tag, part.sha256]);
  return JSON.stringify({ ...token, parts });
}

/** Why a token says nothing: it is none, or of a version that is not known here. */
export type Unread = "torn" | "newer";

/** Returns the token of a text. */
export function parseToken(text: string, key: string): UploadToken | Unread {
  try {
    return read(JSON.parse(text) as Stored, key);
  } catch {
    return "torn";
  }
}

/** Returns a token that a caller has kept; from JavaScript it may be anything. */
export function ownToken(token: UploadToken): UploadToken | Unread {
  try {
    return parseToken(formatToken(token), token.key);
  } catch {
    return "torn";
  }
}

type Stored =
  & Omit<UploadToken, "parts">
  & { readonly parts: readonly (readonly [number, string, string])[] };

function read(stored: Stored, key: string): UploadToken | Unread {
  const { v, size, partSize, path, id, target, options, state } = stored;
  // A tab with a newer version of this library goes on with it.
  if (isCount(v) && v > 1) return "newer";
  const isWhole = v === 1 && stored.key === key && isCount(size) &&
    isCount(partSize) && [key, path, id, target].every(isText) &&
    typeof options === "object" && options !== null &&
    ["open", "done", "discarded"].includes(state);
  if (!isWhole) return "torn";
  const most = Math.ceil(size / partSize);
  const parts = stored.parts.map(([number, tag, sha256]): KeptPart => {
    if (!isCount(number) || number > most || !isText(tag)) throw new Error();
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error();
    return { number, size: sizeOfPart(stored, number), tag, sha256 };
  });
  const isOnce =
    new Set(parts.map(({ number }) => number)).size === parts.length;
  return isOnce ? { ...stored, parts } : "torn";
}

/** Returns the size of a part, in bytes. */
export function sizeOfPart(
  { size, partSize }: Pick<UploadToken, "size" | "partSize">,
  number: number,
): number {
  return Math.min(partSize, size - (number - 1) * partSize);
}

/** Returns whether two writes are asked for the same. */
export function isSameOptions(one: KeptOptions, other: KeptOptions): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ metadata, ...rest }: KeptOptions): string {
  const sorted = (record: object) => Object.entries(record).sort(byName);
  return JSON.stringify([sorted(rest), sorted(metadata ?? {})]);
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
