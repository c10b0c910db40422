// This module is browser compatible.
import { type BodySource, sourceOf, streamOf } from "./body_reader.ts";
import { type Call, type Held, hold, toOutside } from "./boundary.ts";
import { BackendUnavailableError, RemoteStoreError } from "./errors.ts";
import { onAbort } from "./signal.ts";

/**
 * Wraps a body so that its errors are mapped like those of a call (SIO-012), a body
 * that ends early is an error, and an abort ends it. Reads nothing ahead. It is a byte
 * stream wherever there are some, so that the caller can read into a buffer of its own.
 * What the call holds is released at the body's end.
 */
export function guardBody(
  body: ReadableStream<Uint8Array>,
  call: Call,
  length: number | null,
  held: Held = hold(call, true),
): ReadableStream<Uint8Array> {
  const source = sourceOf(body);
  const { signal } = held;
  let bytes = 0;
  let letGo = () => {};
  const release = () => {
    letGo();
    held.release();
  };
  const guarded: BodySource = {
    async read(view) {
      try {
        const next = await source.read(view);
        signal?.throwIfAborted();
        if (next.done) end();
        else if (next.value instanceof Uint8Array) {
          bytes += next.value.byteLength;
          if (length !== null && bytes > length) end();
        } else {
          throw new RemoteStoreError("the body has a chunk that is no bytes");
        }
        return next;
      } catch (error) {
        release();
        // An abort has ended the body already.
        if (!signal?.aborted) source.cancel(error).catch(() => {});
        throw toOutside(error, call);
      }
    },
    async cancel(reason) {
      release();
      try {
        await source.cancel(reason);
      } catch (error) {
        throw toOutside(error, call);
      }
    },
  };
  const end = () => {
    if (length !== null && bytes !== length) {
      throw new BackendUnavailableError(
        `the body has ${bytes} of ${length} bytes`,
      );
    }
    release();
  };
  const stream = streamOf(guarded, (controller) => {
    letGo = onAbort(signal, (reason) => {
      // Nobody may read on, so nothing else would let go.
      held.release();
      controller.error(toOutside(reason, call));
      source.cancel(reason).catch(() => {});
    });
  });
  held.entrust(stream);
  return stream;
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
 * void await store.write("a.txt", "Hello");
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
