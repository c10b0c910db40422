/**
 * Runs the Workers of `isolate.ts`.
 *
 * @module
 */
import { collector, runAll } from "./collector.ts";
import type { Outcome } from "./contract.ts";
import type { Job, Listing } from "./isolate.ts";
import { serveInWorkerd } from "./workerd.ts";

const PATIENCE = 120_000;
const LANES = 6;

/** Runs the tests of a Worker's module, whose path is from the repository's root. */
export async function runInIsolate<P>(
  path: string,
  place: P,
  buckets: readonly string[] = [],
): Promise<Outcome> {
  await using worker = await serveInWorkerd(path, {}, buckets);
  const ask = async (job: Job<P>) => {
    const body = JSON.stringify(job);
    const response = await worker.ask("/", { method: "POST", body });
    if (response.ok) return await response.json();
    throw new Error(`${response.status} ${await response.text()}`);
  };
  const { tests, ...rest }: Listing = await ask({ place });
  const { test, tests: asked } = collector();
  for (const [index, name] of tests.entries()) {
    test(name, async () => {
      const failure: string | null = await ask({ place, test: index });
      if (failure !== null) throw new Error(failure);
    });
  }
  const results = await runAll(asked, PATIENCE, LANES);
  const failed = results.flatMap(({ name, failure }) =>
    failure === null ? [] : [`${name}: ${failure}`]
  );
  return { ...rest, passed: results.length - failed.length, failed };
}
