/**
 * Pure: what the last run of `deno task bench:peers` has measured.
 *
 * @module
 */
import {
  type Results,
  RESULTS_FILE,
  round,
  toMarkdown,
} from "../../bench/peers/table.ts";
import { wrap } from "./markdown.ts";
import type { Files } from "./repository.ts";

/** On what it was measured, and a table for each row of the run. */
export function peersPart(files: Files): string {
  const text = files.get(RESULTS_FILE);
  if (text === undefined) {
    throw new Error(`Cannot print the figures: there is no ${RESULTS_FILE}`);
  }
  const results: Results = JSON.parse(text);
  return [wrap(introduction(results)), ...results.tables.map(toMarkdown)]
    .join("\n\n");
}

function introduction(
  { date, runtime, cores, processor, base, versions, tables }: Results,
): string {
  const beside = Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`).join(", ");
  const isBeside = tables.some(({ rows }) => "base" in rows);
  const told = isBeside
    ? ` \`base\` is ${base ?? "an earlier checkout of this library"}.`
    : "";
  return `Measured on ${date} in ${runtime}, with ${cores} cores of ${processor}, on loopback; the server is another process. Beside: ${beside}.${told} ${
    round(1)
  } is even; above it this library is faster, or the other one costs more.`;
}
