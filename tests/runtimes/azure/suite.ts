/**
 * The contract against Azurite, for any runtime: bundled, it brings its own runner.
 *
 * @module
 */
import { type ConformanceReport, testBackend } from "../../conformance/mod.ts";
import { createStore } from "../../live/azure/account.ts";

/** What came of a run. */
export interface Outcome {
  readonly passed: number;
  /** The name and the error of each test that failed. */
  readonly failed: readonly string[];
  /** The suite's own count. */
  readonly points: string;
  /** What was left out, and why. */
  readonly skips: ConformanceReport["skips"];
}

interface Test {
  readonly name: string;
  readonly run: () => Promise<void>;
}

const BLOCK_SIZE = 1024 * 1024;

/**
 * How many tests run side by side, each in a container of its own: in a page each
 * request waits for a preflight of its own, as its URL is new. Fewer than the six
 * connections that a browser has for a host, as a test may hold one open.
 */
const LANES = 4;

/** Milliseconds until a test that hangs has failed. */
const PATIENCE = 300_000;

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
  const tests: Test[] = [];
  const { skips } = await testBackend("azure", {
    test: (name, run) => tests.push({ name, run }),
    create: () => createStore(origin, { blockSize: BLOCK_SIZE }),
    namespace: "flat",
    closeIsTerminal: true,
  });
  const failed: string[] = [];
  const work = async (queue: Iterable<Test>) => {
    for (const { name, run } of queue) {
      try {
        await within(PATIENCE, run());
      } catch (error) {
        failed.push(`${name}: ${error}`);
      }
    }
  };
  // The last one counts the points of the others.
  const last = tests.slice(-1);
  const queue = tests.slice(0, -1).values();
  await Promise.all(Array.from({ length: LANES }, () => work(queue)));
  await work(last);
  const passed = tests.length - failed.length;
  return { passed, failed, points: last[0]?.name ?? "", skips };
}
