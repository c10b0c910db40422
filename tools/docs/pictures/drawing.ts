/**
 * Pure: shapes and words as SVG. A picture follows the reader's colors where it stands
 * alone, and those of the page that it is put into.
 *
 * @module
 */

/** The width that a letter takes on the average, by font size. */
const LETTER = 0.56;

/** The height of a line of words. */
export const LINE = 18;

/** The size of words in pixels. */
export const FONT = 14;

/** A place to put words at. */
export interface Words {
  /** Where they are: their middle, or their left end. */
  readonly x: number;
  /** The base line of the first line. */
  readonly y: number;
  /** The lines. */
  readonly lines: readonly string[];
  /** Whether `x` is the left end. */
  readonly fromLeft?: boolean;
  /** Whether they stand out. */
  readonly bold?: boolean;
}

/** Draws words. */
export function words({ x, y, lines, fromLeft, bold }: Words): string {
  const anchor = fromLeft ? "start" : "middle";
  const weight = bold ? ' font-weight="600"' : "";
  return lines.map((line, i) =>
    `<text x="${x}" y="${y + i * LINE}" text-anchor="${anchor}"${weight}>${
      escaped(line)
    }</text>`
  ).join("\n");
}

/** A rectangle. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** How it is filled. */
  readonly fill?: "plain" | "tinted" | "note";
}

/** Draws a rectangle. */
export function box({ x, y, width, height, fill = "plain" }: Box): string {
  return `<rect class="${fill}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`;
}

/** Draws an arrow from one place to another; a dashed one is an answer. */
export function arrow(
  from: readonly [x: number, y: number],
  to: readonly [x: number, y: number],
  dashed = false,
): string {
  const dashes = dashed ? ' stroke-dasharray="5 4"' : "";
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const tip = (turn: number) =>
    `${rounded(to[0] - 9 * Math.cos(angle + turn))},${
      rounded(to[1] - 9 * Math.sin(angle + turn))
    }`;
  return `<line x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${
    to[1]
  }"${dashes}/>\n<polygon points="${to[0]},${to[1]} ${tip(0.4)} ${
    tip(-0.4)
  }"/>`;
}

/** Draws a line that nothing goes along. */
export function rule(
  from: readonly [x: number, y: number],
  to: readonly [x: number, y: number],
): string {
  return `<line class="rule" x1="${from[0]}" y1="${from[1]}" x2="${
    to[0]
  }" y2="${to[1]}"/>`;
}

/** Breaks words into lines of a width in pixels. */
export function wrapped(text: string, width: number): string[] {
  const letters = Math.floor(width / (FONT * LETTER));
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= letters) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/** Puts shapes together. */
export function picture(
  title: string,
  width: number,
  height: number,
  shapes: readonly string[],
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${
    escaped(title)
  }" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="${FONT}">
<style>
svg { color: #1f2328; --tint: #ddf4ff; --note: #fff8c5; --paper: #ffffff; background: var(--paper) }
@media (prefers-color-scheme: dark) {
svg { color: #e6edf3; --tint: #12304d; --note: #3b3413; --paper: #0d1117 }
}
text, polygon { fill: currentColor }
line { stroke: currentColor; stroke-width: 1.5 }
.rule { stroke-width: 1; opacity: 0.4 }
rect { stroke: currentColor; stroke-width: 1 }
.plain { fill: var(--paper) }
.tinted { fill: var(--tint) }
.note { fill: var(--note) }
</style>
${shapes.join("\n")}
</svg>
`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Words as they stand in markup. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
