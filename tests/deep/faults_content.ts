/**
 * Contents: each begins with the name of the call that writes it.
 *
 * @module
 */
import { seeded } from "../conformance/faults.ts";

const ENCODER = new TextEncoder();

/** From this size on contents are taken from a pool, since filling them takes its time. */
const LARGE = 1024 * 1024;

/** A byte at each of these distances tells a long content from others. */
const STRIDE = 4096;
const EDGE = 64;

const pool = new Map<string, Uint8Array<ArrayBuffer>>();

/** Returns a content of a size that no other call writes. */
export function contentOf(
  id: string,
  size: number,
): Uint8Array<ArrayBuffer> {
  if (size < LARGE) {
    const text = `${id}-`.repeat(Math.ceil(size / 2) + 1).slice(0, size);
    return ENCODER.encode(text);
  }
  const name = `${id} ${size}`;
  const known = pool.get(name);
  if (known !== undefined) return known;
  const bytes = new Uint8Array(size);
  const mark = ENCODER.encode(`${id}-`);
  bytes.set(mark);
  bytes.set(mark, size - mark.byteLength);
  const sign = mark.reduce((sum, byte) => (sum * 31 + byte) % 251, 1);
  for (let at = EDGE; at < size - EDGE; at += STRIDE) bytes[at] = sign;
  if (pool.size > MAX_POOL) pool.delete([...pool.keys()][0] ?? "");
  pool.set(name, bytes);
  return bytes;
}

const MAX_POOL = 24;

/** Returns a stream of a content in a few chunks of any size. */
export function streamOf(
  content: Uint8Array<ArrayBuffer>,
  seed: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const random = seeded(seed);
  const { byteLength } = content;
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= byteLength) return controller.close();
      const length = byteLength < LARGE
        ? random(12) + 1
        : random(byteLength) + 1;
      const end = at + length;
      controller.enqueue(
        byteLength < LARGE ? content.slice(at, end) : content.subarray(at, end),
      );
      at = end;
    },
  }, { highWaterMark: 0 });
}

/** Returns chunks as one. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
