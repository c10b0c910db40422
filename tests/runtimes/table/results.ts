/**
 * What the last run of each cell came to, kept beside the run: the pages' table is made of
 * it.
 *
 * @module
 */
import type { Outcome } from "../contract.ts";

/** What came of one cell. */
export type CellResult =
  | {
    /** The runtime with its version. */
    readonly runtime: string;
    readonly passed: number;
    readonly failed: number;
    readonly skipped: readonly SkippedTests[];
  }
  | {
    /** Why there is no outcome. */
    readonly without: string;
  };

/** Tests that were left out for one reason. */
export interface SkippedTests {
  readonly test: string;
  readonly reason: string;
  readonly count: number;
}

/** What came of each cell, by its name: `deno s3`. */
export type Results = Readonly<Record<string, CellResult>>;

/** Where those of `deno task test:runtimes` are kept, from the repository's root. */
export const RESULTS_FILE = "tests/runtimes/table/results.json";

/** Where those of `deno task test:pages` are kept. */
export const PAGES_FILE = "tests/runtimes/sign/results.json";

/** Returns what is kept of a cell. */
export function toCellResult(
  runtime: string,
  found: Outcome | string,
): CellResult {
  if (typeof found === "string") return { without: found };
  const { passed, failed, skips } = found;
  const skipped = new Map<string, SkippedTests>();
  for (const { test, reason } of skips) {
    const name = `${test}: ${reason}`;
    const count = (skipped.get(name)?.count ?? 0) + 1;
    skipped.set(name, { test, reason, count });
  }
  return {
    runtime,
    passed,
    failed: failed.length,
    skipped: [...skipped.values()],
  };
}

/** Prints results: those of `fresh` take the place of older ones. */
export function printResults(older: string, fresh: Results): string {
  const all = { ...JSON.parse(older) as Results, ...fresh };
  const sorted = Object.entries(all).sort(([a], [b]) => a < b ? -1 : 1);
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

/** Writes results down in one go: another lane, or another run, writes beside it. */
export function keepResults(file: string, fresh: Results): void {
  const older = Deno.readTextFileSync(file);
  Deno.writeTextFileSync(file, printResults(older, fresh));
}
