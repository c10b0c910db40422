// This module is browser compatible.

/**
 * Waits for work that may heed no signal: an abort ends the wait with its reason. What
 * the work gives all the same goes to `late`, so that it can be let go.
 */
export function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  late: (value: T) => unknown = () => {},
): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const end = () => {
      reject(signal.reason);
      work.then(late).catch(() => {});
    };
    if (signal.aborted) return end();
    signal.addEventListener("abort", end, { once: true });
    const release = () => signal.removeEventListener("abort", end);
    work.finally(release).then(resolve, reject);
  });
}
