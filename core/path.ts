// This module is browser compatible.
import { basename } from "@std/path/posix/basename";
import { extname } from "@std/path/posix/extname";
import { normalize } from "@std/path/posix/normalize";
import { InvalidPathError, refuse, statement } from "./errors.ts";

/** The path of a store's own root, as results print it. */
export const ROOT = ".";

// With the u flag this matches lone surrogates only: a pair is one code point.
const LONE_SURROGATE_REGEXP = /\p{Surrogate}/u;

/** Returns whether `text` can be encoded as UTF-8 without loss. */
export function isWellFormed(text: string): boolean {
  // Missing in Safari before 16.4 and in Node before 20.
  return text.isWellFormed?.() ?? !LONE_SURROGATE_REGEXP.test(text);
}

/**
 * Returns the canonical form of `path`: segments joined by single slashes, no
 * leading or trailing slash, no `.` segment; a backslash counts as a slash. The
 * root gives the empty string.
 *
 * `action` and `backend` are what a refusal says.
 *
 * @throws {InvalidPathError} If a segment is `..`, or the path holds NUL or a lone surrogate.
 */
export function toCanonical(
  path: string,
  action = "use the path",
  backend: string | null = null,
): string {
  if (typeof path !== "string") {
    refuse(
      action,
      null,
      `the path is of type ${typeof path}, a string is needed`,
    );
  }
  // Most keys are clean already; to see it is several times cheaper than any normaliser.
  if (isCanonical(path)) return path;
  const folded = path.replaceAll("\\", "/");
  const why = flawOf(folded);
  if (why !== null) throw refused(path, why, action, backend);
  const key = normalize(folded).replace(/^\/|\/$/g, "");
  return key === ROOT ? "" : key;
}

/** Returns what no path may have, and no pattern of paths; `null` where it has none of it. */
export function flawOf(text: string): string | null {
  return text.includes("\0")
    ? "it holds a NUL character"
    : !isWellFormed(text)
    ? "it holds a lone surrogate"
    : text.split("/").includes("..")
    ? 'a ".." segment is not allowed'
    : null;
}

/**
 * Returns whether `key` is a path in canonical form, and not the root: what a service names
 * otherwise cannot be passed back.
 */
export function isCanonical(key: string): boolean {
  return !FLAW.test(key);
}

// An empty segment or one of dots, and what no path has: lone surrogates among it. Engines
// look sooner than a program does.
const FLAW = /(?:^|\/)\.{0,2}(?:\/|$)|[\0\\\p{Cs}]/u;

/** Returns the error for a path, or a pattern of paths, that is none. */
export function refused(
  path: string,
  why: string,
  action = "use the path",
  backend: string | null = null,
): InvalidPathError {
  return new InvalidPathError(
    `Cannot ${statement(action, path)}: ${why}`,
    { path, backend },
  );
}

/**
 * Returns the canonical form of a path: single slashes, no leading or trailing
 * slash, no `.` segment, backslashes as slashes.
 *
 * @example Clean up what a user typed
 * ```ts
 * import { normalizePath } from "@remote-store/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(normalizePath("/reports//2026\\q3.csv"), "reports/2026/q3.csv");
 * ```
 *
 * @throws {InvalidPathError} If nothing is left, a segment is `..`, or the path
 * holds NUL or a lone surrogate.
 */
export function normalizePath(path: string): string {
  const key = toCanonical(path);
  if (key === "") throw refused(path, "it names no file or folder");
  return key;
}

/**
 * Returns the canonical form of the parts joined by slashes. A part that
 * names the root adds nothing.
 *
 * @example Build a path
 * ```ts
 * import { joinPath } from "@remote-store/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(joinPath("reports", "2026/q3.csv"), "reports/2026/q3.csv");
 * ```
 *
 * @throws {InvalidPathError} As {@linkcode normalizePath}.
 */
export function joinPath(...parts: string[]): string {
  const keys = parts.map((part) => toCanonical(part)).filter((key) =>
    key !== ""
  );
  if (keys.length === 0) {
    throw refused(parts.join("/"), "it names no file or folder");
  }
  return keys.join("/");
}

/**
 * Returns the last segment of a path; `"."` for the root.
 *
 * @example Take the name
 * ```ts
 * import { pathName } from "@remote-store/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pathName("reports/q3.csv"), "q3.csv");
 * ```
 */
export function pathName(path: string): string {
  return basename(toCanonical(path)) || ROOT;
}

/**
 * Returns the path without its last segment; `null` where there is only one, or
 * none.
 *
 * @example Take the parent
 * ```ts
 * import { pathParent } from "@remote-store/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pathParent("reports/2026/q3.csv"), "reports/2026");
 * assertEquals(pathParent("q3.csv"), null);
 * ```
 */
export function pathParent(path: string): string | null {
  return parentKey(toCanonical(path)) || null;
}

/**
 * Returns the segments of a path; `["."]` for the root.
 *
 * @example Split a path
 * ```ts
 * import { pathParts } from "@remote-store/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pathParts("/reports/q3.csv"), ["reports", "q3.csv"]);
 * ```
 */
export function pathParts(path: string): string[] {
  return (toCanonical(path) || ROOT).split("/");
}

/**
 * Returns the last extension of a path with its dot; the empty string where
 * there is none. A leading or a trailing dot makes no extension.
 *
 * @example Take the extension
 * ```ts
 * import { pathSuffix } from "@remote-store/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pathSuffix("backup/file.tar.gz"), ".gz");
 * assertEquals(pathSuffix(".bashrc"), "");
 * ```
 */
export function pathSuffix(path: string): string {
  const suffix = extname(toCanonical(path));
  return suffix === "." ? "" : suffix;
}

/** Returns the key of the folder that holds `key`; the empty string is the root. */
export function parentKey(key: string): string {
  const slash = key.lastIndexOf("/");
  return slash < 0 ? "" : key.slice(0, slash);
}

/** Returns the last segment of a canonical key. */
export function keyName(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}

/** Returns how many segments a canonical key has; the root has none. */
export function keyDepth(key: string): number {
  if (key === "") return 0;
  let depth = 1;
  for (let i = key.indexOf("/"); i >= 0; i = key.indexOf("/", i + 1)) depth++;
  return depth;
}

/** Returns the canonical key of `key` below the folder `root`. */
export function joinKey(root: string, key: string): string {
  if (root === "") return key;
  return key === "" ? root : `${root}/${key}`;
}

/**
 * Returns `key` relative to the folder `root`, or `null` where it lies outside.
 * Compared by segments: `database/x` is not below `data`.
 */
export function stripKey(root: string, key: string): string | null {
  if (root === "") return key;
  if (key === root) return "";
  return key.startsWith(`${root}/`) ? key.slice(root.length + 1) : null;
}

/** Returns the prefix that all keys below the folder `key` share. */
export function toPrefix(key: string): string {
  return key === "" ? "" : `${key}/`;
}
