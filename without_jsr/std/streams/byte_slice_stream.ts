/** Passes on the bytes from `start` to `end`, both inclusive, then ends the stream. */
export class ByteSliceStream extends TransformStream<Uint8Array, Uint8Array> {
  /** Refuses a negative `start`; no `end` means to the last byte. */
  constructor(start = 0, end: number = Infinity) {
    if (start < 0) {
      throw new RangeError(
        `Cannot construct ByteSliceStream as start must be >= 0: received ${start}`,
      );
    }
    const stop = end + 1;
    let position = 0;
    super({
      transform(chunk, controller) {
        const first = position;
        position += chunk.byteLength;
        if (!(position > start)) return;
        const part = first < start ? chunk.slice(start - first) : chunk;
        if (position < stop) return controller.enqueue(part);
        controller.enqueue(part.slice(0, part.byteLength - position + stop));
        controller.terminate();
      },
    });
  }
}
