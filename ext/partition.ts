/**
 * Paths that name their columns, as Hive, Spark and DuckDB lay out data:
 * `year=2026/month=03/data.parquet`.
 *
 * Texts in, texts out; no store is asked. `partitionPath` and `parsePartition` write and
 * read parts as they are; `hivePath` and `parseHivePath` encode them as those tools do, so
 * that any text can be a value, and null.
 *
 * ```ts
 * import { parsePartition, partitionPath } from "@remote-store/core/ext/partition";
 * import { assertEquals } from "@std/assert";
 *
 * const path = partitionPath("data.parquet", { year: 2026, month: "03" });
 * assertEquals(path, "year=2026/month=03/data.parquet");
 *
 * const { partitions, filename } = parsePartition(path);
 * assertEquals([...partitions], [["year", "2026"], ["month", "03"]]);
 * assertEquals(filename, "data.parquet");
 * ```
 *
 * @module
 */
import {
  entriesOf,
  pathOf,
  refused,
  segmentsOf,
  splitColumn,
  twice,
} from "./_partition/parts.ts";

export {
  type HivePartitions,
  hivePath,
  type HiveValue,
  type ParsedHivePath,
  parseHivePath,
} from "./_partition/hive.ts";

/** The value of a column: a text, or an integer. */
export type PartitionValue = string | number | bigint;

/**
 * Columns and their values, in order. An object's keys that look like integers come
 * first whatever the order they were written in; give pairs where that matters.
 */
export type Partitions =
  | Readonly<Record<string, PartitionValue>>
  | Iterable<readonly [column: string, value: PartitionValue]>;

/** What {@linkcode parsePartition} found. Frozen. */
export interface ParsedPartition {
  /** The columns in the order of the path; the caller's own copy. */
  readonly partitions: Map<string, string>;
  /** The rest of the path; empty where the path consists of columns only. */
  readonly filename: string;
}

/**
 * Returns the path of a file in a partition. Nothing is escaped or padded: what
 * {@linkcode parsePartition} could not give back as it was is refused.
 *
 * @example Keep an order
 * ```ts
 * import { partitionPath } from "@remote-store/core/ext/partition";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(partitionPath("a.csv", [["b", 1], ["7", 2]]), "b=1/7=2/a.csv");
 * ```
 *
 * @throws {InvalidArgumentError} If a part is empty, is no text or integer, holds
 * `=` or `/` where that would change the parts, or a column stands twice.
 * @throws {InvalidPathError} If the parts make no path.
 */
export function partitionPath(
  filename: string,
  partitions: Partitions = {},
): string {
  const seen = new Set<string>();
  const segments: string[] = [];
  for (const [column, value] of entriesOf(partitions)) {
    const text = textOf(column, value);
    requirePart("column", column);
    requirePart(`value of ${JSON.stringify(column)}`, text);
    if (seen.has(column)) throw twice(column);
    seen.add(column);
    segments.push(`${column}=${text}`);
  }
  return pathOf(segments, filename);
}

/**
 * Returns the columns that a path starts with, and the rest. A segment is a column
 * if it has exactly one `=` and something before it.
 *
 * @example Read columns
 * ```ts
 * import { parsePartition } from "@remote-store/core/ext/partition";
 * import { assertEquals } from "@std/assert";
 *
 * const { partitions, filename } = parsePartition("year=2026/raw/month=03");
 * assertEquals(partitions.get("year"), "2026");
 * assertEquals(filename, "raw/month=03");
 * ```
 *
 * @throws {InvalidArgumentError} If the path is empty, or a column stands twice.
 * @throws {InvalidPathError} If the path is none.
 */
export function parsePartition(path: string): ParsedPartition {
  const segments = segmentsOf(path);
  const partitions = new Map<string, string>();
  let at = 0;
  for (; at < segments.length; at++) {
    const column = splitColumn(segments[at] ?? "");
    if (column === null) break;
    if (partitions.has(column[0])) throw twice(column[0]);
    partitions.set(...column);
  }
  return Object.freeze({
    partitions,
    filename: segments.slice(at).join("/"),
  });
}

function textOf(column: string, value: PartitionValue): string {
  // Beyond the safe integers a number's text is not what was written.
  const exact = typeof value === "string" || typeof value === "bigint" ||
    Number.isSafeInteger(value);
  if (exact) return String(value);
  throw refused(
    `value of ${JSON.stringify(column)}`,
    value,
    "a text or an integer is needed",
  );
}

function requirePart(what: string, text: unknown): void {
  if (typeof text !== "string" || text === "") {
    throw refused(what, text, "a text is needed");
  }
  if (text.includes("=")) throw refused(what, text, 'it holds a "="');
  if (text.includes("/")) throw refused(what, text, "it holds a slash");
}
