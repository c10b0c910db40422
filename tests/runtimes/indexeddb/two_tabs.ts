/**
 * What the runner sees of two tabs.
 *
 * @module
 */
import { callProgram, openPage } from "../session.ts";
import { explain, type Logged } from "./explain.ts";
import type { Setting } from "./scenarios.ts";
import type { Attempt, Tab } from "./tabs.ts";

type Representation = Tab["representation"];

const RACES = 200;
/** How many times as many there may be, on a machine that is busy. */
const MOST = 5;

/** Two tabs create the same files at the same time: each has one winner. */
export async function races(
  setting: Setting,
  representation: Representation,
): Promise<void> {
  let beside = 0;
  for (let times = 0; times < MOST && beside < RACES / 2; times++) {
    beside += await racesBeside(setting, representation, RACES);
  }
  if (beside < RACES / 2) throw new Error(`only ${beside} were races`);
}

/** Runs races, and returns how many were at the same time. */
async function racesBeside(
  setting: Setting,
  representation: Representation,
  count: number,
): Promise<number> {
  const tabs = await openTabs(setting, representation);
  const [one = [], two = []] = await tabs.callBoth<Attempt[]>("race", {
    count,
  });
  const winners = await tabs.call<string[]>(0, "winners", { count });
  await tabs.close();
  let beside = 0;
  for (let i = 0; i < count; i++) {
    const [a, b] = [one[i], two[i]];
    if (!a || !b || a.won === b.won) throw new Error(`race ${i} has no winner`);
    if (winners[i] !== (a.won ? "a" : "b")) {
      throw new Error(
        `race ${i} was won by ${a.won ? "a" : "b"}, not ${winners[i]}`,
      );
    }
    if (a.start < b.end && b.start < a.end) beside++;
  }
  const won = one.filter((attempt) => attempt.won).length;
  console.log(
    `# ${count} races, ${beside} of them at the same time: ${won} and ${
      count - won
    } won`,
  );
  return beside;
}

/** Two tabs run random operations: some order of them explains every outcome. */
export async function ordered(
  setting: Setting,
  representation: Representation,
  { seed, count }: { seed: number; count: number },
): Promise<void> {
  const tabs = await openTabs(setting, representation);
  const [one = [], two = []] = await tabs.callBoth<Logged[]>("operations", {
    count,
    seed,
  });
  await tabs.close();
  const { explained, last } = explain(one, two);
  if (explained !== one.length + two.length) {
    throw new Error(
      `seed ${seed}: no order explains more than ${explained} operations, next: ${
        JSON.stringify(last)
      }`,
    );
  }
  const beside =
    one.filter((a) => two.some((b) => a.start < b.end && b.start < a.end))
      .length;
  console.log(
    `# ${explained} operations explained (seed ${seed}), ${beside} of the first tab's beside one of the other's`,
  );
  // Reads that met a change are left out.
  if (one.length < count * 0.9 || beside < count / 4) {
    throw new Error(`${one.length} operations, ${beside} beside others`);
  }
}

/** A tab upgrades the database while another one uploads: neither waits. */
export async function upgraded(
  setting: Setting,
  representation: Representation,
): Promise<void> {
  const tabs = await openTabs(setting, representation);
  const [content, ms] = await Promise.all([
    tabs.call<string>(0, "uploadAcross"),
    tabs.call<number>(1, "upgradeUnder"),
  ]);
  await tabs.close();
  console.log(`# upgraded in ${ms.toFixed(0)} ms`);
  if (content !== "whole") throw new Error(content);
}

/** Opens two tabs, "a" and "b", and a new database for them. */
async function openTabs(
  { context, url }: Setting,
  representation: Representation,
) {
  const databaseName = `tabs-${crypto.randomUUID()}`;
  const pages = await Promise.all([
    openPage(context, url),
    openPage(context, url),
  ]);
  const call = <R>(index: number, program: string, more: object = {}) => {
    const page = pages[index];
    if (page === undefined) throw new Error(`there is no tab ${index}`);
    const tab: Tab = { databaseName, representation, tab: "ab"[index] ?? "" };
    return callProgram<R>(page, program, { ...tab, ...more });
  };
  return {
    call,
    callBoth: <R>(program: string, more: object) =>
      Promise.all([call<R>(0, program, more), call<R>(1, program, more)]),
    async close() {
      for (const page of pages) await page.close();
    },
  };
}
