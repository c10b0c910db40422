/**
 * Runs in a page: collects tests that are registered as with `Deno.test`, and runs them.
 *
 * @module
 */

/** What became of a test. */
export interface Result {
  /** Its name. */
  readonly name: string;
  /** What it failed with; `null` where it passed. */
  readonly failure: string | null;
  /** How long it took. */
  readonly ms: number;
}

/** A test that was registered. */
export interface Collected {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** Returns a place to register tests at, and what was registered. */
export function collector(): {
  readonly test: (name: string, run: () => Promise<void>) => void;
  readonly tests: readonly Collected[];
} {
  const tests: Collected[] = [];
  return { test: (name, run) => tests.push({ name, run }), tests };
}

/**
 * Runs tests, `lanes` of them at a time, and the last one when the others have ended: it
 * counts their points. One that takes too long has failed, and so may what follows it.
 */
export async function runAll(
  tests: readonly Collected[],
  timeoutMs = 30_000,
  lanes = 1,
): Promise<Result[]> {
  const results: Result[] = [];
  const work = async (queue: Iterable<Collected>) => {
    for (const { name, run } of queue) {
      const start = performance.now();
      const failure = await within(timeoutMs, run);
      results.push({ name, failure, ms: performance.now() - start });
    }
  };
  const queue = tests.slice(0, -1).values();
  await Promise.all(Array.from({ length: lanes }, () => work(queue)));
  await work(tests.slice(-1));
  return results;
}

async function within(
  ms: number,
  run: () => Promise<void>,
): Promise<string | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([run(), late]);
    return null;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    const { name, message, stack = "" } = error;
    // Some stacks begin with it.
    return stack.includes(message) ? stack : `${name}: ${message}\n${stack}`;
  } finally {
    clearTimeout(timer);
  }
}
