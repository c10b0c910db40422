/**
 * Cases that take turns, each time in a process of its own.
 *
 * @module
 */
import { median } from "../rounds.ts";

/** What one run of a case has measured. */
export type Figures = Readonly<Record<string, number>>;

/** Runs the cases in turn; medians of each figure. */
export async function rounds(
  cases: readonly (readonly [name: string, run: () => Promise<Figures>])[],
  times = 3,
): Promise<Record<string, Figures>> {
  const all = new Map(cases.map(([name]) => [name, [] as Figures[]]));
  for (let round = 0; round < times; round++) {
    for (const [name, run] of cases) all.get(name)?.push(await run());
  }
  return Object.fromEntries(
    [...all].map(([name, runs]) => [
      name,
      Object.fromEntries(
        Object.keys(runs[0] ?? {}).map((figure) => [
          figure,
          median(runs.map((run) => run[figure] ?? NaN)),
        ]),
      ),
    ]),
  );
}
