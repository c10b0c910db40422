// This module is browser compatible.
import { BodyReader, isByteStream } from "./body_reader.ts";
import { type Call, innerSignal, toOutside } from "./boundary.ts";
import { BackendUnavailableError, RemoteStoreError } from "./errors.ts";

type Bytes = Uint8Array<ArrayBufferLike>;
type Controller =
  | ReadableStreamDefaultController<Uint8Array>
  | ReadableByteStreamController;

/**
 * Wraps a body so that its errors are mapped like those of a call (SIO-012), a body
 * that ends early is an error, and an abort ends it. Reads nothing ahead. A byte
 * stream stays one, so that the caller can read into a buffer of its own.
 */
export function guardBody(
  body: ReadableStream<Uint8Array>,
  call: Call,
  length: number | null,
): ReadableStream<Uint8Array> {
  const guard = new Guard(body, call, length);
  const source = {
    start: (controller: Controller) => guard.start(controller),
    cancel: (reason: unknown) => guard.cancel(reason),
  };
  const strategy = { highWaterMark: 0 };
  return isByteStream(body)
    ? new ReadableStream({
      ...source,
      type: "bytes",
      pull: (controller) => guard.pullBytes(controller),
    }, strategy)
    : new ReadableStream({
      ...source,
      pull: (controller) => guard.pull(controller),
    }, strategy);
}

/**
 * Reads a body to its end, into memory of its own. Not by a `Response`: Chromium calls
 * whatever has ended a stream "Failed to fetch" there.
 */
export async function readAll(
  body: ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let next; !(next = await reader.read()).done;) {
    chunks.push(next.value);
    size += next.value.byteLength;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

class Guard {
  readonly #body: BodyReader;
  readonly #call: Call;
  readonly #length: number | null;
  readonly #signal: AbortSignal | undefined;
  #controller: Controller | undefined;
  #bytes = 0;

  constructor(
    body: ReadableStream<Uint8Array>,
    call: Call,
    length: number | null,
  ) {
    this.#body = new BodyReader(body);
    this.#call = call;
    this.#length = length;
    this.#signal = innerSignal(call);
  }

  start(controller: Controller): void {
    this.#controller = controller;
    if (this.#signal?.aborted) this.#onAbort();
    else this.#signal?.addEventListener("abort", this.#onAbort);
  }

  pull(controller: Controller): Promise<void> {
    return this.#guard(controller, async () => {
      const chunk = await this.#next();
      if (chunk === null) controller.close();
      else controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
    });
  }

  pullBytes(controller: ReadableByteStreamController): Promise<void> {
    const request = controller.byobRequest;
    const view = request?.view;
    if (!request || !view) return this.pull(controller);
    return this.#guard(controller, async () => {
      // The buffer is handed on to the body and comes back filled, by transfer.
      const { buffer, byteOffset, byteLength } = view;
      const wanted = new Uint8Array(buffer, byteOffset, byteLength);
      const { done, value } = await this.#body.readInto(wanted);
      if (this.#signal?.aborted) return;
      if (!done) {
        this.#bytes += value.byteLength;
        return request.respondWithNewView(value);
      }
      this.#end();
      controller.close();
      if (value === undefined) request.respond(0);
      else request.respondWithNewView(value);
    });
  }

  async cancel(reason: unknown): Promise<void> {
    this.#release();
    try {
      await this.#body.cancel(reason);
    } catch (error) {
      throw toOutside(error, this.#call);
    }
  }

  async #guard(
    controller: Controller,
    pull: () => Promise<void>,
  ): Promise<void> {
    try {
      await pull();
    } catch (error) {
      this.#release();
      if (this.#signal?.aborted) return;
      controller.error(toOutside(error, this.#call));
      this.#body.cancel(error).catch(() => {});
    }
  }

  async #next(): Promise<Bytes | null> {
    for (;;) {
      const { done, value } = await this.#body.read();
      // The abort has ended the stream already.
      this.#signal?.throwIfAborted();
      if (done) {
        this.#end();
        return null;
      }
      if (!(value instanceof Uint8Array)) {
        throw new RemoteStoreError("the body has a chunk that is no bytes");
      }
      if (value.byteLength === 0) continue;
      this.#bytes += value.byteLength;
      return value;
    }
  }

  #end(): void {
    if (this.#length !== null && this.#bytes !== this.#length) {
      throw new BackendUnavailableError(
        `the body ended after ${this.#bytes} of ${this.#length} bytes`,
      );
    }
    this.#release();
  }

  #onAbort = (): void => {
    this.#release();
    const reason: unknown = this.#signal?.reason;
    this.#controller?.error(toOutside(reason, this.#call));
    this.#body.cancel(reason).catch(() => {});
  };

  #release(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}
