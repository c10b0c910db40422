/**
 * What takes more than one page: several tabs, a full store, a killed browser.
 *
 * @module
 */
import {
  type BrowserName,
  type Context,
  killOn,
  launchOn,
  processesOn,
} from "../browsers.ts";
import { seeded } from "../seeded.ts";
import { callProgram, openPage } from "../session.ts";
import { explain, type Logged } from "./explain.ts";
import type { Full, Large } from "./limits.ts";
import type { Demonstration } from "./quickstart.ts";
import type { Survival } from "./survival.ts";

/** A browser on a profile, and the page to open. */
export interface Setting {
  readonly name: BrowserName;
  readonly context: Context;
  readonly folder: string;
  readonly url: string;
}

/** The demo, on this repository's core. */
export async function demo({ context, url }: Setting): Promise<void> {
  const folder = new URL("../../../core/", import.meta.url);
  const files: Record<string, string> = {};
  for await (const { name } of Deno.readDir(folder)) {
    files[name] = await Deno.readTextFile(new URL(name, folder));
  }
  const page = await openPage(context, url);
  const { code, out, err } = await callProgram<Demonstration>(
    page,
    "quickstart",
    { files },
  );
  console.log(`# demo: ${out.at(-1)}`);
  if (code !== 0 || err.length > 0) throw new Error(err.join("\n"));
  await page.close();
}

/** Two tabs create the same files: each has one winner. */
export async function races({ context, url }: Setting): Promise<void> {
  const count = 200;
  const databaseName = `race-${crypto.randomUUID()}`;
  const tabs = await Promise.all([
    openPage(context, url),
    openPage(context, url),
  ]);
  const won = await Promise.all(
    tabs.map((page, i) =>
      callProgram<number[]>(page, "race", { databaseName, count, tab: `${i}` })
    ),
  );
  const all = won.flat();
  if (all.length !== count || new Set(all).size !== count) {
    throw new Error(`${all.length} winners of ${count} races`);
  }
  console.log(
    `# ${count} races: ${won.map((one) => one.length).join(" and ")}`,
  );
  for (const page of tabs) await page.close();
}

/** Two tabs run random operations: some order of them explains every outcome. */
export async function ordered(
  { context, url }: Setting,
  { seed, count }: { seed: number; count: number },
): Promise<void> {
  const databaseName = `ordered-${crypto.randomUUID()}`;
  const tabs = await Promise.all([
    openPage(context, url),
    openPage(context, url),
  ]);
  const [one = [], two = []] = await Promise.all(
    tabs.map((page, i) =>
      callProgram<Logged[]>(page, "operations", {
        databaseName,
        count,
        seed: seed + i,
        tab: "ab"[i],
      })
    ),
  );
  const { explained, last } = explain(one, two);
  if (explained !== one.length + two.length) {
    throw new Error(
      `seed ${seed}: no order explains more than ${explained} operations, next: ${
        JSON.stringify(last)
      }`,
    );
  }
  const overlapping =
    one.filter((a) => two.some((b) => a.start < b.end && b.start < a.end))
      .length;
  console.log(
    `# ${explained} operations explained (seed ${seed}), ${overlapping} of the first tab's beside one of the other's`,
  );
  for (const page of tabs) await page.close();
}

/** A store that is full in the middle of a stream. */
export async function full(
  { name, context, url }: Setting,
  representation: "auto" | "bytes",
): Promise<void> {
  const page = await openPage(context, url);
  if (name === "chromium") {
    const session = await context.newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", {
      origin: new URL(url).origin,
      quotaSize: 40 * 1024 * 1024,
    });
  }
  const found = await callProgram<Full>(page, "fill", {
    mebibytes: 150,
    representation,
  });
  const { code, old, next, orphans, broken, taken } = found;
  const right = code === "QuotaExceeded" && old && next &&
    orphans.length === 0 && broken.length === 0;
  console.log(`# full after ${taken} MiB: ${JSON.stringify(found)}`);
  if (!right) throw new Error(JSON.stringify(found));
  await page.close();
}

