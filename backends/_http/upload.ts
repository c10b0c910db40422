// This module is browser compatible.
import { joinSignals } from "../../core/signal.ts";

/** How a stream is cut. */
export interface UploadPlan {
  /** The size of every part but the last, in bytes. R2 takes no other. */
  readonly partSize: number;
  /** How many parts are in flight at once. */
  readonly concurrency: number;
  /** The size of the first buffer: most content is shorter than a part. */
  readonly firstBuffer: number;
}

/** The first buffer where the size is not known, in bytes. */
const FIRST_BUFFER = 64 * 1024;

/** By how much the first buffer grows, until it is a part. */
const GROWTH = 8;

/** What a service does with an upload in parts. `C` is what a part is made of, `T` names a part that is sent. */
export interface PartSteps<C, T, R> {
  /** Opens an upload of parts. Nothing is stored before this, so it may look for conflicts first. */
  begin(signal: AbortSignal): Promise<void>;
  /** Sends one part, numbered from 1. */
  part(number: number, content: C, signal: AbortSignal): Promise<T>;
  /** Makes the file of its parts, in their order. */
  complete(parts: readonly T[], signal: AbortSignal): Promise<R>;
  /** Throws the upload away, with a signal of its own: the caller's may be aborted already. */
  abort(): Promise<void>;
}

/** What a service does with a stream. The bytes of a part are reused once it has settled. */
export interface UploadSteps<T, R>
  extends PartSteps<Uint8Array<ArrayBuffer>, T, R> {
  /** Sends content that ended within the first part, all at once. */
  single(
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal | undefined,
  ): Promise<R>;
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

/** Uploads a stream, in parts where it is long, holding `partSize × (concurrency + 1)` bytes at most. */
export async function uploadStream<T, R>(
  stream: ReadableStream<Uint8Array>,
  plan: UploadPlan,
  steps: UploadSteps<T, R>,
  signal: AbortSignal | undefined,
): Promise<R> {
  const { partSize, firstBuffer, concurrency } = plan;
  const parts = new Parts(stream, partSize);
  const free: Uint8Array<ArrayBuffer>[] = [];
  const read = (size: number) => parts.next(free.pop() ?? new Uint8Array(size));
  let first: Uint8Array<ArrayBuffer> | null = await read(
    Math.min(partSize, firstBuffer),
  );
  if (parts.ended) return await steps.single(first, signal);
  const next = async () => {
    const bytes = first ?? (parts.ended ? null : await read(partSize));
    first = null;
    return bytes?.byteLength ? bytes : null;
  };
  try {
    return await sendParts(next, concurrency, {
      begin: (inner) => steps.begin(inner),
      async part(number, bytes, inner) {
        const part = await steps.part(number, bytes, inner);
        free.push(new Uint8Array(bytes.buffer));
        return part;
      },
      complete: (done, inner) => steps.complete(done, inner),
      abort: () => steps.abort(),
    }, signal);
  } finally {
    parts.release();
  }
}

/**
 * Sends what `next` gives, part by part, until it gives `null`. On any failure what is in
 * flight is aborted and awaited, then the upload is thrown away, then the call rejects;
 * nothing is sent afterwards.
 */
export async function sendParts<C, T, R>(
  next: () => Promise<C | null>,
  concurrency: number,
  steps: PartSteps<C, T, R>,
  signal: AbortSignal | undefined,
): Promise<R> {
  const stop = new AbortController();
  const inner = joinSignals(signal, stop.signal);
  inner.throwIfAborted();
  const done: T[] = [];
  const inFlight = new Set<Promise<void>>();
  let fail: (error: unknown) => void;
  // A part that fails while the source is silent ends the wait for it.
  const failure = new Promise<never>((_, reject) => fail = reject);
  failure.catch(() => {});
  try {
    await steps.begin(inner);
    for (let number = 1;; number++) {
      // Filled while others are under way.
      const content = await Promise.race([failure, next()]);
      if (content === null) break;
      while (inFlight.size >= concurrency) {
        await Promise.race([failure, ...inFlight]);
      }
      const sent = steps.part(number, content, inner)
        .then((part) => void (done[number - 1] = part))
        .catch((error) => fail(error))
        .finally(() => inFlight.delete(sent));
      inFlight.add(sent);
    }
    await Promise.race([failure, Promise.all(inFlight)]);
    return await steps.complete(done, inner);
  } catch (error) {
    stop.abort(error);
    await Promise.all(inFlight);
    // The failure that is reported is the first one; the service's own rules clean up
    // an upload that cannot be thrown away.
    await steps.abort().catch(() => {});
    throw error;
  }
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
