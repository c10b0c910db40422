// This module is browser compatible.
import type { BlobSource } from "../../core/backend.ts";
import { RemoteStoreError } from "../../core/errors.ts";
import { joinSignals } from "../../core/signal.ts";
import { PartBuffers, type UploadBuffers } from "./part_buffers.ts";
import {
  partLength,
  partsInFlight,
  planReach,
  type UploadPlan,
} from "./upload_plan.ts";

/** By how much the first buffer grows, until it is a part. */
const GROWTH = 8;

/** Up to so many bytes are held without a place among the store's parts. */
const HELD_AT_ONCE = 64 * 1024;

/** What a service does with an upload in parts. `C` is what a part is made of, `T` names a part that is sent. */
export interface PartSteps<C, T, R> {
  /** Opens an upload of parts. Nothing is stored before this, so it may look for conflicts first. */
  begin(signal: AbortSignal): Promise<void>;
  /** Sends one part, numbered from 1. */
  part(number: number, content: C, signal: AbortSignal): Promise<T>;
  /** Makes the file of its parts, in their order. There is one at least: without parts nothing is committed. */
  complete(parts: readonly [T, ...T[]], signal: AbortSignal): Promise<R>;
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

/** The memory that an upload takes and frees, and who looks at what is in it. */
export interface UploadMemory {
  /** What the parts are read into; by default memory of its own. */
  readonly buffers?: PartBuffers | undefined;
  /** The `Blob` that the stream is of, where it is of one: its chunks are freed when they are copied. */
  readonly blob?: BlobSource | null | undefined;
  /** Is shown all bytes in their order, as they come: a part that is full is not in the processor's cache any more. */
  readonly saw?: ((bytes: Uint8Array<ArrayBuffer>) => void) | undefined;
}

/**
 * Uploads a stream, in parts where it is long. It holds `partSize × (concurrency + 1)`
 * bytes at most, or two parts where those have grown beyond that; and all uploads that
 * share `buffers` no more parts than those are. A part is read when it has its place.
 */
export async function uploadStream<T, R>(
  stream: ReadableStream<Uint8Array>,
  plan: UploadPlan,
  steps: UploadSteps<T, R>,
  signal: AbortSignal | undefined,
  { buffers = new PartBuffers(Infinity), blob, saw }: UploadMemory = {},
): Promise<R> {
  // The platform's own copies (File API §3.3.5); a class upon it may give anything.
  const handsOver = blob?.blob.stream === Blob.prototype.stream;
  const parts = new Parts(stream, handsOver, saw);
  const own = buffers.forUpload();
  try {
    return await uploadParts(parts, plan, steps, signal, own);
  } finally {
    parts.release();
    own.end();
  }
}

async function uploadParts<T, R>(
  parts: Parts,
  plan: UploadPlan,
  steps: UploadSteps<T, R>,
  signal: AbortSignal | undefined,
  buffers: UploadBuffers,
): Promise<R> {
  const { partSize } = plan;
  const start = Math.min(partSize, plan.firstBuffer);
  let hasPlace = false;
  const larger = async (length: number) => {
    if (!hasPlace) await buffers.enter(signal);
    hasPlace = true;
    return buffers.take(length);
  };
  let first: Uint8Array<ArrayBuffer> | null = await parts.next(
    start > HELD_AT_ONCE ? await larger(start) : new Uint8Array(start),
    partSize,
    larger,
  );
  if (parts.ended) {
    const bytes = first;
    return hasPlace
      ? await buffers.send(bytes, () => steps.single(bytes, signal))
      : await steps.single(bytes, signal);
  }
  if (!hasPlace) await buffers.enter(signal);
  const next = async (number: number, inner: AbortSignal) => {
    const bytes = first;
    first = null;
    if (bytes !== null) return bytes;
    if (parts.ended) return null;
    if (number > plan.maxParts) throw tooLong(plan);
    const length = partLength(plan, number);
    await buffers.enter(inner);
    return await parts.next(buffers.take(length), length);
  };
  return await sendParts(
    next,
    (number) => partsInFlight(plan, number),
    steps,
    signal,
    (number, bytes, inner) =>
      buffers.send(bytes, () => steps.part(number, bytes, inner)),
  );
}

function tooLong(plan: UploadPlan): RemoteStoreError {
  return new RemoteStoreError(
    `it is longer than the ${
      planReach(plan)
    } bytes that ${plan.maxParts} parts hold, which begin with ${plan.partSize}: larger parts hold more, and content whose size is known has parts that fit`,
  );
}

/**
 * Sends what `next` gives, part by part, until it gives `null`. On any failure what is in
 * flight is aborted and awaited, then the upload is thrown away, then the call rejects;
 * nothing is sent afterwards.
 *
 * @param send Sends a part, where there is more to do about it than the service's step.
 */
export async function sendParts<C, T, R>(
  next: (number: number, signal: AbortSignal) => Promise<C | null>,
  lanes: (number: number) => number,
  steps: PartSteps<C, T, R>,
  signal: AbortSignal | undefined,
  send: PartSteps<C, T, R>["part"] = (...part) => steps.part(...part),
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
      const content = await Promise.race([failure, next(number, inner)]);
      if (content === null) break;
      while (inFlight.size >= lanes(number)) {
        await Promise.race([failure, ...inFlight]);
      }
      const sent = send(number, content, inner)
        .then((part) => void (done[number - 1] = part))
        .catch((error) => fail(error))
        .finally(() => inFlight.delete(sent));
      inFlight.add(sent);
    }
    await Promise.race([failure, Promise.all(inFlight)]);
    const [one, ...more] = done;
    // Some services make an empty file of no parts, in place of the one that is there.
    if (one === undefined) {
      throw new RemoteStoreError(
        "the upload has no parts, so nothing is stored",
      );
    }
    return await steps.complete([one, ...more], inner);
  } catch (error) {
    stop.abort(error);
    await Promise.all(inFlight);
    // The failure that is reported is the first one; the service's own rules clean up
    // an upload that cannot be thrown away.
    await steps.abort().catch(() => {});
    throw error;
  }
}

