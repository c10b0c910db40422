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

/** Runs tests one after another. One that takes too long has failed, and so has what follows it. */
export async function runAll(
  tests: readonly Collected[],
  timeoutMs = 30_000,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const { name, run } of tests) {
    const start = performance.now();
    const failure = await within(timeoutMs, run);
    results.push({ name, failure, ms: performance.now() - start });
  }
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
    return error instanceof Error
      ? `${error.name}: ${error.message}\n${error.stack ?? ""}`
      : String(error);
  } finally {
    clearTimeout(timer);
  }
}
