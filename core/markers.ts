// This module is browser compatible.
import type { FileEntry, ListedFile } from "./backend.ts";
import { isCanonical } from "./path.ts";

/** Returns whether an object is a folder by its own mark: with bytes it is a file. */
export function isMark(entry: FileEntry): boolean {
  return entry.folderMark === true && entry.size === 0;
}

/** Returns whether an object in a listing is a file that a path can name. */
export function isListed(file: ListedFile): boolean {
  return isCanonical(file.key) && !isMark(file);
}

/** Returns the key of the folder for which an object stands by its name or its mark; else `null`. */
export function markedFolder(file: ListedFile): string | null {
  const { key } = file;
  const folder = key.endsWith("/")
    ? key.slice(0, -1)
    : isMark(file)
    ? key
    : null;
  return folder !== null && isCanonical(folder) ? folder : null;
}

/**
 * Returns whether a request can carry an object's name as it is. URLs resolve `.` and `..`
 * segments (WHATWG URL, path state), so that another object would be meant.
 */
export function isCarried(name: string): boolean {
  return !/(?:^|[/\\])\.{1,2}(?:[/\\]|$)/.test(name);
}
