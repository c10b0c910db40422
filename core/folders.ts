// This module is browser compatible.
import {
  type Entry,
  type FileEntry,
  isContainerNotFound,
  type ListPage,
} from "./backend.ts";
import { requirePut } from "./commit.ts";
import { InvalidPathError, NotFoundError } from "./errors.ts";
import type { Mount } from "./mount.ts";
import { parentKey, toPrefix } from "./path.ts";

type Signal = AbortSignal | undefined;

/** Returns what the backend alone says of `key`. */
export async function stat(
  mount: Mount,
  key: string,
  signal: Signal,
): Promise<Entry> {
  return await ifContainer(mount.reach(signal).stat(key, { signal }), null);
}

/**
 * Returns what stands at `key`, folders of flat backends included. The root is a
 * folder by definition. Costs a flat backend a second request where no file is.
 */
export async function lookup(
  mount: Mount,
  key: string,
  signal: Signal,
): Promise<Entry> {
  if (key === mount.root) return { kind: "folder" };
  const entry = await stat(mount, key, signal);
  if (entry !== null || mount.backend.namespace === "hierarchical") {
    return entry;
  }
  return await isPrefix(mount, key, signal) ? { kind: "folder" } : null;
}

/** Returns whether anything lies below `key`: what makes a folder of a flat backend. */
export async function isPrefix(
  mount: Mount,
  key: string,
  signal: Signal,
): Promise<boolean> {
  if (!mount.has("list")) return false;
  let cursor: ListPage["cursor"] = null;
  do {
    const page: ListPage = await ifContainer(
      mount.reach(signal).list(toPrefix(key), {
        shallow: false,
        cursor,
        limit: 1,
        maxDepth: null,
        signal,
      }),
      NO_PAGE,
      cursor === null,
    );
    if (page.files.length > 0 || page.folders.length > 0) return true;
    cursor = page.cursor;
  } while (cursor !== null);
  return false;
}

/** A listing of nothing. */
export const NO_PAGE: ListPage = Object.freeze({
  files: [],
  folders: [],
  cursor: null,
});

/**
 * Returns `answer`, or `instead` where the container is absent: such a store reads
 * as an empty one. Only on a listing's first page, or an end in the middle would
 * look like a complete listing.
 */
export async function ifContainer<T>(
  answer: Promise<T>,
  instead: T,
  firstPage = true,
): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (firstPage && isContainerNotFound(error)) return instead;
    throw error;
  }
}

/**
 * Returns the error for a file that a call has missed: wrong type where a folder is,
 * else absent. If the probe itself fails, the miss stands.
 */
export async function missed(
  mount: Mount,
  key: string,
  signal: Signal,
): Promise<NotFoundError | InvalidPathError> {
  try {
    const folder = mount.backend.namespace === "flat"
      ? await isPrefix(mount, key, signal)
      : (await stat(mount, key, signal))?.kind === "folder";
    if (folder) return isFolderError(key);
  } catch (error) {
    if (signal?.aborted) throw error;
  }
  return new NotFoundError(undefined, { path: key });
}

/** Returns the error for a folder where a file is needed. */
export function isFolderError(key: string): InvalidPathError {
  return new InvalidPathError("it is a folder", { path: key });
}

/** Returns the error for a file where a folder is needed. */
export function isFileError(key: string): InvalidPathError {
  return new InvalidPathError("it is a file", { path: key });
}

/** Returns the file at `key`; a miss is an error, a denied probe stays denied. */
export async function requireFile(
  mount: Mount,
  key: string,
  signal: Signal,
): Promise<FileEntry> {
  const entry = await stat(mount, key, signal);
  if (entry?.kind === "file") return entry;
  if (entry?.kind === "folder") throw isFolderError(key);
  throw mount.backend.namespace === "flat"
    ? await missed(mount, key, signal)
    : new NotFoundError(undefined, { path: key });
}

/**
 * Refuses a write onto a folder or below a file, on a flat backend that does not
 * see either by itself. Only a confirmed miss counts as clear.
 */
export async function requireNoClash(
  mount: Mount,
  key: string,
  signal: Signal,
): Promise<void> {
  const probes: Promise<boolean>[] = [isPrefix(mount, key, signal)];
  const ancestors = [];
  for (
    let at = parentKey(key);
    at !== mount.root && at !== "";
    at = parentKey(at)
  ) {
    ancestors.push(at);
    probes.push(
      stat(mount, at, signal).then((entry) => entry?.kind === "file"),
    );
  }
  const [folder, ...files] = await Promise.all(probes);
  const always = { overwrite: true, ifMatch: null };
  if (folder) requirePut({ kind: "folder" }, always, key);
  const blocking = ancestors[files.lastIndexOf(true)];
  if (blocking !== undefined) {
    requirePut({ kind: "blocked", by: blocking }, always, key);
  }
}
