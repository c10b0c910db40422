// This module is browser compatible.
import { type BodySource, sourceOf } from "./body_reader.ts";
import { follow, tieWeakly } from "./signal.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Step = Promise<ReadableStreamReadResult<Uint8Array>>;

/**
 * A body that is opened by its first read. Canceled before, it is never opened;
 * canceled while it opens, the opening is ended, and what it gives all the same is
 * canceled.
 */
export class LateBody implements BodySource {
  readonly #open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;
  readonly #signal: AbortSignal | undefined;
  /** Ends the opening and the body: each has a signal of its own, which ends with it. */
  readonly #stop = new AbortController();
  #release = () => {};
  #opening: Promise<BodySource> | null = null;
  #source: BodySource | null = null;

  constructor(
    open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>,
    signal: AbortSignal | undefined,
  ) {
    this.#open = open;
    this.#signal = signal;
  }

  async read(view?: Bytes): Step {
    try {
      const next = await (this.#source ?? await this.#opened()).read(view);
      if (next.done) this.#release();
      return next;
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  async cancel(reason: unknown): Promise<void> {
    this.#release();
    if (this.#source !== null) return await this.#source.cancel(reason);
    this.#stop.abort(reason);
    // Not awaited: an opening that heeds no signal must not hold the cancel up.
    this.#opening?.then((source) => source.cancel(reason)).catch(() => {});
  }

  async #opened(): Promise<BodySource> {
    // Weakly: a stream that is dropped unread leaves nothing at a signal that stays.
    this.#release = tieWeakly(this, this.#stop, follow, this.#signal);
    const { signal } = this.#stop;
    this.#opening ??= this.#open(signal).then(sourceOf);
    const source = await this.#opening;
    // Canceled meanwhile, and so is what was opened.
    signal.throwIfAborted();
    return this.#source = source;
  }
}
