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

/** What a body is read from. */
export interface BodySource {
  /** Reads the next chunk. */
  read(): Promise<ReadableStreamReadResult<Uint8Array>>;
  /** Reads into a view, whose buffer is handed on and comes back filled. */
  readInto(view: Bytes): Promise<ReadableStreamReadResult<Bytes>>;
  /** Ends the body, read or not. */
  cancel(reason: unknown): Promise<void>;
}

type Bytes = Uint8Array<ArrayBuffer>;
type Controller =
  | ReadableStreamDefaultController<Uint8Array>
  | ReadableByteStreamController;

/** The streams of {@linkcode streamOf} that nobody has read yet. */
const untouched = new WeakMap<ReadableStream<Uint8Array>, BodySource>();

/**
 * Returns what a stream is read from, and locks it. One of {@linkcode streamOf} is left
 * out: its source is read itself, for each stream on the way costs a transfer per read.
 */
export function sourceOf(body: ReadableStream<Uint8Array>): BodySource {
  const source = untouched.get(body);
  if (source === undefined) return new BodyReader(body);
  body.getReader();
  return source;
}

/** Returns a stream of what a source gives, as a byte stream or not. Reads nothing ahead. */
export function streamOf(
  source: BodySource,
  bytes: boolean,
  start: (controller: Controller) => void = () => {},
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
    const { done, value } = await (view
      ? source.readInto(
        new Uint8Array(view.buffer, view.byteOffset, view.byteLength),
      )
      : source.read());
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
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #byob: ReadableStreamBYOBReader | undefined;

  constructor(body: ReadableStream<Uint8Array>) {
    this.#body = body;
  }

  read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    this.#byob?.releaseLock();
    this.#byob = undefined;
    this.#reader ??= this.#body.getReader();
    return this.#reader.read();
  }

  readInto(
    view: Uint8Array<ArrayBuffer>,
  ): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> {
    this.#reader?.releaseLock();
    this.#reader = undefined;
    this.#byob ??= this.#body.getReader({ mode: "byob" });
    return this.#byob.read(view);
  }

  cancel(reason: unknown): Promise<void> {
    return (this.#reader ?? this.#byob ?? this.#body).cancel(reason);
  }
}
