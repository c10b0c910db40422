import { toPath, withoutTrailingSlashes } from "./argument.ts";

/** Returns the last segment's extension with its dot, or `""`. */
export function extname(path: string | URL): string {
  const trimmed = withoutTrailingSlashes(toPath(path));
  const name = trimmed.slice(trimmed.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  // A leading dot names a hidden file and starts no extension.
  return dot <= 0 || name === ".." ? "" : name.slice(dot);
}
