// This module is browser compatible.
import type { Hasher } from "./hasher.ts";

// CRC-64/NVME (NVM Express, "64b CRC"), bits reversed, in two halves: JavaScript
// has no 64-bit arithmetic that is fast.
const POLYNOMIAL_LOW = 0xac4bc9b5 | 0;
const POLYNOMIAL_HIGH = 0x9a6c9329 | 0;

/** Low and high halves side by side, so that both come with one cache line. */
let tables: Int32Array | undefined;

const SLICE = 512;

/** Returns the CRC with 64 bits of S3 and Azure, 8 bytes a step. */
export function crc64Hasher(): Hasher {
  const table = tables ??= makeTables();
  let low = -1;
  let high = -1;
  const byByte = (bytes: Uint8Array, from: number, to: number) => {
    for (let i = from; i < to; i++) {
      const at = ((low ^ bytes[i]!) & 255) << 1;
      low = ((low >>> 8) | (high << 24)) ^ table[at]!;
      high = (high >>> 8) ^ table[at + 1]!;
    }
  };
  const digest = () => {
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    view.setInt32(0, ~high);
    view.setInt32(4, ~low);
    return bytes;
  };
  return {
    sync: true,
    update(bytes) {
      const lead = Math.min(-bytes.byteOffset & 3, bytes.length);
      const steps = (bytes.length - lead) >> 3;
      byByte(bytes, 0, lead);
      const words = new Int32Array(
        bytes.buffer,
        steps > 0 ? bytes.byteOffset + lead : 0,
        steps * 2,
      );
      let l = low;
      let h = high;
      for (let i = 0; i < words.length; i += 2) {
        const a = words[i]! ^ l;
        const b = words[i + 1]! ^ h;
        const a0 = 7 * SLICE + ((a & 255) << 1);
        const a1 = 6 * SLICE + ((a >>> 8 & 255) << 1);
        const a2 = 5 * SLICE + ((a >>> 16 & 255) << 1);
        const a3 = 4 * SLICE + ((a >>> 24) << 1);
        const b0 = 3 * SLICE + ((b & 255) << 1);
        const b1 = 2 * SLICE + ((b >>> 8 & 255) << 1);
        const b2 = SLICE + ((b >>> 16 & 255) << 1);
        const b3 = (b >>> 24) << 1;
        l = table[a0]! ^ table[a1]! ^ table[a2]! ^ table[a3]! ^
          table[b0]! ^ table[b1]! ^ table[b2]! ^ table[b3]!;
        h = table[a0 + 1]! ^ table[a1 + 1]! ^ table[a2 + 1]! ^
          table[a3 + 1]! ^ table[b0 + 1]! ^ table[b1 + 1]! ^
          table[b2 + 1]! ^ table[b3 + 1]!;
      }
      low = l;
      high = h;
      byByte(bytes, lead + steps * 8, bytes.length);
    },
    digest,
    soFar: digest,
  };
}

function makeTables(): Int32Array {
  const table = new Int32Array(8 * SLICE);
  for (let byte = 0; byte < 256; byte++) {
    let low = byte;
    let high = 0;
    for (let bit = 0; bit < 8; bit++) {
      const odd = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (odd) {
        low ^= POLYNOMIAL_LOW;
        high ^= POLYNOMIAL_HIGH;
      }
    }
    table[byte << 1] = low;
    table[(byte << 1) + 1] = high;
  }
  for (let i = SLICE; i < table.length; i += 2) {
    const low = table[i - SLICE]!;
    const high = table[i - SLICE + 1]!;
    const at = (low & 255) << 1;
    table[i] = ((low >>> 8) | (high << 24)) ^ table[at]!;
    table[i + 1] = (high >>> 8) ^ table[at + 1]!;
  }
  return table;
}
