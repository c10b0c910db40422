// This module is browser compatible.
import type { MultipartUpload } from "../../mod.ts";
import type { Ledger } from "./ledger.ts";
import type { Network } from "./network.ts";
import { hashOf, readPart, type Source } from "./source.ts";

/** What sends parts. */
export interface Sending {
  readonly upload: MultipartUpload;
  readonly ledger: Ledger;
  readonly source: Source;
  readonly network: Network;
  readonly concurrency: number;
  /** Hears of the bytes that are on their way, beyond those that are acknowledged. */
  readonly tell: (inFlight: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** How long a part in flight may still take when the upload is paused, in milliseconds. */
const GRACE_MS = 1000;

/**
 * Sends the parts that are missing, some at once. A part counts when it is written down:
 * only then the next one is begun. A pause lets what is in flight end, for a while.
 */
export async function sendParts(sending: Sending): Promise<void> {
  const { upload, ledger, concurrency, signal } = sending;
  const there = new Set(ledger.token.parts.map(({ number }) => number));
  const last = Math.ceil(upload.size / upload.partSize);
  const todo: number[] = [];
  for (let number = 1; number <= last; number++) {
    if (!there.has(number)) todo.push(number);
  }
  const stop = new AbortController();
  const pause = new Pause(signal, stop);
  let inFlight = 0;
  const count = (bytes: number) => sending.tell(inFlight += bytes);
  let failed: { readonly error: unknown } | null = null;
  const lane = async () => {
    while (!pause.isPaused && failed === null) {
      const number = todo.shift();
      if (number === undefined) return;
      try {
        await sendPart(sending, number, count, stop.signal);
      } catch (error) {
        failed ??= { error };
        stop.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  pause.release();
  signal?.throwIfAborted();
  throwIt(failed);
}

function throwIt(failed: { readonly error: unknown } | null): void {
  if (failed !== null) throw failed.error;
}

async function sendPart(
  { upload, ledger, source, network }: Sending,
  number: number,
  count: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const bytes = await readPart(source, upload, number);
  // Of the very bytes that are sent: what changes behind them is noticed later.
  const digest = await hashOf(bytes);
  signal.throwIfAborted();
  const { byteLength } = bytes;
  let isWritten = false;
  try {
    count(byteLength);
    const part = await network.use(
      () => upload.part(number, bytes, { digest, signal }),
      signal,
    );
    await ledger.add({ ...part, sha256: digest.value });
    isWritten = true;
  } finally {
    if (!isWritten) count(-byteLength);
  }
  count(-byteLength);
}

/** An upload that is asked to stop. */
class Pause {
  isPaused = false;
  readonly #signal: AbortSignal | undefined;
  readonly #stop: AbortController;
  readonly #heard = () => this.#pause();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(signal: AbortSignal | undefined, stop: AbortController) {
    this.#signal = signal;
    this.#stop = stop;
    signal?.addEventListener("abort", this.#heard);
    if (signal?.aborted) this.#pause();
  }

  release(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#heard);
  }

  #pause(): void {
    this.isPaused = true;
    const end = () => this.#stop.abort(this.#signal?.reason);
    this.#timer = setTimeout(end, GRACE_MS);
  }
}
