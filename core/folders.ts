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
  const pages = pagesOf(mount, toPrefix(key), { limit: 1 }, signal);
  for await (const { files, folders } of pages) {
    if (files.length + folders.length > 0) return true;
  }
  return false;
}

/** What a walk asks of the backend, page by page. */
export interface Walk {
  /** Whether only direct children are wanted. */
  readonly shallow?: boolean;
  /** How many entries of a page are wanted. */
  readonly limit?: number | null;
  /** How far below the prefix files are wanted. */
  readonly maxDepth?: number | null;
}

/** Yields the pages of a listing, one at a time. */
export async function* pagesOf(
  mount: Mount,
  prefix: string,
  { shallow = false, limit = null, maxDepth = null }: Walk,
  signal: Signal,
): AsyncGenerator<ListPage> {
  let cursor: ListPage["cursor"] = null;
  do {
    const request = { shallow, cursor, limit, maxDepth, signal };
    const answer = mount.reach(signal).list(prefix, request);
    // Later on, an end in the middle would look like a complete listing.
    const page: ListPage | null = cursor === null
      ? await ifContainer(answer, null)
      : await answer;
    if (page === null) return;
    yield page;
    cursor = page.cursor;
  } while (cursor !== null);
}

/** Returns `answer`, or `instead` where the container is absent: such a store reads as an empty one. */
export async function ifContainer<T, U>(
  answer: Promise<T>,
  instead: U,
): Promise<T | U> {
  try {
    return await answer;
  } catch (error) {
    if (isContainerNotFound(error)) return instead;
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
  return isAbsentError(key);
}

/** Returns the error for a path at which nothing is. */
export function isAbsentError(key: string): NotFoundError {
  return new NotFoundError(undefined, { path: key });
}

/** Returns the error for a folder where a file is needed. */
export function isFolderError(key: string): InvalidPathError {
  return new InvalidPathError("it is a folder", { path: key });
}

function isFileError(key: string): InvalidPathError {
  return new InvalidPathError("it is a file", { path: key });
}

/** Returns whether the backend itself has a folder at `key`; a file there is an error. */
export async function hasFolder(
  mount: Mount,
  key: string,
  signal: Signal,
): Promise<boolean> {
  const entry = await stat(mount, key, signal);
  if (entry?.kind === "file") throw isFileError(key);
  return entry?.kind === "folder";
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
    : isAbsentError(key);
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
