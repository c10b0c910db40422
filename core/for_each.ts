// This module is browser compatible.
import { isContainerNotFound } from "./backend.ts";
import { follow } from "./signal.ts";

/** How many requests are in flight at once. */
export const IN_FLIGHT = 8;

/**
 * Works on a few keys at a time and returns what failed, by key. An abort ends them all;
 * so does an absent container, as nothing after it could succeed.
 */
export async function forEach(
  keys: readonly string[],
  work: (key: string) => Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<Map<string, unknown>> {
  const failed = new Map<string, unknown>();
  await askAll(keys, async (key) => {
    try {
      await work(key);
    } catch (error) {
      if (isContainerNotFound(error)) throw error;
      failed.set(key, error);
    }
  }, signal);
  return failed;
}

/**
 * Asks about a few items at a time and returns the answers in their order. The first that
 * fails ends the others, and is thrown when all of them have ended: nothing is sent later.
 */
export async function askAll<I, T>(
  items: readonly I[],
  ask: (item: I, signal: AbortSignal) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T[]> {
  const stop = new AbortController();
  const letGo = follow(signal, stop);
  const answers: T[] = [];
  const queue = items.entries();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const [at, item] of queue) {
      if (stop.signal.aborted) return;
      try {
        answers[at] = await ask(item, stop.signal);
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  letGo();
  signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return answers;
}
