/**
 * Pure: what the last run of `deno task bench:growth` has measured.
 *
 * @module
 */
import { type Growth, GROWTH_FILE } from "../../bench/growth_results.ts";
import { printTable, wrap } from "./markdown.ts";
import type { Files } from "./repository.ts";

/** On what it was measured, and what a file costs among more and more of them. */
export function growthPart(files: Files): string {
  const text = files.get(GROWTH_FILE);
  if (text === undefined) {
    throw new Error(`Cannot print the figures: there is no ${GROWTH_FILE}`);
  }
  const { date, runtime, cores, columns, rows }: Growth = JSON.parse(text);
  const table = printTable(
    ["microseconds a file", ...columns],
    Object.entries(rows).map(([name, figures]) => [
      name,
      ...figures.slice(0, -1).map(brief),
      figures.at(-1)?.toFixed(1) ?? "",
    ]),
    true,
  );
  const when = wrap(
    `Measured on ${date} in ${runtime}, with ${cores} cores, in processor time:`,
  );
  return `${when}\n\n${table}`;
}

function brief(value: number): string {
  return value.toFixed(value < 1 ? 2 : 1);
}
