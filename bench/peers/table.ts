/**
 * Pure: rows of figures, as they are printed and as a run leaves them in a file.
 *
 * @module
 */
import { printTable } from "../../tools/docs/markdown.ts";

/** A table: the first column names the rows. */
export interface Table {
  /** What it is about. */
  readonly title: string;
  /** The names of the columns behind the first. */
  readonly columns: readonly string[];
  /** The cells of each row, by its name. */
  readonly rows: Readonly<Record<string, readonly (string | number | null)[]>>;
}

/** What a run has measured, on what. */
export interface Results {
  /** The day, as ISO 8601 has it. */
  readonly date: string;
  /** The runtime and its version. */
  readonly runtime: string;
  /** How many cores the machine has. */
  readonly cores: number;
  /** The processor's name. */
  readonly processor: string;
  /** The checkout beside it; absent where it was not written down, or there was none. */
  readonly base?: string;
  /** The versions of what was measured beside it. */
  readonly versions: Readonly<Record<string, string>>;
  /** The figures. */
  readonly tables: readonly Table[];
}

/** Where a run of all rows leaves them, from the root of the repository, by the runtime. */
export const RESULTS_FILES = {
  deno: "bench/peers/results.json",
  node: "bench/peers/results-node.json",
  bun: "bench/peers/results-bun.json",
} as const;

/** Returns a table as Markdown, with its title; `where` tells it from the same of others. */
export function toMarkdown(
  { title, columns, rows }: Table,
  where = "",
): string {
  const printed = printTable(
    ["", ...columns],
    Object.entries(rows).map(([name, cells]) => [name, ...cells.map(cell)]),
    true,
  );
  return `### ${where}${title}\n\n${printed}`;
}

function cell(value: string | number | null): string {
  if (value === null || value !== value) return "";
  return typeof value === "string" ? value : round(value);
}

/** Returns a number with as many digits as say something. */
export function round(value: number): string {
  return value >= 100
    ? value.toFixed(0)
    : value >= 10
    ? value.toFixed(1)
    : value.toFixed(2);
}

/** Returns what a run has measured as the text of its file, figures with four digits. */
export function toFile(results: Results): string {
  const brief = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value;
  return `${JSON.stringify(results, brief, 2)}\n`;
}
