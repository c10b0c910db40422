/**
 * Two tabs over one `WebCache`.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Context } from "../browsers.ts";
import { bundle } from "../bundle.ts";
import { callProgram, openPage } from "../session.ts";
import { type Ask, judge, runRaces } from "./races.ts";
import type { Job } from "./side.ts";

/** Returns the script of the page, by its name on the server. */
export async function cacheScripts(): Promise<Record<string, string>> {
  return { cache: await bundle("tests/runtimes/cache/page.ts") };
}

/** Races a tab's slow reads against another tab's changes; then lets both write and list. */
export async function sharedByTabs(
  context: Context,
  origin: string,
  seed: number,
): Promise<void> {
  const name = `cache-${crypto.randomUUID()}`;
  const pages = [];
  for (let tab = 0; tab < 2; tab++) {
    pages.push(await openPage(context, `${origin}/cache`));
  }
  const [one, other] = pages.map((page): Ask => (job: Job) =>
    callProgram<string>(page, "doJob", { name, job })
  );
  if (one === undefined || other === undefined) throw new Error("no tabs");
  const races = await runRaces(one, other, {
    count: 500,
    seed,
    delay: 20,
    lanes: 4,
  });
  console.log(`# ${races.late} of ${races.count} races brought old answers`);
  judge(races);
  await bounded(one, other);
  for (const page of pages) await page.close();
}

/** 200 rounds of a write and a listing leave as many entries as one; clearing leaves none. */
export async function bounded(one: Ask, other: Ask): Promise<void> {
  await one({ act: "clear" });
  await one({ act: "churn", rounds: 1 });
  const few = await one({ act: "count" });
  await one({ act: "churn", rounds: 200 });
  await other({ act: "churn", rounds: 20 });
  assertEquals(await other({ act: "count" }), few);
  await other({ act: "clear" });
  assertEquals(await one({ act: "count" }), "0");
}
