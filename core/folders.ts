// This module is browser compatible.
import { type Entry, type FileEntry, isContainerNotFound } from "./backend.ts";
import { noVersion, requirePut, requireVersion } from "./commit.ts";
import {
  AlreadyExistsError,
  InvalidPathError,
  NotFoundError,
} from "./errors.ts";
import { askAll } from "./for_each.ts";
import { isMark } from "./markers.ts";
import type { Mount } from "./mount.ts";
import { pagesOf } from "./paging.ts";
import { parentKey, toPrefix } from "./path.ts";

type Signal = AbortSignal | undefined;

/** Returns what the backend alone says of `key`; an object that marks a folder is one. */
export async function stat(
  mount: Mount,
  key: string,
  signal: Signal,
): Promise<Entry> {
  const entry = await mount.reach(signal).stat(key, { signal });
  return entry?.kind === "file" && isMark(entry) ? { kind: "folder" } : entry;
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

/**
 * Returns whether anything lies below `key`: what makes a folder of a flat backend. What no
 * path can name does, too: it is there, and goes with the folder.
 */
export async function isPrefix(
  mount: Mount,
  key: string,
  signal: Signal,
): Promise<boolean> {
  if (!mount.has("list")) return false;
  const pages = pagesOf(mount, toPrefix(key), { limit: 1 }, { signal });
  for await (const { files, folders } of pages) {
    if (files.length + folders.length > 0) return true;
  }
  return false;
}

/** Returns whether a flat backend has a folder at `key`, by what lies below or by its mark. */
export async function isFlatFolder(
  mount: Mount,
  key: string,
  signal: Signal,
): Promise<boolean> {
  return await isPrefix(mount, key, signal) ||
    (mount.backend.folderMarks === true &&
      (await stat(mount, key, signal))?.kind === "folder");
}

/**
 * Returns the error for a file that a call has missed: wrong type where a folder is, the
 * absent container where the probe learns of it, else absent. If the probe itself fails,
 * the miss stands.
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
    if (signal?.aborted || isContainerNotFound(error)) throw error;
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

/** Refuses a file where a folder is needed. */
export function requireNoFile(entry: Entry, key: string): void {
  if (entry?.kind !== "file") return;
  throw new InvalidPathError("it is a file", { path: key });
}

/** Returns whether the backend itself has a folder at `key`; a file there is an error. */
export async function hasFolder(
  mount: Mount,
  key: string,
  signal: Signal,
): Promise<boolean> {
  const entry = await stat(mount, key, signal);
  requireNoFile(entry, key);
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

/** Returns a version of a file; nobody is asked whether a folder stands where it is missed. */
export async function requireVersionAt(
  mount: Mount,
  key: string,
  versionId: string,
  signal: Signal,
): Promise<FileEntry> {
  const entry = await mount.reach(signal).stat(key, { signal, versionId });
  if (entry?.kind !== "file") throw noVersion(key, versionId);
  requireVersion(entry, versionId, key);
  return entry;
}

/**
 * Returns what a refused create is about: an object that marks a folder is no file that
 * exists. If the look fails, the refusal stands.
 */
export async function refusedBy(
  error: unknown,
  mount: Mount,
  key: string,
  signal: Signal,
): Promise<unknown> {
  if (mount.backend.folderMarks !== true) return error;
  if (!(error instanceof AlreadyExistsError)) return error;
  const entry = await stat(mount, key, signal).catch(() => null);
  return entry?.kind === "folder" ? isFolderError(key) : error;
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
  const ancestors: string[] = [];
  for (
    let at = parentKey(key);
    at !== mount.root && at !== "";
    at = parentKey(at)
  ) {
    ancestors.push(at);
  }
  const [folder, ...files] = await askAll(
    [key, ...ancestors],
    async (at, inner) =>
      at === key
        ? await isFlatFolder(mount, key, inner)
        : (await stat(mount, at, inner))?.kind === "file",
    signal,
  );
  const always = { overwrite: true, ifMatch: null };
  if (folder) requirePut({ kind: "folder" }, always, key);
  const blocking = ancestors[files.lastIndexOf(true)];
  if (blocking !== undefined) {
    requirePut({ kind: "blocked", by: blocking }, always, key);
  }
}
