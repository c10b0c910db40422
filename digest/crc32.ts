// This module is browser compatible.
import type { Hasher } from "./hasher.ts";

/** The polynomials, bits reversed as the tables need them. */
export const POLYNOMIALS = Object.freeze({
  /** CRC-32 of Ethernet, zip and gzip (ISO 3309). */
  crc32: 0xedb88320,
  /** CRC-32C, Castagnoli's, of iSCSI (RFC 3720). */
  crc32c: 0x82f63b78,
});

const SLICES = 16;
const made = new Map<number, Int32Array>();

/**
 * Returns a CRC with 32 bits, 16 bytes a step ("slicing-by-16"): faster than the
 * WebAssembly libraries, with nothing to compile.
 */
export function crc32Hasher(polynomial: number): Hasher {
  const tables = tablesOf(polynomial);
  let crc = -1;
  const digest = () => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setInt32(0, ~crc);
    return bytes;
  };
  return {
    sync: true,
    update(bytes) {
      crc = advance(tables, crc, bytes);
    },
    digest,
    soFar: digest,
  };
}

/** Made at the first use: an import costs nothing. */
function tablesOf(polynomial: number): Int32Array {
  const known = made.get(polynomial);
  if (known !== undefined) return known;
  const tables = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    }
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i++) {
    const crc = tables[i - 256]!;
    tables[i] = (crc >>> 8) ^ tables[crc & 255]!;
  }
  made.set(polynomial, tables);
  return tables;
}

function advance(tables: Int32Array, start: number, bytes: Uint8Array): number {
  // Words can be loaded from multiples of four only.
  const lead = Math.min(-bytes.byteOffset & 3, bytes.length);
  const steps = (bytes.length - lead) >> 4;
  let crc = byByte(tables, start, bytes, 0, lead);
  const words = new Int32Array(
    bytes.buffer,
    steps > 0 ? bytes.byteOffset + lead : 0,
    steps * 4,
  );
  // Every platform that runs JavaScript today is little-endian, as the reversed
  // polynomial is: the first byte is the lowest.
  for (let i = 0; i < words.length; i += 4) {
    const a = words[i]! ^ crc;
    const b = words[i + 1]!;
    const c = words[i + 2]!;
    const d = words[i + 3]!;
    crc = tables[3840 + (a & 255)]! ^ tables[3584 + (a >>> 8 & 255)]! ^
      tables[3328 + (a >>> 16 & 255)]! ^ tables[3072 + (a >>> 24)]! ^
      tables[2816 + (b & 255)]! ^ tables[2560 + (b >>> 8 & 255)]! ^
      tables[2304 + (b >>> 16 & 255)]! ^ tables[2048 + (b >>> 24)]! ^
      tables[1792 + (c & 255)]! ^ tables[1536 + (c >>> 8 & 255)]! ^
      tables[1280 + (c >>> 16 & 255)]! ^ tables[1024 + (c >>> 24)]! ^
      tables[768 + (d & 255)]! ^ tables[512 + (d >>> 8 & 255)]! ^
      tables[256 + (d >>> 16 & 255)]! ^ tables[d >>> 24]!;
  }
  return byByte(tables, crc, bytes, lead + steps * 16, bytes.length);
}

function byByte(
  tables: Int32Array,
  crc: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  for (let i = from; i < to; i++) {
    crc = (crc >>> 8) ^ tables[(crc ^ bytes[i]!) & 255]!;
  }
  return crc;
}
