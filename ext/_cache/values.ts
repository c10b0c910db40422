// This module is browser compatible.
import type { FileInfo, FolderEntry } from "../../mod.ts";
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
  const line = [path];
  while (path !== "") {
    path = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
    line.push(path);
  }
  return line;
}

/** Returns whether a change of `paths` may have changed what a key stands for. */
export function touches(paths: ReadonlySet<string>, key: CacheKey): boolean {
  return key[0] === LISTINGS || paths.has(key[1] ?? "");
}

/** Returns a value that its receiver may do with as it likes: bytes and dates are copies. */
export function ownCopy<T extends CacheValue | FolderEntry>(value: T): T {
  if (value instanceof Uint8Array) return value.slice() as T;
  if (Array.isArray(value)) return value.map(ownCopy) as unknown as T;
  if (typeof value !== "object" || value === null) return value;
  const { lastModified } = value as { lastModified?: Date | null };
  if (!lastModified) return value;
  const copy = { ...value, lastModified: new Date(lastModified) };
  return Object.freeze(copy) as unknown as T;
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
