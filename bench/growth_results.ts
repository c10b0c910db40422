/**
 * Pure: what a run of `deno task bench:growth` leaves in a file.
 *
 * @module
 */

/** What a run of all rows has measured, on what. */
export interface Growth {
  /** The day, as ISO 8601 has it. */
  readonly date: string;
  /** The runtime and its version. */
  readonly runtime: string;
  /** How many cores the machine has. */
  readonly cores: number;
  /** What the figures of a row are: a file's microseconds by how many there are, and the last to the first. */
  readonly columns: readonly string[];
  /** The figures of each row, by its name. */
  readonly rows: Readonly<Record<string, readonly number[]>>;
}

/** Where they are left, from the root of the repository. */
export const GROWTH_FILE = "bench/growth.json";

/** Returns the text of the file, figures with three digits. */
export function toGrowthFile(growth: Growth): string {
  const brief = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(3)) : value;
  return `${JSON.stringify(growth, brief, 2)}\n`;
}
