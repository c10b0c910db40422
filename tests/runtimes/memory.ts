/**
 * The memory of all processes of a browser.
 *
 * @module
 */
import { processesOn } from "./browsers.ts";

/** Runs `work`, and returns the most bytes that the processes on a profile held meanwhile. */
export async function mostDuring<T>(
  folder: string,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly most: number }> {
  let most = 0;
  let working = true;
  const watch = async () => {
    while (working) {
      most = Math.max(most, await memoryOf(folder));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const watching = watch();
  const result = await work().finally(() => {
    working = false;
    return watching;
  });
  return { result, most };
}

/**
 * Returns how many bytes the processes on a profile hold, without files that are
 * mapped. Memory that they share counts once.
 */
export async function memoryOf(folder: string): Promise<number> {
  let kilobytes = 0;
  for (const pid of await processesOn(folder)) {
    const path = `/proc/${pid}/smaps_rollup`;
    // A process that has ended holds nothing.
    const text = await Deno.readTextFile(path).catch(() => "");
    for (const [, held] of text.matchAll(/^Pss_(?:Anon|Shmem): +(\d+) kB$/gm)) {
      kilobytes += Number(held);
    }
  }
  return kilobytes * 1024;
}
