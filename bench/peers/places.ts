/**
 * Pure: rows of sides that share a process.
 *
 * @module
 */

/** What a call costs, by the side's name, of each job. */
type Costs = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * Runs a row; where the second side is another checkout of the first, once more with the two
 * in each other's place, and returns the geometric means. Who comes first in a process pays
 * up to a tenth more than the same code behind it, which looks like a regression.
 */
export async function inEachPlace(
  sides: readonly string[],
  run: (sides: readonly string[]) => Promise<Costs>,
): Promise<Costs> {
  const first = await run(sides);
  const [ours = "", other = "", ...rest] = sides;
  if (!other.startsWith("base")) return first;
  const second = await run([other, ours, ...rest]);
  return Object.fromEntries(
    Object.entries(first).map(([job, costs]) => [
      job,
      Object.fromEntries(
        Object.entries(costs).map(([name, cost]) => [
          name,
          Math.sqrt(cost * (second[job]?.[name] ?? NaN)),
        ]),
      ),
    ]),
  );
}
