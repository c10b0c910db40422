/**
 * Bytes that no engine can compress: rows of equal bytes take no space in Chromium.
 *
 * @module
 */
import { seeded } from "../seeded.ts";

const MEBIBYTE = 1024 * 1024;
let pattern: Uint8Array<ArrayBuffer> | undefined;

/** Returns 1 MiB that differs by its number, in memory of its own. */
export function noise(number: number): Uint8Array<ArrayBuffer> {
  pattern ??= new Uint8Array(MEBIBYTE).map(bytesOf(1));
  const bytes = pattern.slice();
  new DataView(bytes.buffer).setUint32(0, number);
  bytes[MEBIBYTE - 1] = number;
  return bytes;
}

function bytesOf(seed: number): () => number {
  const random = seeded(seed);
  return () => random(256);
}
