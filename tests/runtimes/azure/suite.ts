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

/** Milliseconds until a test that hangs has failed. */
const PATIENCE = 120_000;

async function within(limit: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`it did not end within ${limit} ms`);
    timer = setTimeout(() => reject(error), limit);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

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
      await within(PATIENCE, run());
    } catch (error) {
      failed.push(`${name}: ${error}`);
    }
  }
  const points = tests.at(-1)?.name ?? "";
  return { passed: tests.length - failed.length, failed, points };
}
