import { requireString, toPath, withoutTrailingSlashes } from "./argument.ts";

/** Returns the last segment, less `suffix` where that leaves something. */
export function basename(path: string | URL, suffix = ""): string {
  const text = toPath(path);
  requireString("Suffix", suffix);
  const trimmed = withoutTrailingSlashes(text);
  const name = trimmed === "/"
    ? "/"
    : trimmed.slice(trimmed.lastIndexOf("/") + 1);
  return name !== suffix && name.endsWith(suffix)
    ? name.slice(0, name.length - suffix.length)
    : name;
}
