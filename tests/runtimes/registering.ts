/**
 * What came of a browser, as tests of `deno test`.
 *
 * @module
 */
import type { Result } from "./collector.ts";
import type { Outcome } from "./contract.ts";

/** Registers what was tested in a page, each as a test of its own. */
export function register(results: readonly Result[]): void {
  for (const { name, failure } of results) {
    if (failure !== null) console.log(`# failed: ${name}: ${failure}`);
    Deno.test(name, () => {
      if (failure !== null) throw new Error(failure);
    });
  }
}

/** Runs a scenario, and registers what came of it. */
export async function run(
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  const start = performance.now();
  let failure: string | null = null;
  try {
    await work();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const ms = performance.now() - start;
  console.log(`# ${(ms / 1000).toFixed(1)} s: ${name}`);
  register([{ name, failure, ms }]);
}

/** Runs a suite that counts for itself. */
export async function runSuite(
  name: string,
  work: () => Promise<Pick<Outcome, "passed" | "failed"> & Partial<Outcome>>,
): Promise<void> {
  await run(name, async () => {
    const { passed, failed, points = "", skips = [] } = await work();
    console.log(`# ${name}: ${passed} passed; ${points}`);
    for (const { test, reason } of skips) {
      console.log(`#   skipped ${test}: ${reason}`);
    }
    if (failed.length > 0) throw new Error(failed.join("\n"));
    if (passed === 0) throw new Error("nothing was run");
  });
}
