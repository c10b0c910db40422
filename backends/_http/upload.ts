// This module is browser compatible.

/** How a stream is cut. */
export interface UploadPlan {
  /** The size of every part but the last, in bytes. R2 takes no other. */
  readonly partSize: number;
  /** How many parts are in flight at once. */
  readonly concurrency: number;
  /** The size of the first buffer: most content is shorter than a part. */
  readonly firstBuffer: number;
}

/** Where the size is not known. */
const FIRST_BUFFER = 64 * 1024;

/** By how much the first buffer grows, until it is a part. */
const GROWTH = 8;

/** What a service does with parts. `T` names a part, `R` is what the write reports. */
export interface UploadSteps<T, R> {
  /** Sends content that ended within the first part, all at once. */
  single(bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<R>;
  /** Opens an upload of parts. Nothing is stored before this, so it may look for conflicts first. */
  begin(signal: AbortSignal): Promise<void>;
  /** Sends one part, numbered from 1. The bytes are reused once it has settled. */
  part(
    number: number,
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<T>;
  /** Makes the file of its parts, in their order. */
  complete(parts: readonly T[], signal: AbortSignal): Promise<R>;
  /** Throws the upload away, with a signal of its own: the caller's may be aborted already. */
  abort(): Promise<void>;
}

/**
 * Returns the plan for content of a known size: parts grow as a whole, never in the
 * middle, so that all are equal and their number stays within the service's limit.
 */
export function planUpload(
  size: number | null,
  partSize: number,
  concurrency: number,
  maxParts: number,
): UploadPlan {
  const firstBuffer = size || FIRST_BUFFER;
  const needed = size === null ? 0 : Math.ceil(size / maxParts);
  if (needed <= partSize) return { partSize, concurrency, firstBuffer };
  const MIB = 1024 * 1024;
  const grown = Math.ceil(needed / MIB) * MIB;
  return { partSize: grown, concurrency, firstBuffer };
}

/**
 * Uploads a stream in parts, holding `partSize × (concurrency + 1)` bytes at most. On
 * any failure what is in flight is aborted and awaited, then the upload is thrown away,
 * then the call rejects; nothing is sent afterwards.
 */
export async function uploadStream<T, R>(
  stream: ReadableStream<Uint8Array>,
  plan: UploadPlan,
  steps: UploadSteps<T, R>,
  signal: AbortSignal | undefined,
): Promise<R> {
  const stop = new AbortController();
  const inner = signal === undefined
    ? stop.signal
    : AbortSignal.any([signal, stop.signal]);
  const parts = new Parts(stream, plan.partSize);
  const { partSize, firstBuffer } = plan;
  const first = await parts.next(
    new Uint8Array(Math.min(partSize, firstBuffer)),
  );
  if (parts.ended) return await steps.single(first, inner);
  const inFlight = new Set<Promise<void>>();
  let begun = false;
  try {
    inner.throwIfAborted();
    begun = true;
    await steps.begin(inner);
    const done = await sendParts(parts, first, plan, steps, inner, inFlight);
    return await steps.complete(done, inner);
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(inFlight);
    // The failure that is reported is the first one; the service's own rules clean up
    // an upload that cannot be thrown away.
    if (begun) await steps.abort().catch(() => {});
    throw error;
  } finally {
    parts.release();
  }
}

async function sendParts<T, R>(
  parts: Parts,
  first: Uint8Array<ArrayBuffer>,
  plan: UploadPlan,
  steps: UploadSteps<T, R>,
  signal: AbortSignal,
  inFlight: Set<Promise<void>>,
): Promise<T[]> {
  const done: T[] = [];
  const free: Uint8Array<ArrayBuffer>[] = [];
  let failed: Promise<never> | null = null;
  let bytes: Uint8Array<ArrayBuffer> | null = first;
  for (let number = 1; bytes !== null; number++) {
    // The next part is filled while these are under way.
    while (inFlight.size >= plan.concurrency) await Promise.race(inFlight);
    if (failed !== null) await failed;
    const buffer = bytes;
    const sent = steps.part(number, buffer, signal).then((part) => {
      done[number - 1] = part;
      free.push(new Uint8Array(buffer.buffer));
    });
    const tracked = sent.finally(() => inFlight.delete(tracked));
    inFlight.add(tracked);
    tracked.catch((error) => {
      failed ??= Promise.reject(error);
      failed.catch(() => {});
    });
    if (parts.ended) break;
    const next = await Promise.race([
      parts.next(free.pop() ?? parts.newBuffer()),
      // A part that fails while the source is silent ends the wait for it.
      ...Array.from(
        inFlight,
        (part) => part.then(() => new Promise<never>(() => {})),
      ),
    ]);
    bytes = next.byteLength > 0 ? next : null;
  }
  await Promise.all(inFlight);
  if (failed !== null) await failed;
  return done;
}

/** A stream cut into buffers of one size. */
class Parts {
  /** Whether the stream has ended. */
  ended = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #size: number;
  #rest: Uint8Array | null = null;

  constructor(stream: ReadableStream<Uint8Array>, size: number) {
    this.#reader = stream.getReader();
    this.#size = size;
  }

  newBuffer(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#size);
  }

  /** Fills a part and returns it, or what the end of the stream left. A smaller buffer grows. */
  async next(
    buffer: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    let filled = 0;
    while (filled < this.#size) {
      const chunk = this.#rest ?? await this.#read();
      if (chunk === null) break;
      if (filled === buffer.byteLength) {
        const grown = Math.min(filled * GROWTH, this.#size);
        const larger = new Uint8Array(grown);
        larger.set(buffer);
        buffer = larger;
      }
      const fits = chunk.subarray(0, buffer.byteLength - filled);
      buffer.set(fits, filled);
      filled += fits.byteLength;
      this.#rest = fits.byteLength < chunk.byteLength
        ? chunk.subarray(fits.byteLength)
        : null;
    }
    // One look further: an end right behind a full part makes it the last one.
    if (this.#rest === null && !this.ended) this.#rest = await this.#read();
    return filled === buffer.byteLength ? buffer : buffer.subarray(0, filled);
  }

  release(): void {
    this.#reader.releaseLock();
  }

  async #read(): Promise<Uint8Array | null> {
    if (this.ended) return null;
    const { done, value } = await this.#reader.read();
    if (!done) return value;
    this.ended = true;
    return null;
  }
}
