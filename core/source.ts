// This module is browser compatible.
import type { BlobSource } from "./backend.ts";
import { streamOf } from "./body_reader.ts";
import { CallerFailure } from "./boundary.ts";
import { type Content, toUint8Array } from "./content.ts";
import { refuse } from "./errors.ts";
import { onAbort } from "./signal.ts";

/** What a backend reads a write's content from, and what has become of it. */
export interface Source {
  /** What the backend reads. Nothing is read before it does. */
  readonly stream: ReadableStream<Uint8Array>;
  /** The bytes that have passed. */
  bytes: number;
  /** What the caller's code threw; `null` while it has not. */
  failure: CallerFailure | null;
  /** Whether all of the content has passed. */
  ended: boolean;
  /** The content as a `Blob`, where it is one. */
  readonly blob: BlobSource | null;
  /** Cancels the content, if it was touched, and lets go of the signal. */
  abandon(reason: unknown): void;
}

/**
 * Opens content for a backend: the stream checks every chunk, counts the bytes, reports
 * progress, refuses what is too much, ends when the call is aborted, and remembers what the caller's own code threw.
 */
export function openSource(
  path: string,
  { open, size, blob = null }: Content,
  onProgress: ((bytes: number) => void) | undefined,
  signal: AbortSignal | undefined,
  requireRoom: (bytes: number) => void = () => {},
): Source {
  let reader: ReadableStreamDefaultReader<unknown> | undefined;
  let controller: { error(reason: unknown): void };
  let release = () => {};
  const next = async (): Promise<Uint8Array | undefined> => {
    reader ??= open().getReader() as ReadableStreamDefaultReader<unknown>;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        if (size === null || source.bytes === size) return undefined;
        return wrong(path, `it ended after ${source.bytes} of ${size} bytes`);
      }
      const chunk = toUint8Array(value) ??
        wrong(
          path,
          ArrayBuffer.isView(value)
            ? "it gave a chunk whose memory was given away"
            : `it gave a chunk of type ${typeof value}, bytes are needed`,
        );
      if (chunk.byteLength === 0) continue;
      source.bytes += chunk.byteLength;
      if (size !== null && source.bytes > size) {
        wrong(path, `it has more than its ${size} bytes`);
      }
      requireRoom(source.bytes);
      onProgress?.(source.bytes);
      return chunk;
    }
  };
  const read = async (): Promise<ReadableStreamReadResult<Uint8Array>> => {
    try {
      const value = await next();
      if (value !== undefined) return { done: false, value };
      source.ended = true;
      release();
      return { done: true, value };
    } catch (error) {
      if (!signal?.aborted) {
        source.failure ??= new CallerFailure(error);
        source.abandon(error);
      }
      throw error;
    }
  };
  const took = (bytes: number) => {
    source.bytes += bytes;
    try {
      onProgress?.(source.bytes);
    } catch (error) {
      source.failure ??= new CallerFailure(error);
      throw error;
    }
    if (source.bytes !== size) return;
    source.ended = true;
    release();
  };
  const source: Source = {
    bytes: 0,
    failure: null,
    ended: false,
    blob: blob === null ? null : { blob, took },
    abandon(reason) {
      release();
      // The write has failed already: how the content takes it changes nothing, and
      // one that never answers must not hold it up.
      if (!source.ended) reader?.cancel(reason).catch(() => {});
      reader = undefined;
    },
    stream: streamOf(
      {
        read,
        cancel: (reason) => Promise.resolve(source.abandon(reason)),
      },
      (given) => controller = given,
      // A byte stream takes the memory of a chunk away, and it is the caller's.
      false,
    ),
  };
  release = onAbort(signal, (reason) => {
    controller.error(reason);
    source.abandon(reason);
  });
  return source;
}

function wrong(path: string, why: string): never {
  refuse("write", path, `the content is not right, ${why}`);
}
