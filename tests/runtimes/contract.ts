/**
 * The conformance suite where `Deno.test` is not: it brings its own runner.
 *
 * @module
 */
import {
  type ConformanceOptions,
  type ConformanceReport,
  testBackend,
} from "../conformance/mod.ts";
import { collector, runAll } from "./collector.ts";

/** What came of a run. */
export interface Outcome {
  /** How many tests passed. */
  readonly passed: number;
  /** The name and the error of each test that failed. */
  readonly failed: readonly string[];
  /** The suite's own count. */
  readonly points: string;
  /** What was left out, and why. */
  readonly skips: ConformanceReport["skips"];
}

/** How a run is bounded. */
export interface Bounds {
  /** Milliseconds until a test that hangs has failed. */
  readonly patience: number;
  /** How many tests run side by side. */
  readonly lanes: number;
}

/** Runs the contract on a backend. */
export async function runContract(
  name: string,
  options: Omit<ConformanceOptions, "test" | "report">,
  { patience, lanes }: Bounds,
): Promise<Outcome> {
  const { test, tests } = collector();
  const { skips } = await testBackend(name, { ...options, test });
  requireUsed(options, skips);
  const results = await runAll(tests, patience, lanes);
  const failed = results.flatMap(({ name, failure }) =>
    failure === null ? [] : [`${name}: ${failure}`]
  );
  const passed = results.length - failed.length;
  return { passed, failed, points: tests.at(-1)?.name ?? "", skips };
}

/**
 * Throws where nothing was left out by a skip: the backend cannot do what it names, or has
 * come to hold it.
 */
export function requireUsed(
  { skip = [], only }: Pick<ConformanceOptions, "skip" | "only">,
  used: ConformanceReport["skips"],
): void {
  // Left-out tests may be the ones that a skip names.
  if (only !== undefined) return;
  for (const one of skip) {
    if (used.includes(one)) continue;
    throw new TypeError(`Cannot skip "${one.test}": there is nothing to skip`);
  }
}

/** Returns an outcome as `deno test` would end, for whoever adds up such lines. */
export function report(runtime: string, outcome: Outcome): string {
  const { passed, failed, points, skips } = outcome;
  return [
    points,
    ...skips.map(({ test, reason }) => `skipped ${test}: ${reason}`),
    // As those begin that are looked for in the log of a run.
    ...failed.map((one) => `not ok in ${runtime}: ${one}`),
    `${
      failed.length > 0 ? "FAILED" : "ok"
    } | ${passed} passed | ${failed.length} failed (${runtime})`,
  ].join("\n");
}
