/**
 * Pure: what stands on what.
 *
 * @module
 */
import { arrow, box, picture, words } from "./drawing.ts";

const WIDTH = 780;

/** A row of the picture: boxes side by side, with a name at their left. */
interface Row {
  readonly name: string;
  readonly cells: readonly string[];
  readonly note: string;
}

const ROWS: readonly Row[] = [
  {
    name: "Yours",
    cells: ["Your code: one API, wherever the files are"],
    note: "the same in Deno, Node, Bun, Workers and pages",
  },
  {
    name: "ext/",
    cells: ["observe", "cache", "sync", "transfer", "write", "sign"],
    note: "each an entry of its own; over the public API only",
  },
  {
    name: "core/",
    cells: ["Store: paths, options, conditions, errors, results, streams"],
    note: "each rule of the contract, once",
  },
  {
    name: "Backend",
    cells: ["stat, read, write, delete, list, and a few more"],
    note: "few calls over keys: the wire, and no rule",
  },
  {
    name: "backends/",
    cells: ["Memory", "IndexedDB", "S3", "Azure", "R2", "HTTP", "Yours"],
    note: "fetch, IndexedDB or a binding; no SDK",
  },
];

/** Draws the layers of the library. */
export function drawArchitecture(): string {
  const shapes: string[] = [];
  let y = 12;
  for (const [i, { name, cells, note }] of ROWS.entries()) {
    const height = 76;
    shapes.push(
      words({ x: 14, y: y + 30, lines: [name], fromLeft: true, bold: true }),
    );
    const width = (WIDTH - 120 - 8 * (cells.length - 1)) / cells.length;
    for (const [at, cell] of cells.entries()) {
      const x = 110 + at * (width + 8);
      shapes.push(
        box({
          x,
          y: y + 6,
          width,
          height: 38,
          fill: i === 2 ? "tinted" : "plain",
        }),
        words({ x: x + width / 2, y: y + 30, lines: [cell] }),
      );
    }
    shapes.push(words({ x: 110, y: y + 64, lines: [note], fromLeft: true }));
    y += height;
    if (i < ROWS.length - 1) {
      shapes.push(arrow([WIDTH - 30, y - 30], [WIDTH - 30, y + 4]));
    }
  }
  return picture("Layers of the library", WIDTH, y + 10, shapes);
}
