/**
 * A browser that is killed in the middle of its work, many times on one profile.
 *
 * @module
 */
import { killOn, launchOn, type ProfiledBrowser } from "../browsers.ts";
import { seeded } from "../seeded.ts";
import { callProgram, openPage } from "../session.ts";
import type { Stored, Survival } from "./survival.ts";

/** Versions of one round are below those of the next. */
const VERSIONS_A_ROUND = 100_000;

/** With so many kills, some have hit an upload. */
const MANY = 50;

/**
 * Kills a browser at seeded moments of its work. Each time, every file is whole and
 * no older than what the page was told to be stored. What Chromium says to have thrown
 * away itself is counted: its log can be torn by a kill, and then fails its checksum.
 */
export async function killed(
  name: ProfiledBrowser,
  url: string,
  { seed, times }: { seed: number; times: number },
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const random = seeded(seed);
  const stored = new Map<string, number>();
  let told = 0;
  let thrownAway = 0;
  let swept = 0;
  try {
    for (let round = 0; round <= times; round++) {
      const context = await launchOn(name, folder);
      const page = await openPage(context, url);
      const left = await callProgram<Survival>(page, "inspect");
      const faults = [...left.faults, ...left.orphans, ...left.broken];
      if (left.thrownAway !== null) {
        thrownAway++;
        console.log(`# ${name} threw the database away: ${left.thrownAway}`);
        stored.clear();
      }
      for (const [file, version] of stored) {
        const found = left.versions[file] ?? "none";
        if (found === "none" || found < version) {
          faults.push(`${file}: ${found}, but ${version} was stored`);
        }
      }
      if (faults.length > 0) {
        throw new Error(`seed ${seed}, ${round} kills: ${faults.join("; ")}`);
      }
      swept += left.swept;
      if (round === times) {
        await context.close();
        break;
      }
      page.on("console", (message) => {
        const text = message.text();
        // The browser itself tells of an icon that is not there, early or late.
        if (!text.startsWith("{")) return;
        const { name, version }: Stored = JSON.parse(text);
        stored.set(name, version);
        told++;
      });
      let isOver = false;
      const churning = callProgram(page, "churn", {
        seed: seed + round,
        from: round * VERSIONS_A_ROUND,
      }).catch((error: Error) => {
        // The end that was meant; anything the program itself says is not.
        if (/closed|crash|destroyed|disconnected/i.test(error.message)) return;
        throw error;
      }).finally(() => isOver = true);
      await Promise.race([churning, wait(50 + random(900))]);
      // However long a start takes: a kill that finds nothing stored proves nothing.
      while (told === 0 && !isOver) await wait(20);
      await killOn(folder);
      await context.close().catch(() => {});
      await churning;
    }
    if (thrownAway > 1 + times / 20) {
      throw new Error(`seed ${seed}: thrown away ${thrownAway} times`);
    }
    if (told === 0) throw new Error("nothing was ever stored");
    if (times >= MANY && swept === 0) throw new Error("no kill hit an upload");
    console.log(
      `# ${times} kills (seed ${seed}): all whole, ${told} writes before them ` +
        `are there, ${swept} uploads swept, ${thrownAway} times all was thrown ` +
        "away by the browser",
    );
  } finally {
    await killOn(folder);
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