// Chromium collects its garbage when it is asked to, so what counts is what is held.
// Firefox cannot be asked, and lets some hundred MiB pile up, of any content: there a
// file of twice the size has to stay well below itself.
const LARGE_MIB = { chromium: 512, firefox: 1024 };
const MOST_HELD_MIB = { chromium: 160, firefox: 768 };

/** A file much larger than a page's memory should get. */
export async function large(
  { name, context, url, folder }: Setting,
  representation: "auto" | "bytes",
): Promise<void> {
  const mebibytes = LARGE_MIB[name];
  const page = await openPage(context, url);
  const memory = await watchMemory(folder);
  const found = await callProgram<Large>(page, "large", {
    mebibytes,
    representation,
  });
  const { growth, largest } = await memory.stop();
  const { writeMs, readMs, heapGrowth, lastByteMs, emptyMs } = found;
  const times = lastByteMs / Math.max(emptyMs, 0.05);
  console.log(
    `# ${mebibytes} MiB: written in ${writeMs.toFixed(0)} ms, read in ${
      readMs.toFixed(0)
    } ms; heap +${mib(heapGrowth)}, largest process +${mib(largest)}, ` +
      `all processes +${mib(growth)}; last byte ${lastByteMs.toFixed(2)} ms, ` +
      `empty transaction ${emptyMs.toFixed(2)} ms (${times.toFixed(1)} times)`,
  );
  if (times >= 50) {
    throw new Error(`the last byte takes ${times} times as long`);
  }
  const held = heapGrowth ?? largest;
  if (held > MOST_HELD_MIB[name] * 1024 * 1024) {
    throw new Error(`the page held ${mib(held)} more`);
  }
  await page.close();
}

function mib(bytes: number | null): string {
  return bytes === null ? "?" : `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
}

async function watchMemory(folder: string) {
  const before = await residentOf(folder);
  let growth = 0;
  let largest = 0;
  let looking = Promise.resolve();
  const look = async () => {
    let sum = 0;
    for (const [pid, bytes] of await residentOf(folder)) {
      const more = bytes - (before.get(pid) ?? 0);
      sum += more;
      if (before.has(pid)) largest = Math.max(largest, more);
    }
    growth = Math.max(growth, sum);
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, 250);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      return { growth, largest };
    },
  };
}

/** Anonymous memory: what a process itself holds, without files that are mapped. */
async function residentOf(folder: string): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const pid of await processesOn(folder)) {
    const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() =>
      ""
    );
    const [, kilobytes] = status.match(/^RssAnon:\s+(\d+) kB/m) ?? [];
    found.set(pid, Number(kilobytes ?? 0) * 1024);
  }
  return found;
}

/** Kills a browser at seeded moments of its work; what is left is always whole. */
export async function killed(
  name: BrowserName,
  url: string,
  { seed, times }: { seed: number; times: number },
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const random = seeded(seed);
  let swept = 0;
  let most = 0;
  try {
    for (let round = 0; round <= times; round++) {
      const context = await launchOn(name, folder);
      const page = await openPage(context, url);
      const left = await callProgram<Survival>(page, "inspect");
      const { faults, orphans, broken, files } = left;
      if (faults.length + orphans.length + broken.length > 0) {
        throw new Error(
          `seed ${seed}, after ${round} kills: ${JSON.stringify(left)}`,
        );
      }
      swept += left.swept;
      most = Math.max(most, files);
      if (round === times) {
        await context.close();
        break;
      }
      const churning = callProgram(page, "churn", { seed: seed + round })
        .catch((error: Error) => {
          // The end that was meant; anything the program itself says is not.
          if (/closed|crash|disposed|disconnected/i.test(error.message)) return;
          throw error;
        });
      await Promise.race([churning, wait(50 + random(900))]);
      await killOn(folder);
      await context.close().catch(() => {});
      await churning;
    }
    if (most === 0) throw new Error("nothing was ever written");
    console.log(
      `# ${times} kills (seed ${seed}): all whole, ${swept} uploads swept`,
    );
  } finally {
    await killOn(folder);
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
