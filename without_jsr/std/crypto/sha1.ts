import type { Compression } from "./block_hash.ts";
import { bigEndian } from "./sha256.ts";

/** SHA-1 (FIPS 180-4 §6.1). */
export function sha1(): Compression {
  const state = Int32Array.of(
    0x67452301,
    0xefcdab89,
    0x98badcfe,
    0x10325476,
    0xc3d2e1f0,
  );
  const words = new Int32Array(80);
  return {
    blockBytes: 64,
    littleEndian: false,
    compress(block) {
      for (let t = 0; t < 80; t++) {
        words[t] = t < 16 ? block.getInt32(t * 4) : turn(
          words[t - 3]! ^ words[t - 8]! ^ words[t - 14]! ^ words[t - 16]!,
          1,
        );
      }
      let a = state[0]!, b = state[1]!, c = state[2]!;
      let d = state[3]!, e = state[4]!;
      for (let t = 0; t < 80; t++) {
        const next = turn(a, 5) + mix(t, b, c, d) + e + words[t]! | 0;
        e = d;
        d = c;
        c = turn(b, 30);
        b = a;
        a = next;
      }
      [a, b, c, d, e].forEach((value, i) => state[i]! += value);
    },
    state: () => bigEndian(state, 20),
  };
}

function turn(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function mix(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) ^ (~b & d)) + 0x5a827999;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (t < 60) return ((b & c) ^ (b & d) ^ (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}
