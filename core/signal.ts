// This module is browser compatible.

/** Returns a signal that follows both; the only one that is given, as it is. */
export function joinSignals<T extends AbortSignal | undefined>(
  first: AbortSignal | undefined,
  second: T,
): AbortSignal | T {
  return first && second ? AbortSignal.any([first, second]) : first ?? second;
}

/**
 * Calls `act` when the signal is aborted, at once where it is already. Returns what lets
 * go of the signal.
 */
export function onAbort(
  signal: AbortSignal | undefined,
  act: (reason: unknown) => void,
): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    act(signal.reason);
    return () => {};
  }
  let waits = waiting.get(signal);
  if (waits === undefined) waiting.set(signal, waits = new Waits(signal));
  return waits.add(act);
}

/**
 * What waits for each signal, by one listener: engines compare another one with all that
 * are there, which thousands of calls with one signal would pay for.
 */
const waiting = new WeakMap<AbortSignal, Waits>();

class Waits {
  readonly #signal: AbortSignal;
  readonly #acts = new Set<() => void>();
  // Not the event's target: in Node it is null where one abort leads to another.
  readonly #tell = () => {
    this.#end();
    for (const act of this.#acts) {
      try {
        act();
      } catch (error) {
        // As a listener of its own would: the others are told nevertheless.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#tell);
  }

  add(act: (reason: unknown) => void): () => void {
    const own = () => act(this.#signal.reason);
    this.#acts.add(own);
    return () => {
      if (this.#acts.delete(own) && this.#acts.size === 0) this.#end();
    };
  }

  #end(): void {
    if (waiting.get(this.#signal) !== this) return;
    waiting.delete(this.#signal);
    this.#signal.removeEventListener("abort", this.#tell);
  }
}

/** Waits for work that does not end with the signal: an abort ends only this wait. */
export function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const release = onAbort(signal, reject);
    work.then(resolve, reject).finally(release);
  });
}
