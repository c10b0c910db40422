// This module is browser compatible.

/** How many requests are in flight at once. */
const IN_FLIGHT = 8;

/** Works on a few keys at a time and returns what failed, by key; an abort ends them all. */
export async function forEach(
  keys: readonly string[],
  work: (key: string) => Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<Map<string, unknown>> {
  const failed = new Map<string, unknown>();
  const queue = keys.values();
  const worker = async () => {
    for (const key of queue) {
      if (signal?.aborted) return;
      try {
        await work(key);
      } catch (error) {
        failed.set(key, error);
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  signal?.throwIfAborted();
  return failed;
}
