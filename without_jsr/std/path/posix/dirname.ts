import { toPath, withoutTrailingSlashes } from "./argument.ts";

/** Returns everything before the last segment. */
export function dirname(path: string | URL): string {
  const trimmed = withoutTrailingSlashes(toPath(path));
  const slash = trimmed.lastIndexOf("/");
  if (slash < 0) return ".";
  return slash === 0 ? "/" : withoutTrailingSlashes(trimmed.slice(0, slash));
}
