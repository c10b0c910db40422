// This module is browser compatible.
import {
  type FileInfo,
  type FolderEntry,
  InvalidArgumentError,
  pathParent,
} from "../../mod.ts";
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

/** The topic of everything: no path begins like it. */
export const EVERYTHING = "*";

/** Returns the topic of a path. */
export function topicOf(path: string): string {
  return `/${path}`;
}

/** Returns what the answer that a key stands for hangs on. */
export function topicsOf([operation, path = ""]: CacheKey): string[] {
  return [EVERYTHING, operation === LISTINGS ? LISTINGS : topicOf(path)];
}

/** Returns whether a call is given more than a signal: an answer to it is one of its own. */
export function asksMore(options: object | undefined): boolean {
  return Object.entries(options ?? {}).some(([name, value]) =>
    name !== "signal" && value !== undefined
  );
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

/** As good as none, and still a number that every cache can write down. */
const NO_LIMIT = 1e12;

/** Returns a limit, if it is one: a number above 0, or a whole one. */
export function limitOf(
  name: string,
  value = Infinity,
  needed: "more than 0" | "a count" = "more than 0",
): number {
  const fits = typeof value === "number" && value > 0 &&
    (needed === "more than 0" || Math.floor(value) === value);
  if (fits) return Math.min(value, NO_LIMIT);
  throw new InvalidArgumentError(
    `Cannot create a cache: ${name} is ${value}, ${needed} is needed`,
  );
}
