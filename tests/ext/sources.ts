/**
 * Contents and streams for the tests of the hashing extensions.
 *
 * @module
 */
import type { WriteContent } from "../../mod.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A stream that tells what became of it. */
export class WatchedStream {
  readonly stream: ReadableStream<Uint8Array>;
  /** How often a chunk was asked for. */
  pulls = 0;
  /** What it was cancelled with; nothing while it was not. */
  readonly cancelled: unknown[] = [];

  constructor(chunks: Iterable<unknown>, error?: unknown) {
    const iterator = chunks[Symbol.iterator]();
    this.stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        this.pulls++;
        const { done, value } = iterator.next();
        if (!done) controller.enqueue(value as Uint8Array);
        else if (error === undefined) controller.close();
        else controller.error(error);
      },
      cancel: (reason) => void this.cancelled.push(reason),
    }, { highWaterMark: 0 });
  }
}

/** Cuts bytes into chunks. */
export function* cut(bytes: Bytes, size: number): Generator<Bytes> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.slice(at, at + size);
  }
}

/** Every kind of content with the same bytes, made anew at each call. */
export function contents(
  bytes: Bytes,
): Record<string, () => WriteContent> {
  const large = new Uint8Array(bytes.length + 20).fill(0xaa);
  large.set(bytes, 11);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  async function* reusing(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(1000);
    for (const chunk of cut(bytes, 1000)) {
      await Promise.resolve();
      buffer.set(chunk);
      yield buffer.subarray(0, chunk.length);
    }
  }
  return {
    bytes: () => bytes,
    buffer: () => bytes.slice().buffer,
    view: () => large.subarray(11, 11 + bytes.length),
    "data view": () => new DataView(large.buffer, 11, bytes.length),
    "shared memory": () => new Uint8Array(shared),
    blob: () => new Blob([bytes], { type: "text/x-blob" }),
    stream: () => new WatchedStream(cut(bytes, 777)).stream,
    iterable: reusing,
    response: () =>
      new Response(bytes, { headers: { "content-type": "text/x-response" } }),
  };
}

/** A seeded generator (xorshift32): the same bytes in every run and runtime. */
export function* seeded(bytes: number, chunk = 64 * 1024): Generator<Bytes> {
  let state = 0xb17ed1e5 | 0;
  for (let left = bytes; left > 0; left -= chunk) {
    const words = new Int32Array(Math.ceil(Math.min(chunk, left) / 4));
    for (let i = 0; i < words.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[i] = state;
    }
    yield new Uint8Array(words.buffer, 0, Math.min(chunk, left));
  }
}

/** Reads a stream to its end. */
export async function collect(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array> {
  return await new Response(stream).bytes();
}
