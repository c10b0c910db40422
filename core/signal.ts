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

/** What can be ended: a call in flight, and its `AbortController`. */
export interface CallEnd {
  /** Ends it. */
  abort(reason?: unknown): void;
}

/** Ends a call with the signal, at once where that is aborted. Returns what lets go of it. */
export function follow(
  signal: AbortSignal | undefined,
  end: CallEnd,
): () => void {
  return onAbort(signal, (reason) => end.abort(reason));
}

/** Made at the first use: workerd has none in its older modes. */
let dropped: FinalizationRegistry<() => void> | undefined;

/**
 * Ties the end of a call to what can end it, by `tie`, as long as `owner` is held by
 * anybody: what it is tied to keeps neither. Returns what unties it.
 */
export function tieWeakly<T>(
  owner: object,
  end: CallEnd,
  tie: (to: T, end: CallEnd) => () => void,
  to: T,
): () => void {
  if (typeof WeakRef === "undefined") return tie(to, end);
  const letGo = tie(to, weakly(end));
  dropped ??= new FinalizationRegistry(letGoLate);
  dropped.register(owner, letGo, end);
  return () => {
    letGo();
    dropped?.unregister(end);
  };
}

function letGoLate(letGo: () => void): void {
  try {
    letGo();
  } catch {
    // Workers may refuse what belongs to a request that is over: it is gone anyway.
  }
}

// Here and not where the end is at hand: a closure keeps all that is in its scope.
function weakly(end: CallEnd): CallEnd {
  const ref = new WeakRef(end);
  return { abort: (reason) => ref.deref()?.abort(reason) };
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
