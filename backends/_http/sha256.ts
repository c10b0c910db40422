// This module is browser compatible.

/** What SHA-256 keeps between two blocks: eight words of 32 bits. */
export type Sha256State = Int32Array<ArrayBuffer>;

/** Bytes of a block. */
export const BLOCK_BYTES = 64;

// FIPS 180-4 §5.3.3.
const INITIAL = Int32Array.of(
  ...[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a],
  ...[0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
);

// FIPS 180-4 §4.2.2.
const ROUND_CONSTANTS = Int32Array.of(
  ...[0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1],
  ...[0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3],
  ...[0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786],
  ...[0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da],
  ...[0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147],
  ...[0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13],
  ...[0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b],
  ...[0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070],
  ...[0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a],
  ...[0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208],
  ...[0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2],
);

// One for all calls: nothing waits between filling it and reading it.
const SCHEDULE = new Int32Array(64);

/** Returns the state that whole blocks leave behind; the state given stays as it is. */
export function absorb(blocks: Uint8Array, from?: Sha256State): Sha256State {
  const state = (from ?? INITIAL).slice();
  for (let at = 0; at + BLOCK_BYTES <= blocks.length; at += BLOCK_BYTES) {
    compress(state, blocks, at);
  }
  return state;
}

/**
 * Returns the SHA-256 of bytes (FIPS 180-4), after `before` bytes that have left a
 * state. For texts to sign: SubtleCrypto is faster for long ones, and takes a hop
 * between threads for each.
 */
export function sha256(
  bytes: Uint8Array,
  from?: Sha256State,
  before = 0,
): Uint8Array<ArrayBuffer> {
  const { length } = bytes;
  const padded = new Uint8Array((length + 8 + BLOCK_BYTES) & -BLOCK_BYTES);
  padded.set(bytes);
  padded[length] = 0x80;
  const bits = (before + length) * 8;
  putWord(padded, padded.length - 8, bits / 2 ** 32);
  putWord(padded, padded.length - 4, bits);
  const state = absorb(padded, from);
  const digest = new Uint8Array(32);
  for (let i = 0; i < 8; i++) putWord(digest, i * 4, state[i]!);
  return digest;
}

// Big-endian. A DataView costs more than the hash of a short text.
function putWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

// FIPS 180-4 §6.2.2.
function compress(state: Sha256State, bytes: Uint8Array, at: number): void {
  const w = SCHEDULE;
  for (let t = 0; t < 16; t++, at += 4) {
    w[t] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) |
      (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15]!;
    const y = w[t - 2]!;
    w[t] = w[t - 16]! + w[t - 7]! +
      (rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)) +
      (rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10));
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const first = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
      ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[t]! + w[t]!) | 0;
    const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
      ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}
