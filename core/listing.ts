// This module is browser compatible.
import type { ListedFile, ListPage } from "./backend.ts";
import { type Call, cross } from "./boundary.ts";
import { NotFoundError } from "./errors.ts";
import { ifContainer, isFileError, NO_PAGE, stat } from "./folders.ts";
import { checkDepth, checkFlag } from "./gates.ts";
import { compileGlob, compileName } from "./glob.ts";
import type { Mount } from "./mount.ts";
import type {
  CallOptions,
  FolderInfoOptions,
  ListFilesOptions,
  ListFoldersOptions,
} from "./options.ts";
import { keyDepth, keyName, toPrefix } from "./path.ts";
import {
  type FileInfo,
  type FolderEntry,
  type FolderInfo,
  FolderSum,
  toFileInfo,
  toFolderEntry,
} from "./results.ts";

/** What a walk asks for, once for all of its pages. */
interface Walk {
  readonly prefix: string;
  readonly shallow: boolean;
  readonly maxDepth: number | null;
}

/** Lists files. Arguments and gates are checked here, at the call. */
export function listFiles(
  mount: Mount,
  path: string,
  options: ListFilesOptions,
): AsyncIterable<FileInfo> {
  const { key, call } = begin(mount, "list", path, options);
  checkFlag("list", path, "recursive", options.recursive);
  const maxDepth = checkDepth("list", path, options.maxDepth);
  const matches = options.pattern === undefined
    ? null
    : compileName(options.pattern);
  mount.require("list", "list", path);
  const shallow = maxDepth === null ? !options.recursive : maxDepth === 0;
  const walk = { prefix: toPrefix(key), shallow, maxDepth };
  return iterate(call, async function* (stop) {
    for await (const page of pages(call, walk, stop)) {
      for (const file of within(page, walk)) {
        if (matches === null || matches(keyName(file.key))) {
          yield toFileInfo(file, mount.pathOf(file.key));
        }
      }
    }
  });
}

/** Lists folders, level by level. */
export function listFolders(
  mount: Mount,
  path: string,
  options: ListFoldersOptions,
): AsyncIterable<FolderEntry> {
  const { key, call } = begin(mount, "list", path, options);
  const maxDepth = checkDepth("list", path, options.maxDepth) ?? 0;
  mount.require("list", "list", path);
  return iterate(call, async function* (stop) {
    let level = [key];
    for (let depth = 0; depth <= maxDepth && level.length > 0; depth++) {
      const below: string[] = [];
      for (const folder of level) {
        const walk = { prefix: toPrefix(folder), shallow: true, maxDepth: 0 };
        for await (const page of pages(call, walk, stop)) {
          for (const child of page.folders) {
            yield toFolderEntry(mount.pathOf(child));
            if (depth < maxDepth) below.push(child);
          }
        }
      }
      level = below;
    }
  });
}

/** Lists files and folders of one level in one pass. */
export function iterChildren(
  mount: Mount,
  path: string,
  options: CallOptions,
): AsyncIterable<FileInfo | FolderEntry> {
  const { key, call } = begin(mount, "list", path, options);
  mount.require("list", "list", path);
  const walk = { prefix: toPrefix(key), shallow: true, maxDepth: 0 };
  return iterate(call, async function* (stop) {
    for await (const page of pages(call, walk, stop)) {
      for (const file of within(page, walk)) {
        yield toFileInfo(file, mount.pathOf(file.key));
      }
      for (const folder of page.folders) {
        yield toFolderEntry(mount.pathOf(folder));
      }
    }
  });
}

/** Lists the files whose path matches a pattern, asking only for its literal start. */
export function glob(
  mount: Mount,
  pattern: string,
  options: CallOptions,
): AsyncIterable<FileInfo> {
  mount.requireOpen("glob", pattern);
  const compiled = compileGlob(pattern);
  mount.require("glob", "glob", pattern);
  const call = { mount, action: "glob", path: pattern, signal: options.signal };
  // The root is put in front as text: its own characters are no wildcards.
  const walk = {
    prefix: toPrefix(mount.root) + compiled.prefix,
    shallow: compiled.shallow,
    maxDepth: null,
  };
  return iterate(call, async function* (stop) {
    for await (const page of pages(call, walk, stop)) {
      for (const file of page.files) {
        const path = mount.pathOf(file.key);
        if (compiled.matches(path)) yield toFileInfo(file, path);
      }
    }
  });
}

