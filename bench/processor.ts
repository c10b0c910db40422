/**
 * Rounds counted in processor time instead of time on the clock: what else the machine
 * does costs no side anything. For work that one thread does alone.
 *
 * @module
 */
import type { Round } from "./rounds.ts";

interface Process {
  cpuUsage?(): { readonly user: number; readonly system: number };
}

/** Returns the microseconds of each side in each round; `null` where the runtime does not tell. */
export async function interleaveProcessor(
  sides: Readonly<Record<string, Round>>,
  rounds: number,
): Promise<Map<string, number[]> | null> {
  const { process } = globalThis as unknown as { process?: Process };
  if (process?.cpuUsage === undefined) return null;
  const used = () => {
    const { user, system } = process.cpuUsage!();
    return user + system;
  };
  const order = Object.entries(sides);
  const times = new Map(order.map(([name]) => [name, [] as number[]]));
  // No garbage is collected by hand in between: it throws away what the engine has
  // compiled, and a round would measure the warming up.
  for (const [, run] of [...order, ...order]) await run();
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of round % 2 === 0 ? order : order.toReversed()) {
      const start = used();
      await run();
      times.get(name)?.push(used() - start);
    }
  }
  return times;
}
