/**
 * Runs schedules, and reports what they have found.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { type Outcome, plansOf, runSchedule } from "./faults_schedule.ts";
import type { WorldOf } from "./faults_world.ts";

/** Where seeds begin, so that a run is the same each time. */
const FIRST_SEED = 1;

/** How many kinds of failures are told as stories, unless asked for otherwise. */
const MAX_STORIES = 4;

/** What the command line asks for: `--seeds=500 --from=1 --kinds`. */
export interface Wanted {
  readonly seeds: number;
  readonly from: number;
  /** One seed whose story is to be told. */
  readonly only: number | null;
  /** How many kinds of failures are told as stories. */
  readonly stories: number;
}

/** How many schedules of a backend are run, unless asked for otherwise. */
const SEEDS = 1000;

/** Defines the test of a backend, unless the command line asks for another one. */
export function testSchedules(
  backend: string,
  promise: string,
  worldOf: WorldOf,
): void {
  const { args } = Deno;
  const asked = args.filter((arg) => arg.startsWith("--backend="));
  const ignore = asked.length > 0 && !asked.includes(`--backend=${backend}`);
  Deno.test({
    name: promise,
    ignore,
    fn: () => runSchedules(backend, worldOf, wantedOf(args)),
  });
}

/** Reads the command line. */
export function wantedOf(args: readonly string[]): Wanted {
  const number = (name: string) => {
    const found = args.find((arg) => arg.startsWith(`--${name}=`));
    const value = Number(found?.slice(name.length + 3) ?? NaN);
    return Number.isSafeInteger(value) && value >= 0 ? value : null;
  };
  return {
    seeds: number("seeds") ?? SEEDS,
    from: number("from") ?? FIRST_SEED,
    only: number("seed"),
    stories: number("stories") ?? MAX_STORIES,
  };
}

/** Runs as many schedules as wanted; a broken rule is a failure, with its story. */
export async function runSchedules(
  name: string,
  worldOf: WorldOf,
  { seeds, from, only, stories }: Wanted,
): Promise<void> {
  const began = performance.now();
  const byKind = new Map<string, number[]>();
  const totals = { calls: 0, requests: 0, faults: 0 };
  const first = only ?? from;
  const last = only ?? from + seeds - 1;
  for (let seed = first; seed <= last; seed++) {
    const outcome = await runSchedule(worldOf, seed);
    totals.calls += outcome.calls;
    totals.requests += outcome.requests;
    totals.faults += outcome.faults;
    if (only !== null) console.log(outcome.story());
    for (const kind of new Set(outcome.findings.map(({ kind }) => kind))) {
      byKind.set(kind, [...byKind.get(kind) ?? [], seed]);
    }
  }
  const seconds = (performance.now() - began) / 1000;
  const count = last - first + 1;
  console.log(
    `${name}: ${count} seeds, ${totals.calls} calls, ${totals.requests} requests, ${totals.faults} faults, ${
      seconds.toFixed(1)
    } s, ${(count / seconds).toFixed(0)} seeds a second`,
  );
  for (const [kind, found] of byKind) {
    console.log(`  ${kind}: ${found.length} seeds: ${found.slice(0, 8)}`);
  }
  for (const [kind, [seed = 0]] of [...byKind].slice(0, stories)) {
    console.log(await storyOf(worldOf, seed, kind));
  }
  assertEquals([...byKind.keys()], [], `${name}: rules were broken`);
}

/** Tells a failure with as few calls as still show it. */
async function storyOf(
  worldOf: WorldOf,
  seed: number,
  kind: string,
): Promise<string> {
  const shows = ({ findings }: Outcome) =>
    findings.some((found) => found.kind === kind);
  let plans = plansOf(worldOf, seed);
  let told = await runSchedule(worldOf, seed, plans);
  for (let at = plans.length - 1; at >= 0; at--) {
    const fewer = plans.toSpliced(at, 1);
    const outcome = await runSchedule(worldOf, seed, fewer);
    if (!shows(outcome)) continue;
    plans = fewer;
    told = outcome;
  }
  const lines = told.findings.map(({ kind, what, id }) =>
    `  ${kind}${id && `, by ${id}`}: ${what}`
  );
  return `\nseed ${seed}\n${lines.join("\n")}\n${told.story()}\n`;
}
