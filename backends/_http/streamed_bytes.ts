// This module is browser compatible.

/** So many bytes a chunk: no copy is made of them, so it costs a call and no memory. */
const CHUNK_BYTES = 1024 * 1024;

/** How many bodies have not been read to their end yet, by the memory that they read. */
const unread = new WeakMap<ArrayBuffer, number>();

/** Returns whether a request may still be reading this memory, so that nothing else is to be put there. */
export function isBeingSent(buffer: ArrayBuffer): boolean {
  return unread.has(buffer);
}

/**
 * Bytes that go out from where they lie. `fetch` copies bytes when it is called, and sends
 * a stream without its length; of a `Blob` it asks both, the stream and the size (Fetch
 * §5.2, "extract a body"). So this is a `Blob` whose stream reads memory that is there.
 */
export class StreamedBytes extends Blob {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    super();
    this.#bytes = bytes;
    // The type of the platform's Blob says that it is a property.
    Object.defineProperty(this, "size", { value: bytes.byteLength });
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const bytes = this.#bytes;
    const { buffer } = bytes;
    let at = 0;
    count(buffer, 1);
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        controller.enqueue(bytes.subarray(at, at += CHUNK_BYTES));
        if (at < bytes.byteLength) return;
        count(buffer, -1);
        controller.close();
      },
      cancel: () => count(buffer, -1),
    }, { highWaterMark: 0 });
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.#bytes.slice().buffer);
  }

  override bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return Promise.resolve(this.#bytes.slice());
  }

  override text(): Promise<string> {
    return Promise.resolve(new TextDecoder().decode(this.#bytes));
  }

  override slice(start?: number, end?: number, type?: string): Blob {
    return new Blob([this.#bytes]).slice(start, end, type);
  }
}

function count(buffer: ArrayBuffer, by: 1 | -1): void {
  const now = (unread.get(buffer) ?? 0) + by;
  if (now > 0) unread.set(buffer, now);
  else unread.delete(buffer);
}

let asked: boolean | undefined;

/**
 * Returns whether the runtime asks a `Blob` by its methods, as Deno and Node do. Browsers,
 * Workers and Bun look inside, where this one is empty.
 */
export function asksBlobs(): boolean {
  if (asked !== undefined) return asked;
  let streams = 0;
  let sizes = 0;
  class Probe extends Blob {
    override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
      streams++;
      return super.stream();
    }
  }
  const probe = new Probe(["a"]);
  Object.defineProperty(probe, "size", { get: () => (sizes++, 1) });
  new Response(probe);
  return asked = streams > 0 && sizes > 0;
}
