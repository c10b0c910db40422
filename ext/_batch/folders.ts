// This module is browser compatible.
import {
  Capability,
  InvalidArgumentError,
  isRemoteStoreError,
  joinPath,
  normalizePath,
  pathParent,
  pathParts,
  requireKnown,
  type StoreLike,
  withGrace,
} from "../../mod.ts";
import {
  BATCH_COPY,
  type BatchCopyOptions,
  collect,
  lanesOf,
} from "./collecting.ts";
import {
  type BatchFailure,
  type BatchResult,
  collectable,
  failure,
  toResult,
} from "./outcomes.ts";

/** What finds files and empty folders, and creates these. */
type Listing =
  | "listFiles"
  | "listFolders"
  | "getFolderInfo"
  | "createFolder"
  | "supports";

/** The source and the target of a copy. */
export type CopyPair = readonly [source: string, target: string];

/**
 * Copies all files below a folder to the same places below another one, on the service:
 * some at once, each with an outcome of its own, as by {@linkcode batchCopy}; an item is
 * the pair. Listed as it is copied, so that it holds no list of a large folder but that of
 * the outcomes; into a folder around it, listed first, as what is copied may go to where
 * something else still lies. What is written into the source meanwhile is copied, or is not. Where the
 * store has empty folders (`CREATE_FOLDER`), those without anything below are created at
 * the target behind the files, each a pair with an outcome as well; one that is there is
 * none that fails.
 *
 * @example A folder and what it holds
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { copyFolder } from "@remote-store/core/ext/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("site/index.html", "<h1>");
 * void await store.write("site/img/a.png", "A");
 * void await store.write("live/img/a.png", "of somebody else");
 * const { succeeded, failed } = await copyFolder(store, "site", "live");
 * assertEquals(succeeded, [["site/index.html", "live/index.html"]]);
 * assertEquals(failed.map(({ item: [, to], error }) => [to, error.code]), [
 *   ["live/img/a.png", "AlreadyExists"],
 * ]);
 * ```
 *
 * @throws {InvalidArgumentError} If the target is the source or lies in it.
 * @throws {NotFoundError} If there is no such folder.
 * @throws {InvalidPathError} If the source is a file, or the root, which holds every target.
 * @throws {CapabilityNotSupportedError} If the store cannot copy or list.
 */
export async function copyFolder(
  store: Pick<
    StoreLike,
    | "copy"
    | "listFiles"
    | "listFolders"
    | "getFolderInfo"
    | "createFolder"
    | "supports"
  >,
  source: string,
  target: string,
  options: BatchCopyOptions = {},
): Promise<BatchResult<CopyPair>> {
  return await withGrace(
    transferFolder("copy", store, source, target, options),
    options?.signal,
  );
}

/**
 * Moves all files below a folder as {@linkcode copyFolder} copies them, then removes the
 * folders that are left empty. What could not be moved stays where it is, with the folders
 * above it. Where a folder cannot be removed, its pair is among the failures, behind those
 * of files.
 *
 * @example Rename a folder
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { moveFolder } from "@remote-store/core/ext/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("draft/a/b.txt", "B");
 * const { allSucceeded } = await moveFolder(store, "draft", "final");
 * assertEquals(allSucceeded, true);
 * assertEquals(await store.readText("final/a/b.txt"), "B");
 * assertEquals(await store.exists("draft"), false);
 * ```
 *
 * @throws {InvalidArgumentError} If the target is the source or lies in it.
 * @throws {NotFoundError} If there is no such folder.
 * @throws {InvalidPathError} If the source is a file, or the root, which holds every target.
 * @throws {CapabilityNotSupportedError} If the store cannot move or list.
 */
export async function moveFolder(
  store: Pick<
    StoreLike,
    | "move"
    | "deleteFolder"
    | "listFiles"
    | "listFolders"
    | "getFolderInfo"
    | "createFolder"
    | "supports"
  >,
  source: string,
  target: string,
  options: BatchCopyOptions = {},
): Promise<BatchResult<CopyPair>> {
  return await withGrace(
    moveAll(store, source, target, options),
    options?.signal,
  );
}

