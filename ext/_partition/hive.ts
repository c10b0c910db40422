// This module is browser compatible.
import {
  entriesOf,
  pathOf,
  refused,
  segmentsOf,
  splitColumn,
  twice,
} from "./parts.ts";

/** The value of a column: what Hive, Spark and DuckDB read from the text of a path. */
export type HiveValue = string | number | bigint | boolean | Date | null;

/** Columns and their values, in order; pairs where an object would reorder them. */
export type HivePartitions =
  | Readonly<Record<string, HiveValue>>
  | Iterable<readonly [column: string, value: HiveValue]>;

/** What {@linkcode parseHivePath} found. Frozen. */
export interface ParsedHivePath {
  /** The path before the first column; empty where it starts with one. */
  readonly folder: string;
  /** The columns in the order of the path; the caller's own copy. */
  readonly partitions: Map<string, string | null>;
  /** What else follows the first column: the file's name, as a rule. */
  readonly filename: string;
}

/** What Hive writes in the place of null. */
const NULL = "__HIVE_DEFAULT_PARTITION__";

/**
 * Returns the path of a file in a partition, with columns and values percent-encoded as
 * UTF-8 but for letters, digits and `-._~`, as DuckDB does it. A `Date` is written in UTC:
 * `2026-03-01` at midnight, else with the time. Null is `__HIVE_DEFAULT_PARTITION__`; a text
 * that would be read as null (that one, and `null` by DuckDB) has its first letter encoded.
 *
 * @example Values that no plain path can hold
 * ```ts
 * import { hivePath } from "@remote-store/core/ext/partition";
 * import { assertEquals } from "@std/assert";
 *
 * const path = hivePath("a.parquet", {
 *   city: "Zürich/West",
 *   day: new Date(Date.UTC(2026, 2, 1)),
 *   owner: null,
 * });
 * assertEquals(
 *   path,
 *   "city=Z%C3%BCrich%2FWest/day=2026-03-01/owner=__HIVE_DEFAULT_PARTITION__/a.parquet",
 * );
 * ```
 *
 * @throws {InvalidArgumentError} If a column is empty or stands twice, or a value is no
 * finite number, no valid date, or a text with a lone surrogate.
 * @throws {InvalidPathError} If the filename makes no path.
 */
export function hivePath(
  filename: string,
  partitions: HivePartitions = {},
): string {
  const seen = new Set<string>();
  const segments: string[] = [];
  for (const [column, value] of entriesOf(partitions)) {
    if (typeof column !== "string" || column === "") {
      throw refused("column", column, "a text is needed");
    }
    if (seen.has(column)) throw twice(column);
    seen.add(column);
    const what = `value of ${JSON.stringify(column)}`;
    const text = value === null ? NULL : encodeValue(what, value);
    segments.push(`${encode("column", column)}=${text}`);
  }
  return pathOf(segments, filename);
}

/**
 * Returns the columns of a path, decoded, wherever its folders have some, with null for
 * `__HIVE_DEFAULT_PARTITION__`. What is no percent-encoding of UTF-8 stays as it is. A
 * segment is a column if it has exactly one `=` and something before it; the last segment
 * is the file's name and never one.
 *
 * @example What DuckDB has written
 * ```ts
 * import { parseHivePath } from "@remote-store/core/ext/partition";
 * import { assertEquals } from "@std/assert";
 *
 * const { folder, partitions, filename } = parseHivePath(
 *   "sales/year=2026/city=Z%C3%BCrich%2FWest/data_0.parquet",
 * );
 * assertEquals([folder, filename], ["sales", "data_0.parquet"]);
 * assertEquals([...partitions], [["year", "2026"], ["city", "Zürich/West"]]);
 * ```
 *
 * @throws {InvalidArgumentError} If the path is empty, or a column stands twice.
 * @throws {InvalidPathError} If the path is none.
 */
export function parseHivePath(path: string): ParsedHivePath {
  const segments = segmentsOf(path);
  const name = segments.pop() as string;
  const partitions = new Map<string, string | null>();
  const before: string[] = [];
  const behind: string[] = [];
  for (const segment of segments) {
    const found = splitColumn(segment);
    if (found === null) {
      (partitions.size === 0 ? before : behind).push(segment);
      continue;
    }
    const column = decode(found[0]);
    if (partitions.has(column)) throw twice(column);
    partitions.set(column, found[1] === NULL ? null : decode(found[1]));
  }
  return Object.freeze({
    folder: before.join("/"),
    partitions,
    filename: [...behind, name].join("/"),
  });
}

function encodeValue(what: string, value: Exclude<HiveValue, null>): string {
  const text = textOf(what, value);
  const encoded = encode(what, text);
  // Told apart before they are decoded.
  const reads = typeof value === "string" &&
    (text === NULL || text.toLowerCase() === "null");
  return reads ? `%${hex(text.charCodeAt(0))}${encoded.slice(1)}` : encoded;
}

function textOf(what: string, value: Exclude<HiveValue, null>): string {
  switch (typeof value) {
    case "string":
      return value;
    case "bigint":
    case "boolean":
      return String(value);
    case "number":
      if (Number.isFinite(value)) return String(value);
      throw refused(what, value, "a finite number is needed");
  }
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) {
    throw refused(
      what,
      value,
      "a text, number, boolean, date or null is needed",
    );
  }
  const text = value.toISOString();
  const [day = "", time = ""] = text.split("T");
  return time === "00:00:00.000Z" ? day : `${day} ${time.slice(0, -1)}`;
}

function encode(what: string, text: string): string {
  if (/\p{Surrogate}/u.test(text)) {
    throw refused(what, text, "it holds a lone surrogate");
  }
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${hex(char.charCodeAt(0))}`,
  );
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(2, "0");
}

function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}
