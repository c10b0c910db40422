/**
 * A browser that is killed in the middle of an upload, many times on one profile.
 *
 * @module
 */
import { killOn, launchOn, type ProfiledBrowser } from "../browsers.ts";
import { toHex } from "../../../digest/hex.ts";
import { seeded } from "../seeded.ts";
import { callProgram, openPage } from "../session.ts";
import { blocksOf } from "./content.ts";
import type { Done, Pending } from "./page.ts";
import type { Setting } from "./service.ts";

/** What an upload has in flight at most. */
const CONCURRENCY = 4;

const MIB = 2 ** 20;
const MINUTES = 60_000;

/** How often, and of how many MiB. */
export interface Kills {
  readonly seed: number;
  readonly times: number;
  readonly size: number;
}

/** What has come of it. */
interface Account {
  kills: number;
  uploads: number;
  sent: number;
  again: number;
  afterEnd: number;
  thrownAway: number;
}

/**
 * Kills a browser at seeded moments of its uploads, until so many have met one. After each
 * restart the upload goes on: what was acknowledged is not sent again, what is sent twice
 * was in flight, and the bytes are equal at its end.
 */
export async function killed(
  name: ProfiledBrowser,
  setting: Setting,
  { seed, times, size }: Kills,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const random = seeded(seed);
  const expected = await digestOf([...blocksOf(seed, size)]);
  const account: Account = {
    kills: 0,
    uploads: 0,
    sent: 0,
    again: 0,
    afterEnd: 0,
    thrownAway: 0,
  };
  // What is known, by the number of the upload.
  let known = { told: 0, numbers: new Set<number>() };
  try {
    while (account.kills < times || known.numbers.size > 0) {
      const to = `${account.uploads}.bin`;
      const context = await launchOn(name, folder);
      const page = await openPage(context, `${setting.origin}/`);
      const isNew = await callProgram<boolean>(
        page,
        "drop",
        { seed, size },
        5 * MINUTES,
      );
      const [found] = await callProgram<Pending[]>(page, "pending");
      if (isNew && account.kills + account.uploads > 0) {
        // Chromium, where a kill has torn its log: it says so, and begins anew.
        account.thrownAway++;
        known = { told: 0, numbers: new Set() };
      }
      if (found === undefined && await isDone(setting, to, expected, seed)) {
        // The kill came behind the end of it all, and only nobody was told.
        account.afterEnd++;
        account.uploads++;
        known = { told: 0, numbers: new Set() };
        await context.close();
        continue;
      }
      const numbers = new Set(found?.numbers ?? []);
      requireKept(known, numbers, found?.acknowledged ?? 0, to, seed);
      const before = setting.arrived.length;
      let told = 0;
      page.on("console", (message) => {
        const text = message.text();
        // The browser itself tells of answers such as 404.
        if (text.startsWith("{")) told = Number(JSON.parse(text).acknowledged);
      });
      const isLast = account.kills >= times;
      let ended = false;
      const stop = isLast
        ? new Promise<never>(() => {})
        : meet(random, setting);
      const uploading = callProgram<Done>(
        page,
        "upload",
        { seed, to },
        5 * MINUTES,
      )
        .then((done) => {
          ended = true;
          return done;
        }, (error: Error) => {
          // The end that was meant; anything the program itself says is not.
          if (/closed|crash|destroyed|disconnected/i.test(error.message)) {
            return null;
          }
          throw error;
        });
      await Promise.race([uploading, stop]);
      setting.completed = () => Promise.resolve();
      if (!ended) {
        await killOn(folder);
        account.kills++;
      }
      await context.close().catch(() => {});
      // What had left the browser arrives all the same.
      await setting.quiet();
      const done = await uploading;
      const sent = setting.arrived.slice(before);
      account.sent += sent.length;
      requireOnce(sent, numbers, seed);
      account.again += sent.filter((number) =>
        known.numbers.has(number)
      ).length;
      const all = new Set([...numbers, ...sent]);
      known = { told, numbers: all };
      if (done === null) continue;
      if (!await isDone(setting, to, expected, seed)) {
        throw new Error(`${to} is not there`);
      }
      if (done.size !== size * MIB) {
        throw new Error(`${to} has ${done.size} bytes`);
      }
      account.uploads++;
      known = { told: 0, numbers: new Set() };
    }
    const bound = account.kills * CONCURRENCY;
    if (account.again > bound) {
      throw new Error(
        `${account.again} parts were sent twice, ${bound} can be`,
      );
    }
    console.log(
      `# ${name}: ${account.kills} kills (seed ${seed}) in ${account.uploads} uploads of ` +
        `${size} MiB: all equal; ${account.sent} parts arrived, ${account.again} of them a second ` +
        `time, none that was acknowledged; ${account.afterEnd} kills between the end and its ` +
        `answer; ${account.thrownAway} times the browser threw all away`,
    );
  } finally {
    await killOn(folder);
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

/** Returns whether the file is there, and takes it away; another file is an error. */
async function isDone(
  { fake }: Setting,
  to: string,
  expected: string,
  seed: number,
): Promise<boolean> {
  const { objects } = fake.bucket;
  const key = `users/42/${to}`;
  const object = objects.get(key);
  if (object === undefined) return false;
  if (await digestOf([object.bytes]) !== expected) {
    throw new Error(`seed ${seed}: ${to} is another file`);
  }
  return objects.delete(key);
}

/** A moment of an upload: after a while, or when it is completed and not yet told so. */
function meet(
  random: (limit: number) => number,
  setting: Setting,
): Promise<void> {
  return new Promise((resolve) => {
    if (random(6) === 0) {
      setting.completed = () => {
        resolve();
        return new Promise((end) => setTimeout(end, 3000));
      };
    } else setTimeout(resolve, 100 + random(2500));
  });
}

// What the page was told stays; and what the token says has arrived.
function requireKept(
  known: { readonly told: number; readonly numbers: ReadonlySet<number> },
  numbers: ReadonlySet<number>,
  acknowledged: number,
  to: string,
  seed: number,
): void {
  if (acknowledged < known.told && known.numbers.size > 0) {
    throw new Error(
      `seed ${seed}, ${to}: ${known.told} bytes were acknowledged, ${acknowledged} are known`,
    );
  }
  const lost = [...known.numbers].filter((number) => !numbers.has(number));
  if (lost.length > CONCURRENCY) {
    throw new Error(`seed ${seed}: parts ${lost} arrived and are not known`);
  }
  const made = [...numbers].filter((number) => !known.numbers.has(number));
  if (made.length > 0 && known.numbers.size > 0) {
    throw new Error(`seed ${seed}: parts ${made} are known and never arrived`);
  }
}

function requireOnce(
  sent: readonly number[],
  numbers: ReadonlySet<number>,
  seed: number,
): void {
  const again = sent.filter((number) => numbers.has(number));
  if (again.length > 0) {
    throw new Error(
      `seed ${seed}: parts ${again} were acknowledged and sent again`,
    );
  }
}

async function digestOf(
  blocks: readonly Uint8Array<ArrayBuffer>[],
): Promise<string> {
  const bytes = await new Blob([...blocks]).arrayBuffer();
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return toHex(new Uint8Array(hash));
}