/** Sums up the files of a folder. */
export async function getFolderInfo(
  mount: Mount,
  path: string,
  options: FolderInfoOptions,
): Promise<FolderInfo> {
  const action = "sum up";
  const { key, call } = begin(mount, action, path, options);
  const maxDepth = checkDepth(action, path, options.maxDepth);
  mount.require("metadata", action, path);
  if (maxDepth !== null) mount.require("list", action, path, "maxDepth");
  const { namespace } = mount.backend;
  const prefix = toPrefix(key);
  const walk = { prefix, shallow: maxDepth === 0, maxDepth };
  return await cross(call, async (signal) => {
    let found = key === mount.root;
    if (!found && namespace === "hierarchical") {
      const entry = await stat(mount, key, signal);
      if (entry?.kind === "file") throw isFileError(key);
      if (entry?.kind !== "folder") {
        throw new NotFoundError(undefined, { path: key });
      }
      found = true;
    }
    const sum = new FolderSum();
    if (mount.has("list")) {
      for await (const page of pages(call, walk, signal)) {
        // Files beyond the depth do not count, but they are why the folder exists.
        found ||= page.files.length > 0 || page.folders.length > 0 || page.self;
        for (const file of within(page, walk)) sum.add(file);
      }
    }
    if (!found) {
      const entry = await stat(mount, key, signal);
      if (entry?.kind === "file") throw isFileError(key);
      throw new NotFoundError(undefined, { path: key });
    }
    return sum.toInfo(mount.pathOf(key));
  });
}

function begin(
  mount: Mount,
  action: string,
  path: string,
  options: CallOptions,
): { key: string; call: Call & { readonly path: string } } {
  const key = mount.folderKey(action, path);
  const call = {
    mount,
    action,
    path: mount.pathOf(key),
    signal: options.signal,
  };
  return { key, call };
}

/** A page of a walk, without the walked folder itself. */
interface WalkPage extends ListPage {
  /** Whether the walked folder was among its own entries. */
  readonly self: boolean;
}

/** Yields the pages of a walk, one at a time and none ahead. */
async function* pages(
  call: Call,
  walk: Walk,
  stop: AbortSignal | undefined,
): AsyncGenerator<WalkPage> {
  const { mount } = call;
  const own = walk.prefix.slice(0, -1);
  let cursor: ListPage["cursor"] = null;
  let last: string | undefined;
  do {
    const at = cursor;
    const page: ListPage = await cross(call, (signal) =>
      ifContainer(
        mount.reach(signal).list(walk.prefix, {
          shallow: walk.shallow,
          cursor: at,
          limit: null,
          maxDepth: walk.maxDepth,
          signal: anyOf(signal, stop),
        }),
        NO_PAGE,
        at === null,
      ));
    // A service may name a common prefix again at the start of its next page.
    const folders = page.folders.filter((key) => key !== own && key !== last);
    last = page.folders.at(-1) ?? last;
    const self = page.folders.includes(own);
    yield { files: page.files, folders, cursor: page.cursor, self };
    cursor = page.cursor;
  } while (cursor !== null);
}

function anyOf(
  a: AbortSignal | undefined,
  b: AbortSignal | undefined,
): AbortSignal | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  return AbortSignal.any([a, b]);
}

// DEPTH-003: a backend may ignore the depth, the kernel never does.
function within(page: ListPage, walk: Walk): readonly ListedFile[] {
  const limit = walk.maxDepth ?? (walk.shallow ? 0 : null);
  if (limit === null) return page.files;
  return page.files.filter((file) =>
    keyDepth(file.key.slice(walk.prefix.length)) - 1 <= limit
  );
}

/**
 * Returns an iterable whose every iteration is a walk of its own. Leaving it early
 * ends the request in flight.
 */
function iterate<T>(
  call: Call,
  produce: (stop: AbortSignal) => AsyncGenerator<T>,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator](): AsyncIterator<T> {
      const stop = new AbortController();
      const generator = produce(stop.signal);
      return {
        async next() {
          try {
            return await generator.next();
          } catch (error) {
            if (stop.signal.aborted && !call.signal?.aborted) {
              return { done: true, value: undefined };
            }
            throw error;
          }
        },
        return() {
          stop.abort();
          return generator.return(undefined);
        },
      };
    },
  };
}
