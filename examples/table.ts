/**
 * Text for people: columns and counts.
 *
 * @module
 */

/** Pads the cells of each column to one width; what starts with a digit stands right. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  );
  const toRight = widths.map((_, column) =>
    /^\d/.test(rows.at(-1)?.[column] ?? "")
  );
  return rows.map((row) =>
    row.map((cell, column) =>
      toRight[column]
        ? cell.padStart(widths[column] ?? 0)
        : cell.padEnd(widths[column] ?? 0)
    ).join("  ").trimEnd()
  );
}

/** Cuts a long path at its start. */
export function shorten(path: string): string {
  return path.length > 40 ? `…${path.slice(-39)}` : path;
}

/** Returns a number with its noun. */
export function count(value: number, noun: string): string {
  return `${value.toLocaleString("en-US")} ${noun}${value === 1 ? "" : "s"}`;
}
