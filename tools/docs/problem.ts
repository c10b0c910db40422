/**
 * What is wrong with a page, and where.
 *
 * @module
 */

/** A mistake in a page or a comment. */
export interface Problem {
  /** The rule that it breaks, `DOC-002`. */
  readonly rule: string;
  /** The file. */
  readonly path: string;
  /** The line, from 1. */
  readonly line: number;
  /** What is wrong. */
  readonly message: string;
}

/** Returns the line of a position in a text, from 1. */
export function lineOf(text: string, index: number): number {
  return text.slice(0, Math.max(index, 0)).split("\n").length;
}