async function moveAll(
  store: Parameters<typeof moveFolder>[0],
  source: string,
  target: string,
  options: BatchCopyOptions,
): Promise<BatchResult<CopyPair>> {
  const moved = await transferFolder("move", store, source, target, options);
  // A folder with something in it stays; one that came to be empty in between goes.
  if (!moved.allSucceeded || !store.supports(Capability.DELETE)) return moved;
  const failed: BatchFailure<CopyPair>[] = [];
  const { signal = new AbortController().signal } = options;
  const from = normalizePath(source);
  for (const folder of await foldersIn(store, from, signal)) {
    signal.throwIfAborted();
    try {
      await store.deleteFolder(folder, { missingOk: true, signal });
    } catch (error) {
      const isKept = isRemoteStoreError(error) &&
        error.code === "DirectoryNotEmpty";
      if (isKept) continue;
      const pair = Object.freeze(
        [folder, place(folder, from, target)] as const,
      );
      const at = moved.total + failed.length;
      failed.push(failure(pair, at, collectable(error, signal)));
    }
  }
  if (failed.length === 0) return moved;
  const tried = [...moved.succeeded, ...failed.map(({ item }) => item)];
  return toResult(tried, failed);
}

async function transferFolder<M extends "copy" | "move">(
  method: M,
  store: Pick<StoreLike, M | Listing>,
  source: string,
  target: string,
  options: BatchCopyOptions,
): Promise<BatchResult<CopyPair>> {
  const action = `${method} the folder ${JSON.stringify(source)}`;
  requireKnown(`${method} the folder`, source, options, BATCH_COPY);
  const from = normalizePath(source);
  // The root may be the target.
  const to = pathParent(joinPath(target, "a")) ?? "";
  if (to === from || to.startsWith(`${from}/`)) {
    throw new InvalidArgumentError(
      `Cannot ${action} to ${JSON.stringify(target)}: that is in the folder`,
    );
  }
  const { overwrite, signal } = options;
  const filled = new Set<string>();
  const empty = new Set<CopyPair>();
  const pairOf = (path: string) => {
    for (
      let above = pathParent(path);
      above !== null && !filled.has(above);
      above = pathParent(above)
    ) filled.add(above);
    return Object.freeze([path, place(path, from, to)] as const);
  };
  async function* pairs(): AsyncGenerator<CopyPair> {
    const files = store.listFiles(from, { recursive: true, signal });
    for await (const { path } of files) yield pairOf(path);
    signal?.throwIfAborted();
    if (!store.supports(Capability.CREATE_FOLDER)) return;
    // Nothing is listed of what is absent, or of a file: the sum says which.
    if (filled.size === 0) await store.getFolderInfo(from, { signal });
    for (const folder of await foldersIn(store, from, signal)) {
      if (filled.has(folder)) continue;
      const pair = pairOf(folder);
      empty.add(pair);
      yield pair;
    }
  }
  // What is wrong with it is told before the listing.
  lanesOf(options, options.stopOnError);
  const isAround = to === "" || from.startsWith(`${to}/`);
  const listed = isAround ? await allOf(pairs()) : pairs();
  // A file that goes to the place of another one waits until that has gone: its path is
  // longer by what lies between the folder and the target.
  const isNested = Array.isArray(listed) &&
    listed.some(([, place]) => place.startsWith(`${from}/`));
  const result = await collect(
    isNested ? listed.sort((a, b) => depthOf(a) - depthOf(b)) : listed,
    isNested ? { ...options, concurrency: 1 } : options,
    (pair, signal) =>
      empty.has(pair)
        ? store.createFolder(pair[1], { signal })
        : store[method](...pair, { overwrite, signal }),
  );
  if (result.total === 0) await store.getFolderInfo(from, { signal });
  return result;
}

/** Returns a folder and all below it, the deepest first. */
async function foldersIn(
  store: Pick<StoreLike, "listFolders">,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const found = [folder];
  const everything = { maxDepth: Number.MAX_SAFE_INTEGER, signal };
  for await (const { path } of store.listFolders(folder, everything)) {
    found.push(path);
  }
  return found.reverse();
}

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function depthOf([path]: CopyPair): number {
  return pathParts(path).length;
}

function place(path: string, from: string, to: string): string {
  const rest = path.slice(from.length + 1);
  return rest === "" ? to : joinPath(to, rest);
}
