// This module is browser compatible.
import { withGrace } from "../../mod.ts";

/** What {@linkcode runLanes} takes. */
export interface LanesOptions {
  /** How many items are worked on at once, at most. */
  readonly lanes: number;
  /** The caller's signal. */
  readonly signal: AbortSignal | undefined;
}

/** Works on one item; `false` means that no further one is taken. */
export type Work<T> = (
  item: T,
  index: number,
  signal: AbortSignal,
) => Promise<boolean>;

/**
 * Works through items, some at once. What `work` throws ends it: the signal of the
 * others is aborted, they are awaited, and only then does the call reject. So nothing
 * is under way once it has settled, but for what ignores the caller's signal.
 */
export async function runLanes<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: LanesOptions,
  work: Work<T>,
): Promise<void> {
  const stop = new AbortController();
  const signal = options.signal
    ? AbortSignal.any([options.signal, stop.signal])
    : stop.signal;
  signal.throwIfAborted();
  const source = new Source(items, signal);
  let failure: { readonly error: unknown } | null = null;
  const running: Promise<void>[] = [];
  const lane = async (): Promise<void> => {
    try {
      for (;;) {
        const next = await source.next();
        if (next === null) return;
        // Taken while another lane failed: not begun any more.
        signal.throwIfAborted();
        // Another one only once there was something to take.
        if (running.length < options.lanes) running.push(lane());
        if (!await work(next.item, next.index, signal)) source.end();
      }
    } catch (error) {
      failure ??= { error };
      stop.abort(error);
    }
  };
  running.push(lane());
  const all = async () => {
    // Grows meanwhile.
    for (const lane of running) await lane;
    await source.close().catch((error) => {
      failure ??= { error };
    });
  };
  await withGrace(all(), options.signal);
  if (failure === null) return;
  throw options.signal?.aborted
    ? options.signal.reason
    : (failure as { error: unknown }).error;
}

interface Taken<T> {
  readonly item: T;
  readonly index: number;
}

/** Hands out items one by one: most iterators do not bear two `next` at once. */
class Source<T> {
  readonly #iterator: Iterator<T> | AsyncIterator<T>;
  readonly #signal: AbortSignal;
  #turn: Promise<unknown> = Promise.resolve();
  #taken = 0;
  #waiting = false;
  #ended = false;
  #finished = false;

  constructor(items: Iterable<T> | AsyncIterable<T>, signal: AbortSignal) {
    this.#iterator = Symbol.asyncIterator in items
      ? items[Symbol.asyncIterator]()
      : items[Symbol.iterator]();
    this.#signal = signal;
  }

  /** Returns the next item, `null` behind the last; an abort ends the wait. */
  next(): Promise<Taken<T> | null> {
    const mine = this.#turn.then(() => this.#pull());
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /** Takes no further item. */
  end(): void {
    this.#ended = true;
  }

  /** Tells the iterator that no more is wanted. */
  async close(): Promise<void> {
    if (this.#finished) return;
    const closed = Promise.resolve(this.#iterator.return?.());
    // A generator that hangs in `next` answers `return` only when that ends.
    if (this.#waiting) closed.catch(() => {});
    else await closed;
  }

  async #pull(): Promise<Taken<T> | null> {
    this.#signal.throwIfAborted();
    if (this.#ended) return null;
    this.#waiting = true;
    try {
      const step = await orAbort(this.#iterator.next(), this.#signal);
      this.#waiting = false;
      if (!step.done) return { item: step.value, index: this.#taken++ };
    } catch (error) {
      if (!this.#signal.aborted) {
        this.#waiting = false;
        this.#finished = true;
      }
      throw error;
    }
    this.#ended = true;
    this.#finished = true;
    return null;
  }
}

async function orAbort<T>(
  value: T | Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  if (!(value instanceof Promise)) return value;
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
