/**
 * The contract against Azurite, for any runtime: bundled, it brings its own runner.
 *
 * @module
 */
import { testBackend } from "../../conformance/mod.ts";
import { createStore } from "../../live/azure/account.ts";

/** What came of a run. */
export interface Outcome {
  readonly passed: number;
  /** The name and the error of each test that failed. */
  readonly failed: readonly string[];
  /** The suite's own count. */
  readonly points: string;
}

const BLOCK_SIZE = 1024 * 1024;

/** Runs the conformance suite against the emulator at `origin`. */
export async function runSuite(origin: string): Promise<Outcome> {
  const tests: { name: string; run: () => Promise<void> }[] = [];
  await testBackend("azure", {
    test: (name, run) => tests.push({ name, run }),
    create: () => createStore(origin, { blockSize: BLOCK_SIZE }),
    namespace: "flat",
    closeIsTerminal: true,
  });
  const failed: string[] = [];
  for (const { name, run } of tests) {
    try {
      await run();
    } catch (error) {
      failed.push(`${name}: ${error}`);
    }
  }
  const points = tests.at(-1)?.name ?? "";
  return { passed: tests.length - failed.length, failed, points };
}
