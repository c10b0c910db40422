// This module is browser compatible.

import { absorb, BLOCK_BYTES, sha256, type Sha256State } from "./sha256.ts";

const ENCODER = new TextEncoder();

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

/** Returns the HMAC-SHA256 (RFC 2104) of a text as UTF-8. */
export function hmacSha256(
  key: HmacKey,
  text: string,
): Uint8Array<ArrayBuffer> {
  const inner = sha256(ENCODER.encode(text), key.inner, BLOCK_BYTES);
  return sha256(inner, key.outer, BLOCK_BYTES);
}

/** Returns bytes as base64 (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Returns the bytes of a base64 text; `null` where it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Returns bytes as lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}
