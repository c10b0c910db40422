/**
 * Pure: what the last run of `deno task bench:peers` has measured.
 *
 * @module
 */
import {
  type Results,
  RESULTS_FILES,
  round,
  toMarkdown,
} from "../../bench/peers/table.ts";
import { wrap } from "./markdown.ts";
import type { Files } from "./repository.ts";

/** On what it was measured, and a table for each row of the run. */
export function peersPart(files: Files): string {
  return part(files, RESULTS_FILES.deno, () => "");
}

/** The same of Node and Bun, as far as it was measured. */
export function otherPeersPart(files: Files): string {
  const where = ({ runtime }: Results) => `${runtime}: `;
  return [RESULTS_FILES.node, RESULTS_FILES.bun]
    .filter((file) => files.has(file))
    .map((file) => part(files, file, where)).join("\n\n");
}

function part(
  files: Files,
  file: string,
  where: (results: Results) => string,
): string {
  const text = files.get(file);
  if (text === undefined) {
    throw new Error(`Cannot print the figures: there is no ${file}`);
  }
  const results: Results = JSON.parse(text);
  const tables = results.tables.map((table) =>
    toMarkdown(table, where(results))
  );
  return [wrap(introduction(results)), ...tables].join("\n\n");
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
