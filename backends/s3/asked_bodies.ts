// This module is browser compatible.
import { readIf, text } from "../_http/document.ts";
import { sha256Base64 } from "./checksums.ts";
import { refused } from "../_http/asked_query.ts";
import { formatDelete } from "./deleting.ts";
import { requireKey } from "./endpoint.ts";
import { formatParts, type Part } from "./upload_calls.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const DECODER = new TextDecoder("utf-8", { fatal: true });

/** S3's limits. */
const MAX_KEYS = 1000;
const MAX_PARTS = 10_000;

const DELETE = { Object: [{ Key: text }] } as const;

/**
 * Returns the keys that a bulk delete names.
 *
 * @throws {InvalidArgumentError} If the body is not, byte for byte, the one that this library sends for them, or its checksum is another's.
 */
export async function readKeys(
  body: Bytes,
  checksum: string | undefined,
): Promise<readonly string[]> {
  const found = readIf(toText(body), "Delete", DELETE);
  const keys = (found?.Object ?? []).map(({ Key }) => Key ?? "");
  const isPossible = keys.length > 0 && keys.length <= MAX_KEYS &&
    !keys.includes("") && new Set(keys).size === keys.length;
  if (!isPossible || !isSame(formatDelete(keys), body)) {
    throw refused("the list of keys is not written as here");
  }
  for (const key of keys) requireKey(key);
  if (checksum !== await sha256Base64(body)) {
    throw refused("the checksum is not that of the list");
  }
  return keys;
}

const COMPLETE = {
  Part: [{ PartNumber: text, ETag: text, ChecksumSHA256: text }],
} as const;

/** What services give, MD5 or not, with its quotes or without. */
const TAG_REGEXP = /^"?[\w+/=.:-]{1,128}"?$/;

/**
 * Returns the parts that a completion names.
 *
 * @throws {InvalidArgumentError} If the body is not, byte for byte, the one that this library sends for them: numbers from 1 on, without a gap.
 */
export function readParts(body: Bytes): readonly Part[] {
  const found = readIf(toText(body), "CompleteMultipartUpload", COMPLETE);
  const parts = (found?.Part ?? []).map(({ ETag, ChecksumSHA256 }) => ({
    etag: ETag ?? "",
    sha256: ChecksumSHA256,
  }));
  const isPossible = parts.length > 0 && parts.length <= MAX_PARTS &&
    parts.every(({ etag, sha256 }) =>
      TAG_REGEXP.test(etag) &&
      (sha256 === null || /^[A-Za-z0-9+/]{43}=$/.test(sha256))
    );
  if (
    !isPossible || !isSame(new TextEncoder().encode(formatParts(parts)), body)
  ) {
    throw refused("the list of parts is not written as here");
  }
  return parts;
}

function toText(body: Bytes): string {
  try {
    return DECODER.decode(body);
  } catch {
    throw refused("the body is no UTF-8");
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.byteLength === right.byteLength &&
    left.every((byte, at) => byte === right[at]);
}
