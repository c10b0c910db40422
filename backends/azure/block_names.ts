// This module is browser compatible.
import { toBase64 } from "../_http/hmac.ts";

// All blocks of a blob have names of one length, also those that other clients have left:
// 48 bytes is what Microsoft's own clients take.

/** The digits of a block's number: with the upload's name it makes 48 characters. */
const NUMBER_DIGITS = 12;

const BLOCK_NAME = /^[0-9a-f-]{36}(\d{12})$/;

/** Returns the name of a block of an upload that ends with its call. */
export function blockId(upload: string, number: number): string {
  return btoa(upload + String(number).padStart(NUMBER_DIGITS, "0"));
}

/** The digits of the number where the name holds a digest as well: 50,000 is the last. */
const KEPT_NUMBER_DIGITS = 5;

/** As much of a SHA-256 as there is place for: 160 bits, in 27 characters. */
const HASH_BYTES = 20;
const HASH_DIGITS = 27;

const STEM = /^[0-9a-f]{16}$/;
const KEPT_NAME = /^([0-9a-f]{16})(\d{5})[A-Za-z0-9+/]{27}$/;

/** Returns what the names of the blocks of one resumable upload begin with. */
export function newStem(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 16);
}

/** Returns whether a text is such a beginning. */
export function isStem(text: string): boolean {
  return STEM.test(text);
}

/** Returns the name of a block that outlives its call: it holds the digest of its bytes. */
export function keptBlockId(
  stem: string,
  number: number,
  hash: Uint8Array,
): string {
  const digits = String(number).padStart(KEPT_NUMBER_DIGITS, "0");
  const digest = toBase64(hash.subarray(0, HASH_BYTES)).slice(0, HASH_DIGITS);
  return btoa(stem + digits + digest);
}

/** Returns the number of a block of one upload; `null` for a block of another one. */
export function numberBehind(stem: string, id: string): number | null {
  const [, own, number] = KEPT_NAME.exec(textOf(id)) ?? [];
  return own === stem ? Number(number) : null;
}

/** Returns the number of a block of this library's; `null` for another's. */
export function numberOf(id: string): number | null {
  const name = textOf(id);
  const number = KEPT_NAME.exec(name)?.[2] ?? BLOCK_NAME.exec(name)?.[1];
  return number === undefined ? null : Number(number);
}

function textOf(id: string): string {
  try {
    return atob(id);
  } catch {
    return "";
  }
}
