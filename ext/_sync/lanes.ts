// This module is browser compatible.

/**
 * Works on items, some at once. What `work` throws ends it: the signal of the others is
 * aborted, they are awaited, and only then does the call reject.
 */
export async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  signal: AbortSignal,
  work: (item: T, index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const ends = AbortSignal.any([signal, stop.signal]);
  const queue = items.entries();
  await Promise.all(Array.from({ length: lanes }, async () => {
    try {
      for (const [index, item] of queue) {
        ends.throwIfAborted();
        await work(item, index, ends);
      }
    } catch (error) {
      stop.abort(error);
    }
  }));
  // Of two reasons the first is this one's.
  ends.throwIfAborted();
}
