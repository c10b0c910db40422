/**
 * Pure: who sends what to whom, from the top to the bottom.
 *
 * @module
 */
import { arrow, box, LINE, picture, rule, words, wrapped } from "./drawing.ts";

/** A step of a flow. */
export type Step =
  /** Somebody asks somebody. */
  | { readonly from: string; readonly to: string; readonly says: string }
  /** Somebody answers. */
  | { readonly from: string; readonly to: string; readonly answers: string }
  /** Somebody does something without the others. */
  | { readonly at: string; readonly does: string };

/** A flow. */
export interface Flow {
  /** What happens. */
  readonly title: string;
  /** Who takes part, from left to right. */
  readonly actors: readonly string[];
  /** What happens in turn. */
  readonly steps: readonly Step[];
}

const COLUMN = 190;
const MARGIN = 92;
const HEAD = 54;
const GAP = 16;

/** Draws a flow. */
export function drawFlow({ title, actors, steps }: Flow): string {
  const place = (actor: string) => {
    const at = actors.indexOf(actor);
    if (at < 0) throw new Error(`"${title}" has no "${actor}"`);
    return MARGIN + at * COLUMN;
  };
  const shapes: string[] = [];
  let y = HEAD + GAP;
  for (const step of steps) {
    if ("does" in step) {
      const x = place(step.at);
      const lines = wrapped(step.does, COLUMN - 24);
      const height = lines.length * LINE + 12;
      shapes.push(
        box({
          x: x - COLUMN / 2 + 8,
          y,
          width: COLUMN - 16,
          height,
          fill: "note",
        }),
        words({ x, y: y + LINE + 1, lines }),
      );
      y += height + GAP;
      continue;
    }
    const [from, to] = [place(step.from), place(step.to)];
    const isAnswer = "answers" in step;
    const lines = wrapped(
      isAnswer ? step.answers : step.says,
      Math.abs(to - from) - 24,
    );
    y += LINE;
    shapes.push(words({ x: (from + to) / 2, y: y - 4, lines }));
    y += (lines.length - 1) * LINE + 4;
    const inward = to > from ? -3 : 3;
    shapes.push(arrow([from, y], [to + inward, y], isAnswer));
    y += GAP;
  }
  const rules = actors.map((actor) =>
    rule([place(actor), HEAD - 10], [place(actor), y])
  );
  const heads = actors.flatMap((actor) => [
    box({
      x: place(actor) - 84,
      y: 8,
      width: 168,
      height: 34,
      fill: "tinted",
    }),
    words({ x: place(actor), y: 30, lines: [actor], bold: true }),
  ]);
  const width = 2 * MARGIN + (actors.length - 1) * COLUMN;
  return picture(title, width, y + 8, [...rules, ...heads, ...shapes]);
}
