/**
 * Races of two that share a cache: a read that began before the other one's change, and
 * whose answer arrives after it.
 *
 * @module
 */
import { seeded } from "../seeded.ts";
import { expected, type Job, KINDS } from "./side.ts";

/** Hands a job to a side. */
export type Ask = (job: Job) => Promise<string>;

/** What came of the races. */
export interface Races {
  /** How many there were. */
  readonly count: number;
  /** How many of them had to bring an old answer. */
  readonly least: number;
  /** How many reads brought an old answer after the change had ended. */
  readonly late: number;
  /** What was older than a change that had ended. */
  readonly stale: readonly string[];
}

/** How many races there are, how long an answer may take, and how many run at once. */
export interface RaceOptions {
  /** So many, and on a busy machine, where many are none, up to {@linkcode MOST} times that. */
  readonly count: number;
  /** @default {a fifth of them} */
  readonly least?: number;
  readonly seed: number;
  readonly delay: number;
  readonly lanes: number;
}

/** How many more there may be. */
const MOST = 6;

/** Runs races: the one side reads, the other one changes, both look. */
export async function runRaces(
  reader: Ask,
  writer: Ask,
  { count, least = count / 5, seed, delay, lanes }: RaceOptions,
): Promise<Races> {
  const random = seeded(seed);
  const stale: string[] = [];
  let late = 0;
  // What a change took lately: an answer that is to arrive behind it takes longer.
  let took = 0;
  const race = async (index: number) => {
    const kind = KINDS[index % KINDS.length] ?? "write";
    const at = { kind, index };
    await writer({ act: "seed", ...at });
    let arrived = false;
    const lasting = delay + random(delay) + took;
    const slow = reader({ act: "read", ...at, delay: lasting })
      .then((seen) => {
        arrived = true;
        return seen;
      });
    // From before the store is asked, to when its answer has almost arrived.
    await new Promise((resolve) => setTimeout(resolve, random(delay)));
    const start = performance.now();
    await writer({ act: "change", ...at });
    took = (took + performance.now() - start) / 2;
    const during = !arrived;
    const look = async (when: string) => {
      for (const [name, side] of Object.entries({ reader, writer })) {
        const seen = await side({ act: "read", ...at });
        if (seen !== expected(kind)) {
          stale.push(`${index} ${kind}, ${name} ${when}: ${seen}`);
        }
      }
    };
    // While the slow answer may still be on its way, and when it has arrived.
    await look("at once");
    const seen = await slow;
    if (during && seen !== expected(kind)) late++;
    await look("behind it");
  };
  let begun = 0;
  const isDone = () =>
    begun >= count && (late >= least || begun >= MOST * count);
  const queue = function* () {
    while (!isDone()) yield begun++;
  }();
  const lane = async () => {
    for (const index of queue) await race(index);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { count: begun, least, late, stale };
}

/** Throws where something was older than it may be, or too few races were races. */
export function judge({ count, least, late, stale }: Races): void {
  if (stale.length > 0) {
    throw new Error(`${stale.length} stale: ${stale.slice(0, 5).join("; ")}`);
  }
  if (late < least) throw new Error(`only ${late} of ${count} were races`);
}
