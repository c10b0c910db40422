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
  // What is none in plain JavaScript, `null`, is taken for none here as well.
  if (!signal) return () => {};
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

/** Made at the first use: workerd has none in its older modes. */
let dropped: FinalizationRegistry<() => void> | undefined;

/**
 * Aborts a controller with the signal, at once where it is already, as long as `owner`
 * is held by anybody: the signal keeps neither. Returns what lets go of the signal.
 */
export function onAbortWeakly(
  signal: AbortSignal | undefined,
  controller: AbortController,
  owner: object,
): () => void {
  const isWeak = typeof WeakRef !== "undefined";
  const letGo = onAbort(signal, (isWeak ? weakly : strongly)(controller));
  if (!isWeak) return letGo;
  dropped ??= new FinalizationRegistry((letGo) => letGo());
  dropped.register(owner, letGo, controller);
  return () => {
    letGo();
    dropped?.unregister(controller);
  };
}

// Functions of their own: a closure keeps all that is in its scope.
function weakly(controller: AbortController): (reason: unknown) => void {
  const ref = new WeakRef(controller);
  return (reason) => ref.deref()?.abort(reason);
}

function strongly(controller: AbortController): (reason: unknown) => void {
  return (reason) => controller.abort(reason);
}

/** An end that comes by itself. */
export interface Deadline {
  /** Aborted after the time. */
  readonly signal: AbortSignal;
  /** Lets go of the timer. */
  readonly release: () => void;
}

/**
 * Returns a signal that is aborted after a while. A process stays for it, until it is
 * released: with `AbortSignal.timeout` Node and Deno end while somebody still waits.
 */
export function deadline(milliseconds: number): Deadline {
  const late = new AbortController();
  const reason = new DOMException("the time is up", "TimeoutError");
  const timer = setTimeout(() => late.abort(reason), milliseconds);
  return { signal: late.signal, release: () => clearTimeout(timer) };
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
