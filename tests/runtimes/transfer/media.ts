/**
 * A picture and a sound, made here: what is seen and heard of them is known.
 *
 * @module
 */
import { crc32Hasher, POLYNOMIALS } from "../../../digest/crc32.ts";

/** A color: red, green, blue. */
export type Color = readonly [number, number, number];

/** The picture: its left half and its right half. */
export const PICTURE = {
  width: 64,
  height: 48,
  left: [200, 40, 60] as Color,
  right: [20, 120, 220] as Color,
} as const;

/** The sound: low up to `turn`, high from there on. */
export const SOUND = {
  seconds: 180,
  turn: 150,
  low: 500,
  high: 3000,
} as const;

const RATE = 48_000;
const CHANNELS = 2;
const FRAME = CHANNELS * 2;

/** Returns the picture as a PNG (RFC 2083). */
export async function png(): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, left, right } = PICTURE;
  // Each row starts with its filter: none.
  const rows = new Uint8Array(height * (1 + width * 3));
  for (let y = 0, at = 0; y < height; y++) {
    at++;
    for (let x = 0; x < width; x++, at += 3) {
      rows.set(x < width / 2 ? left : right, at);
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2], 8);
  const zlib = new Blob([rows]).stream()
    .pipeThrough(new CompressionStream("deflate"));
  const pixels = new Uint8Array(await new Response(zlib).arrayBuffer());
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk("IDAT", pixels),
    chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const named = joined([new TextEncoder().encode(type), data]);
  const hasher = crc32Hasher(POLYNOMIALS.crc32);
  hasher.update(named);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, data.length);
  return joined([length, named, hasher.digest() as Uint8Array]);
}

/** Returns the sound as a WAV of 16-bit PCM: about 33 MiB, more than a browser fetches ahead. */
export function wav(): Uint8Array<ArrayBuffer> {
  const { seconds, turn, low, high } = SOUND;
  const frames = seconds * RATE;
  const bytes = new Uint8Array(44 + frames * FRAME);
  const view = new DataView(bytes.buffer);
  const text = (at: number, of: string) =>
    bytes.set(new TextEncoder().encode(of), at);
  text(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, CHANNELS, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * FRAME, true);
  view.setUint16(32, FRAME, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, frames * FRAME, true);
  const samples = new Int16Array(bytes.buffer, 44);
  fill(samples.subarray(0, turn * RATE * CHANNELS), low);
  fill(samples.subarray(turn * RATE * CHANNELS), high);
  return bytes;
}

// One second of whole waves, over and over.
function fill(samples: Int16Array, frequency: number): void {
  const second = new Int16Array(RATE * CHANNELS);
  for (let i = 0; i < second.length; i++) {
    const time = Math.floor(i / CHANNELS) / RATE;
    second[i] = 12_000 * Math.sin(2 * Math.PI * frequency * time);
  }
  for (let at = 0; at < samples.length; at += second.length) {
    samples.set(second.subarray(0, samples.length - at), at);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
