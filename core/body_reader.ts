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

let supported: boolean | undefined;

/** Returns whether the runtime can make byte streams. Safari cannot before 26.4. */
export function hasByteStreams(): boolean {
  if (supported === undefined) {
    try {
      supported = isByteStream(new ReadableStream({ type: "bytes" }));
    } catch {
      supported = false;
    }
  }
  return supported;
}

/** The streams whose chunks nobody else has, so that none needs a copy. */
export const unshared = new WeakSet<ReadableStream<Uint8Array>>();

/** What a body is read from. The bytes that it gives are the reader's to keep or to hand on. */
export interface BodySource {
  /** Reads the next chunk; into `view`, if it is given, whose buffer is handed on and comes back filled. */
  read(view?: Bytes): Step;
  /** Ends the body, read or not. */
  cancel(reason: unknown): Promise<void>;
}

type Bytes = Uint8Array<ArrayBuffer>;
type Step = Promise<ReadableStreamReadResult<Uint8Array>>;
type Controller =
  | ReadableStreamDefaultController<Uint8Array>
  | ReadableByteStreamController;

/** The streams of {@linkcode streamOf} that nobody has read yet. */
const untouched = new WeakMap<ReadableStream<Uint8Array>, BodySource>();

/** The streams that are left out, as long as their sources are read. */
const left = new WeakMap<BodySource, ReadableStream<Uint8Array>>();

/**
 * Returns what a stream is read from, and locks it. One of {@linkcode streamOf} is left
 * out: its source is read itself, for each stream on the way costs a transfer per read.
 */
export function sourceOf(body: ReadableStream<Uint8Array>): BodySource {
  const source = untouched.get(body);
  if (source === undefined) return new BodyReader(body);
  body.getReader();
  // Whoever lets go of what the stream holds when it is collected must not do so yet.
  left.set(source, body);
  return source;
}

/** Returns a stream of what a source gives, a byte stream if there are some. Reads nothing ahead. */
export function streamOf(
  source: BodySource,
  start: (controller: Controller) => void = () => {},
  bytes: boolean = hasByteStreams(),
): ReadableStream<Uint8Array> {
  const underlying = {
    start,
    pull(controller: Controller) {
      // From now on it may hold bytes that its source has given.
      untouched.delete(stream);
      return pull(source, controller);
    },
    cancel: (reason: unknown) => source.cancel(reason),
  };
  const strategy = { highWaterMark: 0 };
  const stream: ReadableStream<Uint8Array> = bytes
    ? new ReadableStream({ ...underlying, type: "bytes" }, strategy)
    : new ReadableStream(underlying, strategy);
  untouched.set(stream, source);
  return stream;
}

async function pull(source: BodySource, controller: Controller): Promise<void> {
  const request = "byobRequest" in controller ? controller.byobRequest : null;
  const view = request?.view;
  for (;;) {
    const { done, value } = await source.read(
      view
        ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
        : undefined,
    );
    if (done) controller.close();
    else if (value.byteLength === 0) continue;
    // The end, too, hands the buffer back.
    if (view && value) request.respondWithNewView(value as Bytes);
    else if (view) request.respond(0);
    else if (!done) controller.enqueue(value as Bytes);
    return;
  }
}

/** Reads a body chunk by chunk or into buffers, by whichever reader each read needs. */
export class BodyReader implements BodySource {
  readonly #body: ReadableStream<Uint8Array>;
  /** Whether the body fills buffers itself; what another one gives is copied. */
  readonly #fills: boolean;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #byob: ReadableStreamBYOBReader | undefined;
  /** What did not fit into the last buffer. */
  #rest: Uint8Array | undefined;

  constructor(body: ReadableStream<Uint8Array>) {
    this.#body = body;
    this.#fills = isByteStream(body);
  }

  read(view?: Bytes): Step {
    // Most reads: each promise in between is one a chunk.
    if (view || !this.#fills || this.#byob) return this.#read(view);
    return (this.#reader ??= this.#body.getReader()).read();
  }

  async #read(view: Bytes | undefined): Step {
    if (view !== undefined && this.#fills) {
      this.#reader?.releaseLock();
      this.#reader = undefined;
      this.#byob ??= this.#body.getReader({ mode: "byob" });
      return await this.#byob.read(view);
    }
    let value = this.#rest;
    this.#rest = undefined;
    if (value === undefined) {
      this.#byob?.releaseLock();
      this.#byob = undefined;
      const next = await (this.#reader ??= this.#body.getReader()).read();
      ({ value } = next);
      // Whoever guards the body says what is wrong with a chunk.
      if (this.#fills || !(value instanceof Uint8Array)) return next;
      // A byte stream takes the whole memory of a chunk away from whoever made it.
      const isAlone = value.byteLength === value.buffer.byteLength;
      if (!view && isAlone && unshared.has(this.#body)) return next;
    }
    if (!view) return { done: false, value: new Uint8Array(value) };
    const fits = value.subarray(0, view.byteLength);
    if (fits.byteLength < value.byteLength) {
      this.#rest = value.subarray(fits.byteLength);
    }
    view.set(fits);
    return { done: false, value: view.subarray(0, fits.byteLength) };
  }

  cancel(reason: unknown): Promise<void> {
    return (this.#reader ?? this.#byob ?? this.#body).cancel(reason);
  }
}

/** Bytes at hand, which stay as they are: what is read are copies of them. */
export class BytesSource implements BodySource {
  readonly #bytes: Uint8Array;
  readonly #chunkBytes: number;
  #at = 0;

  constructor(bytes: Uint8Array, chunkBytes: number) {
    this.#bytes = bytes;
    this.#chunkBytes = chunkBytes;
  }

  read(view?: Bytes): Step {
    const chunk = this.#bytes.subarray(
      this.#at,
      this.#at += view?.byteLength ?? this.#chunkBytes,
    );
    view?.set(chunk);
    return Promise.resolve(
      chunk.byteLength === 0 ? { done: true, value: undefined } : {
        done: false,
        // A backend's bytes may be a Buffer, whose slice() is a view.
        value: view?.subarray(0, chunk.byteLength) ?? new Uint8Array(chunk),
      },
    );
  }

  cancel(): Promise<void> {
    this.#at = this.#bytes.byteLength;
    return Promise.resolve();
  }
}
