/**
 * Pure: tables as `deno fmt` aligns them, and the parts of a page that lie between
 * markers.
 *
 * @module
 */

/**
 * Prints a table whose columns are as wide as their widest cell.
 *
 * @param figures Whether all behind the first column are figures, which stand to the right.
 */
export function printTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  figures = false,
): string {
  const escaped = [head, ...rows].map((row) =>
    row.map((cell) => cell.replaceAll("|", "\\|"))
  );
  const isFigure = (column: number) => figures && column > 0;
  const widths = head.map((_, i) =>
    Math.max(
      isFigure(i) ? 3 : 0,
      ...escaped.map((row) => [...row[i] ?? ""].length),
    )
  );
  const line = (row: readonly string[]) =>
    `| ${
      widths.map((width, i) => {
        const cell = row[i] ?? "";
        const space = " ".repeat(width - [...cell].length);
        return isFigure(i) ? space + cell : cell + space;
      }).join(" | ")
    } |`;
  const rule = (width: number, column: number) =>
    isFigure(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width);
  return [
    line(escaped[0]!),
    `| ${widths.map(rule).join(" | ")} |`,
    ...escaped.slice(1).map(line),
  ].join("\n");
}

/** Breaks a text into lines as `deno fmt` does, those behind the first with an indentation. */
export function wrap(text: string, indentation = ""): string {
  const [first = "", ...words] = text.split(" ");
  const lines = [first];
  for (const word of words) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length + 1 <= 80) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(indentation + word);
  }
  return lines.join("\n");
}

/** A part of a page that is written by `deno task docs`. */
export interface Region {
  /** What it is made by. */
  readonly name: string;
  /** What stands between the markers. */
  readonly text: string;
}

const REGIONS_REGEXP =
  /<!-- generated: ([\w-]+) -->\n([^]*?)<!-- end of ([\w-]+) -->/g;

/** Finds the generated parts of a page. */
export function regionsOf(page: string): Region[] {
  return [...page.matchAll(REGIONS_REGEXP)].map(([, name = "", text = ""]) => ({
    name,
    text: text.trim(),
  }));
}

/** Replaces what stands between the markers; a name that is not known stays as it is. */
export function fillRegions(
  page: string,
  made: ReadonlyMap<string, string>,
): string {
  return page.replaceAll(REGIONS_REGEXP, (whole, name: string) => {
    const text = made.get(name);
    return text === undefined
      ? whole
      : `<!-- generated: ${name} -->\n\n${text}\n\n<!-- end of ${name} -->`;
  });
}

/** Returns a page without what is generated in it. */
export function withoutRegions(page: string): string {
  return page.replaceAll(
    REGIONS_REGEXP,
    (whole) => whole.replaceAll(/[^\n]/g, " "),
  );
}
