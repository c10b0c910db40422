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
  let acts = waiting.get(signal);
  if (acts === undefined) {
    waiting.set(signal, acts = new Set());
    signal.addEventListener("abort", tell);
  }
  const own = () => act(signal.reason);
  acts.add(own);
  return () => {
    acts.delete(own);
    if (acts.size > 0 || waiting.get(signal) !== acts) return;
    waiting.delete(signal);
    signal.removeEventListener("abort", tell);
  };
}

/**
 * What waits for each signal, by one listener: engines compare another one with all that
 * are there, which thousands of calls with one signal would pay for.
 */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

function tell(event: Event): void {
  const signal = event.currentTarget as AbortSignal;
  const acts = waiting.get(signal) ?? [];
  waiting.delete(signal);
  signal.removeEventListener("abort", tell);
  for (const act of acts) {
    try {
      act();
    } catch (error) {
      // As a listener of its own would: the others are told nevertheless.
      queueMicrotask(() => {
        throw error;
      });
    }
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
