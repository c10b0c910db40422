// This module is browser compatible.
import { InvalidArgumentError, normalizePath } from "../../mod.ts";

/** Returns columns and values as pairs. */
export function entriesOf<V>(
  partitions: Readonly<Record<string, V>> | Iterable<readonly [string, V]>,
): Iterable<readonly [string, V]> {
  if (typeof partitions !== "object" || partitions === null) {
    throw refused("columns", partitions, "an object or pairs are needed");
  }
  return Symbol.iterator in partitions
    ? partitions as Iterable<readonly [string, V]>
    : Object.entries(partitions);
}

/** Returns the path of columns and a file's name; refuses what is none. */
export function pathOf(segments: readonly string[], filename: string): string {
  if (typeof filename !== "string" || filename === "") {
    throw refused("filename", filename, "a text is needed");
  }
  if (filename.includes("/")) {
    throw refused("filename", filename, "it holds a slash");
  }
  if (splitColumn(filename) !== null) {
    throw refused("filename", filename, "it reads as a column");
  }
  const path = [...segments, filename].join("/");
  if (normalizePath(path) === path) return path;
  throw refused("path", path, "it is not canonical");
}

/** Returns the segments of a path. */
export function segmentsOf(path: string): string[] {
  if (path === "") throw refused("path", path, "a text is needed");
  return normalizePath(path).split("/");
}

/** Returns column and value of a segment; `null` where it is no column. */
export function splitColumn(segment: string): [string, string] | null {
  const equals = segment.indexOf("=");
  if (equals < 1 || segment.includes("=", equals + 1)) return null;
  return [segment.slice(0, equals), segment.slice(equals + 1)];
}

/** Returns the error for a column that comes again. */
export function twice(column: string): InvalidArgumentError {
  return refused("column", column, "it stands twice");
}

/** Returns the error for a part that cannot be. */
export function refused(
  what: string,
  value: unknown,
  why: string,
): InvalidArgumentError {
  const shown = typeof value === "string"
    ? JSON.stringify(value)
    : String(value);
  return new InvalidArgumentError(
    `Cannot use the ${what} ${shown} of a partition: ${why}`,
  );
}
