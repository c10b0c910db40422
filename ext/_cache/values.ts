// This module is browser compatible.
import { type FileInfo, type FolderEntry, pathParent } from "../../mod.ts";
import type { CacheKey, CacheValue } from "./backend.ts";

/** The first element of the keys of listings and sums: every change may change them. */
export const LISTINGS = "list";

/** The operations that are about one path. */
export const PATH_OPERATIONS = [
  "exists",
  "isFile",
  "isFolder",
  "readBytes",
  "getFileInfo",
] as const;

/** Returns a path with all folders above it, the root included. */
export function lineOf(path: string): string[] {
  const line: string[] = [];
  for (let at = path; at !== ""; at = pathParent(at) ?? "") line.push(at);
  return [...line, ""];
}

/** Returns whether a change of a path and of the folders above it may have changed what a key stands for. */
export function touches(line: readonly string[], key: CacheKey): boolean {
  return key[0] === LISTINGS || line.includes(key[1] ?? "");
}

/** Returns a value that its receiver may do with as it likes: bytes and dates are copies. */
export function ownCopy<T extends CacheValue | FolderEntry>(value: T): T {
  if (value instanceof Uint8Array) return value.slice() as T;
  const { lastModified } = Object(value) as Partial<FileInfo>;
  return lastModified
    ? Object.freeze({
      ...value as object,
      lastModified: new Date(lastModified),
    }) as T
    : value;
}

/** Returns a file's info with another path: the same file, seen from another root. */
export function atPath(info: FileInfo, path: string): FileInfo {
  return info.path === path ? info : Object.freeze({ ...info, path });
}

/** Decodes UTF-8 as `readText` does: a mark is kept, ill-formed bytes are a `TypeError`. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
    .decode(bytes);
}
