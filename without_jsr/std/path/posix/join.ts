import { requireString, toPath } from "./argument.ts";
import { normalize } from "./normalize.ts";

/** Joins the parts with slashes and normalizes the whole. */
export function join(path?: string | URL, ...paths: string[]): string {
  if (path === undefined) return ".";
  // Untyped callers' null counts as no path, as in the real package.
  const parts = path ? [toPath(path), ...paths] : paths;
  for (const part of parts) requireString("Path", part);
  return normalize(parts.filter((part) => part !== "").join("/"));
}
