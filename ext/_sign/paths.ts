// This module is browser compatible.
import {
  type AskedOperation,
  type KeyedOperation,
  normalizePath,
} from "../../mod.ts";
import { Refusal } from "./refusals.ts";

/** Returns an operation by its paths below a root. */
export function toAsked(
  operation: KeyedOperation,
  base: string,
): AskedOperation {
  const { key, sourceKey, ...rest } = operation;
  switch (rest.operation) {
    case "ping":
      return { ...rest, path: "", source: null };
    case "list":
      return { ...rest, path: folderOf(key, base), source: null };
    default:
      return {
        ...rest,
        path: fileOf(key, base, rest.operation),
        source: sourceKey === null ? null : fileOf(sourceKey, base, "read"),
      };
  }
}

function fileOf(key: string, base: string, operation: string): string {
  const path = below(key, base);
  const isFile = path !== null &&
    (isCanonical(path) || (operation === "delete" && isForeign(path)));
  if (isFile) return path;
  throw new Refusal(
    "InvalidPath",
    `Cannot ${operation} ${
      JSON.stringify(path ?? key)
    }: it names no file below the root`,
  );
}

// A prefix that shares the root's letters and not its slash is another folder's.
function folderOf(prefix: string, base: string): string {
  const path = base !== "" && prefix === base ? null : below(prefix, base);
  const folder = path?.slice(0, Math.max(0, path.lastIndexOf("/")));
  if (folder === "" || (folder !== undefined && isCanonical(folder))) {
    if (!/[\0\\]/.test(prefix)) return folder;
  }
  throw new Refusal(
    "InvalidPath",
    `Cannot list ${JSON.stringify(prefix)}: it lies outside of the root`,
  );
}

// What other tools have put there goes with its folder. A dot segment would be another file
// for whatever parses the URL, of which some take a backslash for a slash.
function isForeign(path: string): boolean {
  return path !== "" &&
    path.split(/[/\\]/).every((part) => part !== "." && part !== "..");
}

function below(key: string, base: string): string | null {
  if (base === "") return key;
  return key.startsWith(`${base}/`) ? key.slice(base.length + 1) : null;
}

function isCanonical(path: string): boolean {
  try {
    return normalizePath(path) === path;
  } catch {
    return false;
  }
}
