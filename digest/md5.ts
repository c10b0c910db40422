// This module is browser compatible.
import { toHex } from "./hex.ts";

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

/**
 * Returns the MD5 of a few bytes, in hexadecimal (RFC 1321). For comparing with what a
 * service calls an ETag, and for nothing that has to be safe.
 */
export function md5(bytes: Uint8Array): string {
  const blocks = Math.ceil((bytes.byteLength + 9) / 64);
  const padded = new Uint8Array(blocks * 64);
  padded.set(bytes);
  padded[bytes.byteLength] = 0x80;
  const words = new DataView(padded.buffer);
  words.setUint32(padded.byteLength - 8, bytes.byteLength << 3, true);
  words.setUint32(padded.byteLength - 4, bytes.byteLength >>> 29, true);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < padded.byteLength; block += 64) {
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let step = 0; step < 64; step++) {
      const round = step >> 4;
      const [mixed, at] = round === 0
        ? [(b & c) | (~b & d), step]
        : round === 1
        ? [(b & d) | (c & ~d), 5 * step + 1]
        : round === 2
        ? [b ^ c ^ d, 3 * step + 5]
        : [c ^ (b | ~d), 7 * step];
      const sum = a + mixed +
        Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32) +
        words.getUint32(block + (at % 16) * 4, true);
      const shift = SHIFTS[round * 4 + step % 4]!;
      a = d;
      d = c;
      c = b;
      b = (b + (sum << shift | sum >>> (32 - shift))) | 0;
    }
    [a, b, c, d].forEach((value, at) => state[at] = (state[at]! + value) | 0);
  }
  const digest = new DataView(new ArrayBuffer(16));
  state.forEach((value, at) => digest.setUint32(at * 4, value, true));
  return toHex(new Uint8Array(digest.buffer));
}
