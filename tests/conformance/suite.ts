import { Capability, type StoreLike } from "../../mod.ts";
import { ConformanceFailure } from "./assert.ts";
import {
  Bench,
  type Foreign,
  type Namespace,
  type Seed,
  type Target,
} from "./bench.ts";
import { CONTRACT } from "./contract.ts";
import { type Group, type Point, runPoints } from "./points.ts";
import { type ConformanceReport, Report, type Skip } from "./report.ts";

/** Options of {@linkcode testBackend}. */
export interface ConformanceOptions {
  /** Registers a test: `Deno.test`, or `test` of `node:test`, `bun:test`, vitest. */
  readonly test: (name: string, run: () => Promise<void>) => unknown;
  /** Returns a store over an empty root; called for each test, and once before the first. */
  readonly create: () => StoreLike | Promise<StoreLike>;
  /** Whether folders exist of themselves, or only as the common start of keys. */
  readonly namespace: Namespace;
  /**
   * Whether the stores refuse a write onto a folder or below a file. Hierarchical
   * ones always do; flat ones with `strictFolders`.
   *
   * @default {namespace === "hierarchical"}
   */
  readonly strictFolders?: boolean;
  /**
   * Whether closing a store closes its backend for good. Not so for a child store.
   *
   * @default {false}
   */
  readonly closeIsTerminal?: boolean;
  /** Tests to leave out, each with its reason. One that names no test is refused. */
  readonly skip?: readonly Skip[];
  /**
   * Names, starts of names or rule IDs of the only tests to register.
   *
   * @default {all tests}
   */
  readonly only?: readonly string[];
  /** Puts a file into a store whose backend cannot write, so that reading can be tested. */
  readonly seed?: Seed;
  /**
   * Puts an empty object under a name that no path has (`a//b`, `a/../b`), or that marks a
   * folder (`a/`), as other clients do: by the service's own means, below the store's root.
   * Tests what becomes of such names on flat backends; left out where it is missing.
   */
  readonly foreign?: Foreign;
  /** Opens a store over a bucket or container that does not exist, where there is such a thing. */
  readonly absent?: () => StoreLike | Promise<StoreLike>;
  /**
   * Releases a store after its test.
   *
   * @default {store.close()}
   */
  readonly dispose?: (store: StoreLike) => Promise<void>;
  /**
   * How many files the test of paging lists; more than the service gives in a page.
   *
   * @default {1200}
   */
  readonly manyFiles?: number;
  /**
   * How many bytes the test of large content writes; more than one part of an upload.
   *
   * @default {8388608}
   */
  readonly largeFile?: number;
  /**
   * How many points of one test run side by side, each in a folder of its own. More
   * than one shortens the wait for a network.
   *
   * @default {1}
   */
  readonly concurrency?: number;
  /** Called by the last test with the numbers. */
  readonly report?: (report: ConformanceReport) => void;
}

/**
 * Registers the tests of the contract for a backend. A test that needs what the
 * backend does not declare is not registered; a method without its capability is
 * tested to refuse. The last test's name says how many of the points are covered,
 * and it fails where one was not reached.
 *
 * @experimental New points come with minor versions.
 *
 * @param name What the backend is called in the tests' names.
 */
export async function testBackend(
  name: string,
  options: ConformanceOptions,
): Promise<ConformanceReport> {
  const { skip = [], only } = options;
  for (const { test, reason } of skip) {
    if (typeof reason === "string" && reason.trim() !== "") continue;
    throw new TypeError(`Cannot skip "${test}": a reason is needed`);
  }
  const target = await targetOf(options);
  const report = new Report(name);
  const unused = new Set(skip);
  const names = new Set<string>();
  for (const group of CONTRACT) {
    const title = `${group.ids} ${group.title}`;
    if (names.has(title)) {
      throw new TypeError(`Cannot register "${title}": it exists twice`);
    }
    names.add(title);
    if (!isWanted(only, group, title)) continue;
    const points: Point[] = [];
    for (const point of group.points) {
      const isAllowed = point.allowed(target);
      const skipped = skip.find(({ test }) =>
        isNamed(group, `${title}: ${point.label}`, test)
      );
      if (skipped !== undefined) unused.delete(skipped);
      report.defined++;
      if (!isAllowed) continue;
      report.allowed++;
      if (skipped === undefined) points.push(point);
      else report.skip(skipped);
    }
    if (points.length === 0) continue;
    report.tests++;
    const run = () => runGroup(points, target, options, report);
    options.test(`${title} [${name}]`, run);
  }
  // Left-out tests may be the ones that a skip names.
  for (const { test } of only === undefined ? unused : []) {
    throw new TypeError(`Cannot skip "${test}": no test has this name or rule`);
  }
  registerLast(report, options);
  return report;
}

/** Says whether `test` is the start of a name, or one of the rules. */
function isNamed(group: Group, name: string, test: string): boolean {
  return name.startsWith(test) || group.ids.split(", ").includes(test);
}

function isWanted(
  only: readonly string[] | undefined,
  group: Group,
  title: string,
): boolean {
  return only === undefined ||
    only.some((test) => isNamed(group, title, test));
}

async function targetOf(options: ConformanceOptions): Promise<Target> {
  const store = await options.create();
  const declared = new Set(
    Object.values(Capability).filter((capability) =>
      store.supports(capability)
    ),
  );
  await dispose(store, options);
  const { namespace, strictFolders = namespace === "hierarchical" } = options;
  return {
    has: (capability) => declared.has(capability),
    namespace,
    strict: strictFolders,
    closeIsTerminal: options.closeIsTerminal ?? false,
    seedable: declared.has("write") || options.seed !== undefined,
    manyFiles: options.manyFiles ?? 1200,
    largeFile: options.largeFile ?? 8 * 1024 * 1024,
    foreign: options.foreign,
    absent: options.absent,
  };
}

async function dispose(
  store: StoreLike,
  options: ConformanceOptions,
): Promise<void> {
  await (options.dispose?.(store) ?? store.close());
}

async function runGroup(
  points: readonly Point[],
  target: Target,
  options: ConformanceOptions,
  report: Report,
): Promise<void> {
  const store = await options.create();
  try {
    const bench = new Bench(store, target, options.seed);
    const failures = await runPoints(
      points,
      bench,
      options.concurrency ?? 1,
    );
    report.run += points.length;
    report.failed += failures.length;
    if (failures.length === 0) return;
    throw new ConformanceFailure(
      points.length === 1 && failures.length === 1
        ? failures.join()
        : `${failures.length} of ${points.length} points do not hold\n  ${
          failures.join("\n  ")
        }`,
    );
  } finally {
    await dispose(store, options);
  }
}

// Its name is what the suite prints: runners print names, and there is no console
// that all of them share.
function registerLast(report: Report, options: ConformanceOptions): void {
  const planned = report.allowed - report.skipped;
  // deno-lint-ignore require-await -- what it throws has to reject
  options.test(report.line(planned), async () => {
    options.report?.(report);
    if (report.run === planned && report.failed === 0) return;
    throw new ConformanceFailure(
      `${report.run} of ${planned} points were run, ${report.failed} do not hold`,
    );
  });
}