/** What a service does with slices of a `Blob`. */
export interface SliceSteps<T, R> extends PartSteps<Blob, T, R> {
  /** Sends content that fits into a part, all at once. */
  single(blob: Blob, signal: AbortSignal | undefined): Promise<R>;
}

/** Uploads a `Blob` in slices, none of which is read here; `took` hears of those that were sent. */
export async function uploadSlices<T, R>(
  { blob, took }: BlobSource,
  plan: UploadPlan,
  steps: SliceSteps<T, R>,
  signal: AbortSignal | undefined,
): Promise<R> {
  if (blob.size <= plan.partSize) {
    // Before it is sent: what the caller throws at it must not leave a file.
    took(blob.size);
    return await steps.single(blob, signal);
  }
  let at = 0;
  const next = (number: number) => {
    if (at === blob.size) return Promise.resolve(null);
    const from = at;
    at = Math.min(from + partLength(plan, number), blob.size);
    return Promise.resolve(blob.slice(from, at));
  };
  return await sendParts(
    next,
    (number) => partsInFlight(plan, number),
    steps,
    signal,
    async (number, slice, inner) => {
      const part = await steps.part(number, slice, inner);
      took(slice.size);
      return part;
    },
  );
}

/** A stream cut into buffers. */
class Parts {
  /** Whether the stream has ended. */
  ended = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #handsOver: boolean;
  readonly #saw: UploadMemory["saw"];
  #rest: Uint8Array | null = null;
  /** What is freed when all of the chunk is copied. */
  #memory: ArrayBufferLike | null = null;

  constructor(
    stream: ReadableStream<Uint8Array>,
    handsOver: boolean,
    saw: UploadMemory["saw"],
  ) {
    this.#reader = stream.getReader();
    this.#handsOver = handsOver;
    this.#saw = saw;
  }

  /**
   * Fills a part and returns it, or what the end of the stream left. A smaller buffer is
   * followed by those that `larger` gives.
   */
  async next(
    buffer: Uint8Array<ArrayBuffer>,
    length: number,
    larger?: (length: number) => Promise<Uint8Array<ArrayBuffer>>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    let filled = 0;
    while (filled < length) {
      const chunk = this.#rest ?? await this.#read();
      if (chunk === null) break;
      if (filled === buffer.byteLength && larger !== undefined) {
        const grown = await larger(Math.min(filled * GROWTH, length));
        grown.set(buffer);
        buffer = grown;
      }
      const fits = chunk.subarray(0, buffer.byteLength - filled);
      buffer.set(fits, filled);
      const start = filled;
      filled += fits.byteLength;
      this.#saw?.(buffer.subarray(start, filled));
      this.#rest = fits.byteLength < chunk.byteLength
        ? chunk.subarray(fits.byteLength)
        : null;
      if (this.#rest === null) this.#free();
    }
    // One look further: an end right behind a full part makes it the last one.
    while (!this.#rest?.byteLength && !this.ended) {
      this.#rest = await this.#read();
    }
    return filled === buffer.byteLength ? buffer : buffer.subarray(0, filled);
  }

  release(): void {
    this.#reader.releaseLock();
  }

  async #read(): Promise<Uint8Array | null> {
    if (this.ended) return null;
    const { done, value } = await this.#reader.read();
    if (done) {
      this.ended = true;
      return null;
    }
    // One that is a part of more memory is not alone in it.
    const isAlone = value.byteLength === value.buffer.byteLength;
    this.#memory = this.#handsOver && isAlone ? value.buffer : null;
    return value;
  }

  // Left to the collector, chunks of some MiB are many before it comes.
  #free(): void {
    const memory = this.#memory;
    this.#memory = null;
    if (memory instanceof ArrayBuffer) memory.transfer?.(0);
  }
}
