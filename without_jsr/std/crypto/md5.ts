import type { Compression } from "./block_hash.ts";

// RFC 1321 §3.4: T[i] is the integer part of 2^32 times |sin(i)|.
const SINES = Int32Array.from(
  { length: 64 },
  (_, i) => Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))),
);
const TURNS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];

/** MD5 (RFC 1321). */
export function md5(): Compression {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  return {
    blockBytes: 64,
    littleEndian: true,
    compress(block) {
      let [a, b, c, d] = state as unknown as [number, number, number, number];
      for (let i = 0; i < 64; i++) {
        const [mixed, word] = round(i, b, c, d);
        const sum = (a + mixed + SINES[i]! + block.getInt32(word * 4, true)) |
          0;
        const turn = TURNS[i >> 4]![i & 3]!;
        a = d;
        d = c;
        c = b;
        b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
      }
      [a, b, c, d].forEach((value, i) => state[i]! += value);
    },
    state() {
      const bytes = new ArrayBuffer(16);
      const view = new DataView(bytes);
      state.forEach((value, i) => view.setInt32(i * 4, value, true));
      return bytes;
    },
  };
}

function round(i: number, b: number, c: number, d: number): [number, number] {
  switch (i >> 4) {
    case 0:
      return [(b & c) | (~b & d), i];
    case 1:
      return [(d & b) | (~d & c), (5 * i + 1) & 15];
    case 2:
      return [b ^ c ^ d, (3 * i + 5) & 15];
    default:
      return [c ^ (b | ~d), (7 * i) & 15];
  }
}
