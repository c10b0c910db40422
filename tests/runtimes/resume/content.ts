/**
 * Content that page and runner make alike, block by block.
 *
 * @module
 */

const BLOCK = 2 ** 20;

/** Yields content of so many MiB. */
export function* blocksOf(
  seed: number,
  mebibytes: number,
): Generator<Uint8Array<ArrayBuffer>> {
  for (let block = 0; block < mebibytes; block++) {
    const words = new Uint32Array(BLOCK / 4);
    let state = Math.imul(seed + 1, 0x9e3779b1) ^
      Math.imul(block + 1, 0x85ebca6b);
    for (let at = 0; at < words.length; at++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      words[at] = state;
    }
    yield new Uint8Array(words.buffer);
  }
}
