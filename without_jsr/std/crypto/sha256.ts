import type { Compression } from "./block_hash.ts";
import { cubeRoots, squareRoots } from "./prime_roots.ts";

// FIPS 180-4 §4.2.2 and §5.3.3: the first 32 bits of the fractional parts.
const high = (fraction: bigint) => Number(BigInt.asIntN(32, fraction >> 32n));
const ROUNDS = Int32Array.from(cubeRoots(64), high);
const START = Int32Array.from(squareRoots(8), high);

/** SHA-256 (FIPS 180-4 §6.2). */
export function sha256(): Compression {
  const state = START.slice();
  const words = new Int32Array(64);
  return {
    blockBytes: 64,
    littleEndian: false,
    compress(block) {
      for (let t = 0; t < 16; t++) words[t] = block.getInt32(t * 4);
      for (let t = 16; t < 64; t++) {
        const x = words[t - 15]!;
        const y = words[t - 2]!;
        words[t] = words[t - 16]! + words[t - 7]! +
          (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) +
          (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
      }
      let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
      let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
      for (let t = 0; t < 64; t++) {
        const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) +
          ((e & f) ^ (~e & g)) + ROUNDS[t]! + words[t]!;
        const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) +
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
      [a, b, c, d, e, f, g, h].forEach((value, i) => state[i]! += value);
    },
    state: () => bigEndian(state, 32),
  };
}

/** Returns the first bytes of words, highest byte first. */
export function bigEndian(words: Int32Array, length: number): ArrayBuffer {
  const bytes = new ArrayBuffer(length);
  const view = new DataView(bytes);
  for (let i = 0; i < length / 4; i++) view.setInt32(i * 4, words[i]!);
  return bytes;
}

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
