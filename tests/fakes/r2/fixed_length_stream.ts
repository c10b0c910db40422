/**
 * The class of Workers that gives a stream a length, and what else has one there.
 *
 * @module
 */

const LENGTHS = new WeakMap<ReadableStream, number>();

/** Gives a stream a length. */
export function withLength<S extends ReadableStream>(
  stream: S,
  length: number,
): S {
  LENGTHS.set(stream, length);
  return stream;
}

/** Returns the length of a stream; `undefined` where it has none. */
export function lengthOf(stream: ReadableStream): number | undefined {
  return LENGTHS.get(stream);
}

/** A pipe that takes an exact number of bytes, and fails otherwise. */
export class FixedLengthStream {
  /** What comes out. */
  readonly readable: ReadableStream<Uint8Array>;
  /** Where it goes in. */
  readonly writable: WritableStream<Uint8Array>;

  constructor(size: number) {
    let left = size;
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.byteLength;
        if (left < 0) {
          throw new TypeError(
            "Attempt to write too many bytes through a FixedLengthStream.",
          );
        }
        controller.enqueue(chunk);
      },
      flush() {
        if (left === 0) return;
        throw new TypeError(
          "FixedLengthStream did not see all expected bytes before close().",
        );
      },
    });
    this.readable = withLength(readable, size);
    this.writable = writable;
  }
}

/** Defines the class as Workers do, for as long as the returned object lives. */
export function defineFixedLengthStream(): Disposable {
  const scope = globalThis as { FixedLengthStream?: unknown };
  scope.FixedLengthStream = FixedLengthStream;
  return {
    [Symbol.dispose]() {
      delete scope.FixedLengthStream;
    },
  };
}
