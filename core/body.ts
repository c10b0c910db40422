// This module is browser compatible.
import { BodyReader, isByteStream } from "./body_reader.ts";
import { type Call, innerSignal, toOutside } from "./boundary.ts";
import { BackendUnavailableError, RemoteStoreError } from "./errors.ts";
import { onAbort } from "./signal.ts";

type View = ArrayBufferView<ArrayBuffer>;
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
  const reader = new BodyReader(body);
  const signal = innerSignal(call);
  let controller: Controller;
  let bytes = 0;
  let release = () => {};
  const fail = (error: unknown) => {
    release();
    controller.error(toOutside(error, call));
    reader.cancel(error).catch(() => {});
  };
  const end = () => {
    if (length !== null && bytes !== length) {
      throw new BackendUnavailableError(
        `the body ended after ${bytes} of ${length} bytes`,
      );
    }
    release();
  };
  const pull = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      // The abort has ended the stream already.
      signal?.throwIfAborted();
      if (done) {
        end();
        return controller.close();
      }
      if (!(value instanceof Uint8Array)) {
        throw new RemoteStoreError("the body has a chunk that is no bytes");
      }
      if (value.byteLength === 0) continue;
      bytes += value.byteLength;
      return controller.enqueue(value as Uint8Array<ArrayBuffer>);
    }
  };
  const pullInto = async (request: ReadableStreamBYOBRequest, view: View) => {
    // The buffer is handed on to the body and comes back filled, by transfer.
    const { buffer, byteOffset, byteLength } = view;
    const wanted = new Uint8Array(buffer, byteOffset, byteLength);
    const { done, value } = await reader.readInto(wanted);
    if (signal?.aborted) return;
    if (!done) {
      bytes += value.byteLength;
      return request.respondWithNewView(value);
    }
    end();
    controller.close();
    if (value === undefined) request.respond(0);
    else request.respondWithNewView(value);
  };
  const source = {
    start(given: Controller) {
      controller = given;
      release = onAbort(signal, fail);
    },
    async pull() {
      try {
        const request = "byobRequest" in controller
          ? controller.byobRequest
          : null;
        if (request?.view) await pullInto(request, request.view);
        else await pull();
      } catch (error) {
        if (!signal?.aborted) fail(error);
      }
    },
    async cancel(reason: unknown) {
      release();
      try {
        await reader.cancel(reason);
      } catch (error) {
        throw toOutside(error, call);
      }
    },
  };
  const strategy = { highWaterMark: 0 };
  return isByteStream(body)
    ? new ReadableStream({ ...source, type: "bytes" }, strategy)
    : new ReadableStream(source, strategy);
}

/**
 * Reads a stream to its end, into memory of its own. If the stream fails, it rejects with
 * that very error: `new Response(stream)` makes "Failed to fetch" of it in Chromium.
 *
 * @example Read what is left of a file
 * ```ts
 * import { readAll, Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * await store.write("a.txt", "Hello");
 * const bytes = await readAll(await store.read("a.txt", { range: { offset: 1 } }));
 * assertEquals(new TextDecoder().decode(bytes), "ello");
 * ```
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
