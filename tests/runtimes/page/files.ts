/**
 * Files whose bytes a seed gives, here as in a page.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** A file to be made. */
export interface PlannedFile {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly seed: number;
}

/** Plans a file. */
export function plan(
  name: string,
  size: number,
  type = "application/octet-stream",
  seed = 1 + name.length,
): PlannedFile {
  return { name, size, type, seed };
}

/** Returns the bytes of a file. */
export function bytesOf(
  { size, seed }: Pick<PlannedFile, "size" | "seed">,
): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(size / 4));
  for (let i = 0, state = seed; i < words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, size);
}

/** Returns the SHA-256 in hexadecimal. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
