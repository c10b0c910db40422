/**
 * Pure: rows of figures as Markdown, and where they go in a page.
 *
 * @module
 */

/** A table: the first column names the rows. */
export interface Table {
  /** What it is about. */
  readonly title: string;
  /** The names of the columns behind the first. */
  readonly columns: readonly string[];
  /** The cells of each row, by its name. */
  readonly rows: Readonly<Record<string, readonly (string | number | null)[]>>;
}

/** Returns a table as Markdown. */
export function toMarkdown({ title, columns, rows }: Table): string {
  const lines = [
    `### ${title}`,
    "",
    `| | ${columns.join(" | ")} |`,
    `| --- |${" ---: |".repeat(columns.length)}`,
    ...Object.entries(rows).map(([name, cells]) =>
      `| ${name} | ${cells.map(cell).join(" | ")} |`
    ),
  ];
  return lines.join("\n");
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

/** The comment in front of what is written by a task. */
const BEGIN = "<!-- measured -->";
/** The comment behind it. */
const END = "<!-- /measured -->";

/** Returns a page with its measured part replaced. */
export function replaceMeasured(page: string, text: string): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) {
    throw new Error(`Cannot write the figures: the page has no ${BEGIN}`);
  }
  return `${page.slice(0, from + BEGIN.length)}\n\n${text}\n\n${
    page.slice(to)
  }`;
}
