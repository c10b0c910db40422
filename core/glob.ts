// This module is browser compatible.
import { InvalidArgumentError, InvalidPathError } from "./errors.ts";

/** A compiled pattern. */
export interface Glob {
  /** Returns whether a whole path matches; case counts. */
  matches(path: string): boolean;
  /** The literal start that every match shares, up to the first wildcard. */
  readonly prefix: string;
  /** Whether matches lie in one folder only, so that a shallow listing finds all. */
  readonly shallow: boolean;
}

type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "any" }
  | { readonly kind: "one" }
  | { readonly kind: "class"; readonly not: boolean; readonly ranges: string };

type Segment = readonly Token[] | "**";

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
 * @throws {InvalidPathError} If it has a `..` segment.
 */
export function compileGlob(
  pattern: string,
  backend: string | null = null,
): Glob {
  const names = requirePattern(pattern).split("/")
    .filter((name) => name !== "" && name !== ".");
  if (names.includes("..")) {
    throw new InvalidPathError(
      `Cannot use the pattern ${
        JSON.stringify(pattern)
      }: a ".." segment is not allowed`,
      { path: pattern, backend },
    );
  }
  const segments = names.map((name) => name === "**" ? "**" : parse(name));
  for (const tokens of segments) {
    // It would read as "*" and find less than who wrote it means.
    if (tokens === "**" || !tokens.some(isSecondStar)) continue;
    throw new InvalidArgumentError(
      `Cannot use the pattern ${
        JSON.stringify(pattern)
      }: "**" is a segment of its own`,
    );
  }
  const wild = segments.findIndex((segment) => !isLiteral(segment));
  return {
    matches: (path) => matchPath(segments, path === "" ? [] : path.split("/")),
    prefix: literalStart(segments, wild),
    shallow: wild < 0 ||
      (wild === segments.length - 1 && segments[wild] !== "**"),
  };
}

function isSecondStar(
  { kind }: Token,
  at: number,
  tokens: readonly Token[],
): boolean {
  return kind === "any" && tokens[at - 1]?.kind === "any";
}

/** Compiles a pattern over a single name, for `listFiles`. */
export function compileName(pattern: string): (name: string) => boolean {
  const tokens = parse(requirePattern(pattern));
  return (name) => matchName(tokens, name);
}

function requirePattern(pattern: string): string {
  if (typeof pattern === "string" && pattern !== "") return pattern;
  throw new InvalidArgumentError(
    `Cannot use the pattern ${JSON.stringify(pattern)}: a text is needed`,
  );
}

function isLiteral(segment: Segment): boolean {
  return segment !== "**" && segment.every((token) => token.kind === "text");
}

function literalStart(segments: readonly Segment[], wild: number): string {
  const fixed = wild < 0 ? segments : segments.slice(0, wild);
  const start = fixed.map((segment) => textOf(segment)).join("/");
  if (wild < 0) return start;
  return (wild === 0 ? "" : `${start}/`) + textOf(segments[wild] ?? "**");
}

function textOf(segment: Segment): string {
  if (segment === "**") return "";
  let text = "";
  for (const token of segment) {
    if (token.kind !== "text") break;
    text += token.text;
  }
  return text;
}

function parse(name: string): Token[] {
  const tokens: Token[] = [];
  let text = "";
  const flush = () => {
    if (text !== "") tokens.push({ kind: "text", text });
    text = "";
  };
  for (let i = 0; i < name.length; i++) {
    const char = name.charAt(i);
    const end = char === "[" ? classEnd(name, i) : -1;
    if (char !== "*" && char !== "?" && end < 0) {
      text += char;
      continue;
    }
    flush();
    if (char === "*") {
      tokens.push({ kind: "any" });
    } else if (char === "?") {
      tokens.push({ kind: "one" });
    } else {
      const not = name.charAt(i + 1) === "!";
      const ranges = name.slice(i + (not ? 2 : 1), end);
      tokens.push({ kind: "class", not, ranges });
      i = end;
    }
  }
  flush();
  return tokens;
}

// The first character of a class may be a bracket: `[]]`, `[!]]`.
function classEnd(name: string, start: number): number {
  const first = name.charAt(start + 1) === "!" ? start + 2 : start + 1;
  return name.indexOf("]", first + 1);
}

/** Matches tokens with one point to go back to, so that no pattern is exponential. */
function matchName(tokens: readonly Token[], name: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  for (;;) {
    const current = tokens[token];
    if (current === undefined && at === name.length) return true;
    if (current?.kind === "any") {
      star = token++;
      starAt = at;
      continue;
    }
    const next = current === undefined ? -1 : step(current, name, at);
    if (next >= 0) {
      token++;
      at = next;
    } else {
      if (star < 0 || starAt >= name.length) return false;
      token = star + 1;
      at = starAt += characterLength(name, starAt);
    }
  }
}

function characterLength(name: string, at: number): number {
  return (name.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

// Returns the position behind the token's match at `at`, or -1.
function step(token: Token, name: string, at: number): number {
  if (token.kind === "text") {
    return name.startsWith(token.text, at) ? at + token.text.length : -1;
  }
  if (at >= name.length) return -1;
  if (
    token.kind === "class" &&
    inClass(token, name.codePointAt(at) ?? 0) === token.not
  ) {
    return -1;
  }
  return at + characterLength(name, at);
}

function inClass(
  token: Token & { readonly kind: "class" },
  code: number,
): boolean {
  const members = Array.from(token.ranges, (char) => char.codePointAt(0) ?? 0);
  const DASH = 0x2d;
  for (let i = 0; i < members.length; i++) {
    const low = members[i] ?? 0;
    const high = members[i + 2];
    if (members[i + 1] === DASH && high !== undefined) {
      if (low <= code && code <= high) return true;
      i += 2;
    } else if (low === code) {
      return true;
    }
  }
  return false;
}

function matchPath(
  segments: readonly Segment[],
  names: readonly string[],
): boolean {
  let segment = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  for (;;) {
    const current = segments[segment];
    if (current === undefined && at === names.length) return true;
    if (current === "**") {
      // At the end it stands for everything below, so for one segment at least.
      if (segment === segments.length - 1) return at < names.length;
      star = segment++;
      starAt = at;
      continue;
    }
    const name = names[at];
    if (
      current !== undefined && name !== undefined && matchName(current, name)
    ) {
      segment++;
      at++;
    } else {
      if (star < 0 || starAt >= names.length) return false;
      segment = star + 1;
      at = ++starAt;
    }
  }
}
