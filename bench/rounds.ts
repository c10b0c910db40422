/**
 * Pure of what is measured: interleaved rounds, so that a noisy machine slows every
 * side of a ratio alike.
 *
 * @module
 */

/** One side of a comparison: does the work of one round. */
export type Round = () => Promise<void>;

/** A ratio over the rounds. */
export interface Ratio {
  /** The middle one. */
  readonly median: number;
  /** The smallest one. */
  readonly min: number;
  /** The largest one. */
  readonly max: number;
}

/** Returns the time of each side in each round, in milliseconds; the order alternates. */
export async function interleave(
  sides: Readonly<Record<string, Round>>,
  rounds: number,
): Promise<Map<string, number[]>> {
  const times = new Map(
    Object.keys(sides).map((name) => [name, [] as number[]]),
  );
  const order = Object.entries(sides);
  for (const [, run] of order) await run();
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of round % 2 === 0 ? order : order.toReversed()) {
      collectGarbage();
      const start = performance.now();
      await run();
      times.get(name)?.push(performance.now() - start);
    }
  }
  return times;
}

/** Returns the ratio of two sides, round by round. */
export function ratio(of: readonly number[], to: readonly number[]): Ratio {
  const ratios = of.map((time, i) => time / (to[i] ?? NaN))
    .sort((a, b) => a - b);
  return {
    median: median(ratios),
    min: ratios[0] ?? NaN,
    max: ratios.at(-1) ?? NaN,
  };
}

/** Returns the middle value. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** Returns a ratio as text: median, then the range. */
export function show({ median, min, max }: Ratio): string {
  return `${median.toFixed(2)}x (${min.toFixed(2)}..${max.toFixed(2)})`;
}

const { gc } = globalThis as { gc?: () => void };

/** Whether the runtime was started with `--v8-flags=--expose-gc`. */
export const canCollect = gc !== undefined;

/** Collects garbage, where that can be asked for. */
export function collectGarbage(): void {
  gc?.();
}
