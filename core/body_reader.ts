// This module is browser compatible.

/** Returns whether a stream can be read into a buffer of the reader's own. */
export function isByteStream(body: ReadableStream<Uint8Array>): boolean {
  try {
    body.getReader({ mode: "byob" }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

/** Reads a body chunk by chunk or into buffers, by whichever reader each read needs. */
export class BodyReader {
  readonly #body: ReadableStream<Uint8Array>;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #byob: ReadableStreamBYOBReader | undefined;

  constructor(body: ReadableStream<Uint8Array>) {
    this.#body = body;
  }

  /** Reads the next chunk. */
  read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    this.#byob?.releaseLock();
    this.#byob = undefined;
    this.#reader ??= this.#body.getReader();
    return this.#reader.read();
  }

  /** Reads into a view, whose buffer is handed on and comes back filled. */
  readInto(
    view: Uint8Array<ArrayBuffer>,
  ): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> {
    this.#reader?.releaseLock();
    this.#reader = undefined;
    this.#byob ??= this.#body.getReader({ mode: "byob" });
    return this.#byob.read(view);
  }

  /** Ends the body, read or not. */
  cancel(reason: unknown): Promise<void> {
    return (this.#reader ?? this.#byob ?? this.#body).cancel(reason);
  }
}
