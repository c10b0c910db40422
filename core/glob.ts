// This module is browser compatible.
import { refuse } from "./errors.ts";
import { flawOf, refused } from "./path.ts";

/** A compiled pattern. */
export interface Glob {
  /** Returns whether a whole path matches; case counts. */
  matches(path: string): boolean;
  /** The literal start that every match shares, up to the first wildcard. */
  readonly prefix: string;
  /** Whether matches lie in one folder only, so that a shallow listing finds all. */
  readonly shallow: boolean;
}

/**
 * One step of a pattern, over the characters of a name or over the names of a path: what
 * it stands for as text, a test, or `null` for any run of them.
 */
type Step = string | ((item: string) => boolean) | null;

/**
 * Compiles a shell pattern over whole paths: `*` any run without a slash, `?` one
 * character but a slash, `[abc]`, `[a-z]`, `[!abc]` one character of a class, `**`
 * as a segment any number of segments, none included. The rest is literal, an
 * unclosed `[` too. Matching takes time in proportion to pattern times path.
 *
 * @example Match paths
 * ```ts
 * import { compileGlob } from "@remote-store/core";
 * import { assert } from "@std/assert";
 *
 * const glob = compileGlob("reports/**\/*.csv");
 * assert(glob.matches("reports/q3.csv"));
 * assert(glob.matches("reports/2026/q3.csv"));
 * assert(!glob.matches("reports/q3.txt"));
 * ```
 *
 * @param backend The name that an error carries.
 * @throws {InvalidArgumentError} If the pattern is no text or empty, or has `**` beside other characters.
 * @throws {InvalidPathError} If it has a `..` segment, a NUL or a lone surrogate, as no path has.
 */
export function compileGlob(
  pattern: string,
  backend: string | null = null,
): Glob {
  const names = requirePattern(pattern).split("/")
    .filter((name) => name !== "" && name !== ".");
  const why = flawOf(pattern);
  if (why !== null) throw refused(pattern, why, "use the pattern", backend);
  for (const name of names) {
    // It would read as "*" and find less than who wrote it means.
    if (name === "**" || !parse(name).some(isSecondStar)) continue;
    refuse("use the pattern", pattern, '"**" is a segment of its own');
  }
  // At the end `**` stands for everything below, so for one segment at least.
  const steps = names.map(toStep);
  if (steps.at(-1) === null) steps.splice(-1, 0, () => true);
  const start = literalStart(steps);
  const wild = names[start.length];
  return {
    matches: (path) => matchAll(steps, path === "" ? [] : path.split("/")),
    prefix: wild === undefined
      ? start.join("/")
      : [...start, literalStart(parse(wild)).join("")].join("/"),
    shallow: start.length >= names.length - 1 && wild !== "**",
  };
}

/**
 * Returns a pattern that matches a text and nothing else: for the name of a folder in
 * front of wildcards.
 *
 * @example A folder whose name is full of wildcards
 * ```ts
 * import { compileGlob, escapeGlob } from "@remote-store/core";
 * import { assert } from "@std/assert";
 *
 * const glob = compileGlob(`${escapeGlob("draft [2026]?")}/*.csv`);
 * assert(glob.matches("draft [2026]?/q3.csv"));
 * assert(!glob.matches("draft 2/q3.csv"));
 * ```
 */
export function escapeGlob(text: string): string {
  return text.replace(/[*?[]/g, "[$&]");
}

function isSecondStar(
  step: Step,
  at: number,
  steps: readonly Step[],
): boolean {
  return step === null && steps[at - 1] === null;
}

/** Compiles a pattern over a single name, for `listFiles`. */
export function compileName(pattern: string): (name: string) => boolean {
  const steps = parse(requirePattern(pattern));
  return (name) => matchAll(steps, [...name]);
}

function requirePattern(pattern: string): string {
  if (typeof pattern === "string" && pattern !== "") return pattern;
  refuse(
    `use the pattern ${JSON.stringify(pattern)}`,
    null,
    "a text is needed",
  );
}

function toStep(name: string): Step {
  if (name === "**") return null;
  const steps = parse(name);
  return literalStart(steps).length === steps.length
    ? name
    : (text) => matchAll(steps, [...text]);
}

/** Returns the steps in front of the first wildcard. */
function literalStart(steps: readonly Step[]): string[] {
  const start: string[] = [];
  for (const step of steps) {
    if (typeof step !== "string") break;
    start.push(step);
  }
  return start;
}

function parse(name: string): Step[] {
  const steps: Step[] = [];
  const chars = [...name];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!;
    const end = char === "[" ? classEnd(chars, i) : -1;
    if (char === "*") steps.push(null);
    else if (char === "?") steps.push(() => true);
    else if (end < 0) steps.push(char);
    else {
      steps.push(toClass(chars.slice(i + 1, end)));
      i = end;
    }
  }
  return steps;
}

// The first character of a class may be a bracket: `[]]`, `[!]]`.
function classEnd(chars: readonly string[], start: number): number {
  return chars.indexOf("]", start + (chars[start + 1] === "!" ? 3 : 2));
}

function toClass(chars: readonly string[]): Step {
  const not = chars[0] === "!";
  const codes = (not ? chars.slice(1) : chars).map(codeOf);
  const ranges: [low: number, high: number][] = [];
  for (let i = 0; i < codes.length; i++) {
    const low = codes[i]!;
    const high = codes[i + 2];
    if (codes[i + 1] === codeOf("-") && high !== undefined) {
      ranges.push([low, high]);
      i += 2;
    } else ranges.push([low, low]);
  }
  return (char) => {
    const code = codeOf(char);
    return not !== ranges.some(([low, high]) => low <= code && code <= high);
  };
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}

/** Matches with one point to go back to, so that no pattern is exponential. */
function matchAll(steps: readonly Step[], items: readonly string[]): boolean {
  let step = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (step < steps.length || at < items.length) {
    const current = steps[step];
    const item = items[at];
    if (current === null) {
      star = step++;
      starAt = at;
    } else if (
      item !== undefined &&
      (typeof current === "function" ? current(item) : current === item)
    ) {
      step++;
      at++;
    } else {
      if (star < 0 || starAt >= items.length) return false;
      step = star + 1;
      at = ++starAt;
    }
  }
  return true;
}
