/**
 * The sides of the hashing comparisons, free of any runtime's own API: the same file
 * runs in Deno, Node, Bun, Workers and browsers.
 *
 * @module
 */
import { checksumStream, HashStream } from "../ext/streams.ts";
import { createHasher } from "../ext/_digest/engine.ts";
import type { Round } from "./rounds.ts";

const KIB = 1024;

/** What is hashed in one round. */
export interface Load {
  /** Bytes of a chunk. */
  readonly chunkBytes: number;
  /** Bytes of the stream. */
  readonly totalBytes: number;
}

/** The load of the bars: 64 KiB chunks, enough of them for the engine to have warmed up. */
export const SMALL_CHUNKS: Load = {
  chunkBytes: 64 * KIB,
  totalBytes: 256 * KIB * KIB,
};

/** The load of Workers, where each chunk costs more. */
export const LARGE_CHUNKS: Load = {
  chunkBytes: KIB * KIB,
  totalBytes: 256 * KIB * KIB,
};

/** Returns the sides by name; `bare` is a loop over the runtime's own hash. */
export function hashSides(load: Load): Record<string, Round> {
  const chunk = new Uint8Array(load.chunkBytes).map((_, i) => i * 31);
  const count = load.totalBytes / load.chunkBytes;
  const source = () => sourceOf(chunk, count);
  return {
    async bare() {
      // The engine's hasher is a bare call into the runtime's own hash.
      const hasher = createHasher("sha256");
      for (let i = 0; i < count; i++) {
        const hashed = hasher.update(chunk);
        if (hashed !== undefined) await hashed;
      }
      await hasher.digest();
    },
    async hashStream() {
      const hash = new HashStream("sha256");
      await drain(source().pipeThrough(hash));
      await hash.digest;
    },
    async checksumStream() {
      const { readable, digest } = checksumStream(source(), "sha256");
      await drain(readable);
      await digest;
    },
    async transformStream() {
      const hasher = createHasher("sha256");
      const transform = new TransformStream<Uint8Array, Uint8Array>({
        async transform(bytes, controller) {
          const hashed = hasher.update(bytes);
          if (hashed !== undefined) await hashed;
          controller.enqueue(bytes);
        },
      });
      await drain(source().pipeThrough(transform));
      await hasher.digest();
    },
  };
}

/** Returns what `@std/crypto` does with the same load, fed an async iterable. */
export function stdSide(load: Load): Round {
  const chunk = new Uint8Array(load.chunkBytes).map((_, i) => i * 31);
  const count = load.totalBytes / load.chunkBytes;
  return async () => {
    const { crypto } = await import("@std/crypto/crypto");
    await crypto.subtle.digest("SHA-256", iterate(sourceOf(chunk, count)));
  };
}

/** Returns a stream that gives the same chunk again and again. */
export function sourceOf<T extends Uint8Array>(
  chunk: T,
  count: number,
): ReadableStream<T> {
  let given = 0;
  return new ReadableStream<T>({
    pull(controller) {
      if (given++ < count) controller.enqueue(chunk);
      else controller.close();
    },
  }, { highWaterMark: 0 });
}

async function* iterate(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader();
  while (!(await reader.read()).done);
}
