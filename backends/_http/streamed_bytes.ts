// This module is browser compatible.

/** So many bytes a chunk: no copy is made of them, so it costs a call and no memory. */
const CHUNK_BYTES = 1024 * 1024;

/** How many bodies have not been read to their end yet, by the memory that they read. */
const unread = new WeakMap<ArrayBuffer, number>();

/** Returns whether a request may still be reading this memory, so that nothing else is to be put there. */
export function isBeingSent(buffer: ArrayBuffer): boolean {
  return !!unread.get(buffer);
}

/** Returns a stream that reads bytes where they lie. */
function reading(
  bytes: Uint8Array<ArrayBuffer>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { buffer, byteLength } = bytes;
  const count = (by: number) =>
    unread.set(buffer, (unread.get(buffer) ?? 0) + by);
  let at = 0;
  count(1);
  return new ReadableStream({
    pull(controller) {
      if (at < byteLength) {
        controller.enqueue(bytes.subarray(at, at += CHUNK_BYTES));
      }
      if (at < byteLength) return;
      count(-1);
      controller.close();
    },
    cancel: () => void count(-1),
  }, { highWaterMark: 0 });
}

/** Returns the size of a content, and a stream of it that no runtime looks through. */
export function streamOf(
  payload: Uint8Array<ArrayBuffer> | Blob | null,
): [size: number, stream: ReadableStream<Uint8Array>] {
  if (!(payload instanceof Blob)) {
    const bytes = payload ?? new Uint8Array(0);
    return [bytes.byteLength, reading(bytes)];
  }
  const reader = payload.stream().getReader();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return [payload.size, stream];
}

/**
 * Returns bytes as a body that goes out from where they lie. `fetch` copies bytes when it
 * is called, and sends a stream without its length; of a `Blob` it asks both, the stream
 * and the size (Fetch §5.2, "extract a body"). So this is a `Blob` whose stream reads
 * memory that is there.
 */
export function streamedBytes(bytes: Uint8Array<ArrayBuffer>): Blob {
  const blob = answering(() => bytes.byteLength, () => reading(bytes));
  // Whoever else looks gets copies.
  for (const name of ["arrayBuffer", "bytes", "slice", "text"] as const) {
    const value = (...given: []) => new Blob([bytes])[name](...given);
    Object.defineProperty(blob, name, { value });
  }
  return blob;
}

function answering(size: () => number, stream: () => ReadableStream): Blob {
  const fields = { size: { get: size }, stream: { value: stream } };
  return Object.defineProperties(new Blob(), fields);
}

let asked: number | undefined;

/**
 * Returns whether the runtime asks a `Blob` by its methods, as Deno and Node do. Browsers,
 * Workers and Bun look inside, where this one is empty.
 */
export function asksBlobs(): boolean {
  if (asked === undefined) {
    asked = 0;
    const noted = <T>(bit: number, value: T) => (asked! |= bit, value);
    new Response(
      answering(() => noted(1, 0), () => noted(2, new ReadableStream())),
    );
  }
  return asked === 3;
}
