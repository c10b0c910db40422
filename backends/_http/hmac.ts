// This module is browser compatible.

import {
  absorb,
  BLOCK_BYTES,
  sha256,
  type Sha256State,
} from "../../digest/sha256.ts";

export { toHex } from "../../digest/hex.ts";

const ENCODER = /* @__PURE__ */ new TextEncoder();

// One for all texts that surely fit: nothing waits between filling it and reading it.
const ENCODED = /* @__PURE__ */ new Uint8Array(4096);

/** The most bytes of UTF-8 that a unit of UTF-16 becomes. */
const UNIT_BYTES = 3;

/** A key that has been hashed as far as every signature with it is the same. A secret. */
export interface HmacKey {
  /** After the key and the inner padding. */
  readonly inner: Sha256State;
  /** After the key and the outer padding. */
  readonly outer: Sha256State;
}

/** Returns the key for {@linkcode hmacSha256}. */
export function toHmacKey(secret: Uint8Array): HmacKey {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(secret.length > BLOCK_BYTES ? sha256(secret) : secret);
  return {
    inner: absorb(block.map((byte) => byte ^ 0x36)),
    outer: absorb(block.map((byte) => byte ^ 0x5c)),
  };
}

/** Returns the SHA-256 of a text as UTF-8; see {@linkcode sha256}. */
export function sha256Text(
  text: string,
  from?: Sha256State,
  before?: number,
  digest?: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  if (text.length * UNIT_BYTES > ENCODED.length) {
    return sha256(ENCODER.encode(text), from, before, digest);
  }
  const { written } = ENCODER.encodeInto(text, ENCODED);
  return sha256(ENCODED, from, before, digest, written);
}

/** Returns the HMAC-SHA256 (RFC 2104) of a text as UTF-8. */
export function hmacSha256(
  key: HmacKey,
  text: string,
): Uint8Array<ArrayBuffer> {
  const hash = sha256Text(text, key.inner, BLOCK_BYTES);
  return sha256(hash, key.outer, BLOCK_BYTES, hash);
}

/** Returns few bytes, as a digest has, as base64 (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  // Where the engine does it (ECMAScript 2026): `btoa` takes four times as long in Deno.
  return (bytes as { toBase64?(): string }).toBase64?.() ??
    // Spreading the bytes takes five times as long.
    btoa(Reflect.apply(String.fromCharCode, null, bytes));
}

/** The bytes of a piece, in threes: engines take only so many arguments at once. */
const PIECE = 6144;

/** Returns any number of bytes as base64. */
export function toLongBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += toBase64(bytes.subarray(at, at + PIECE));
  }
  return text;
}

/** Returns the bytes of a base64 text; `null` where it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
