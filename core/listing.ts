// This module is browser compatible.
import type { ListedFile, ListPage } from "./backend.ts";
import { type Call, cross, innerSignal, toOutside } from "./boundary.ts";
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
import { joinSignals } from "./signal.ts";

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
  return iterate(call, async function* (signal) {
    for await (const page of pages(call, walk, signal)) {
      const files = within(page, walk);
      yield infos(
        mount,
        matches === null ? files : files.filter((f) => matches(keyName(f.key))),
      );
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
  return iterate(call, async function* (signal) {
    let level = [key];
    for (let depth = 0; depth <= maxDepth && level.length > 0; depth++) {
      const below: string[] = [];
      for (const folder of level) {
        const walk = { prefix: toPrefix(folder), shallow: true, maxDepth: 0 };
        for await (const { folders } of pages(call, walk, signal)) {
          if (depth < maxDepth) below.push(...folders);
          yield folders.map((child) => toFolderEntry(mount.pathOf(child)));
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
  return iterate(call, async function* (signal) {
    for await (const page of pages(call, walk, signal)) {
      const folders = page.folders.map((f) => toFolderEntry(mount.pathOf(f)));
      yield [...infos(mount, within(page, walk)), ...folders];
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
  const compiled = compileGlob(pattern, mount.backend.name);
  mount.require("glob", "glob", pattern);
  const call = { mount, action: "glob", path: pattern, signal: options.signal };
  // The root is put in front as text: its own characters are no wildcards.
  const walk = {
    prefix: toPrefix(mount.root) + compiled.prefix,
    shallow: compiled.shallow,
    maxDepth: null,
  };
  return iterate(call, async function* (signal) {
    for await (const page of pages(call, walk, signal)) {
      yield infos(
        mount,
        page.files.filter((f) => compiled.matches(mount.pathOf(f.key))),
      );
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
  signal: AbortSignal | undefined,
): AsyncGenerator<WalkPage> {
  const own = walk.prefix.slice(0, -1);
  let cursor: ListPage["cursor"] = null;
  let last: string | undefined;
  do {
    const page: ListPage = await getPage(call, walk, cursor, signal);
    // A service may name a common prefix again at the start of its next page.
    const folders = page.folders.filter((key) => key !== own && key !== last);
    last = page.folders.at(-1) ?? last;
    const self = page.folders.includes(own);
    yield { files: page.files, folders, cursor: page.cursor, self };
    cursor = page.cursor;
  } while (cursor !== null);
}

async function getPage(
  call: Call,
  walk: Walk,
  cursor: ListPage["cursor"],
  signal: AbortSignal | undefined,
): Promise<ListPage> {
  const { prefix, shallow, maxDepth } = walk;
  const request = { shallow, cursor, limit: null, maxDepth, signal };
  try {
    const answer = call.mount.reach(signal).list(prefix, request);
    return await ifContainer(answer, NO_PAGE, cursor === null);
  } catch (error) {
    throw toOutside(error, call);
  }
}

function infos(mount: Mount, files: readonly ListedFile[]): FileInfo[] {
  return files.map((file) => toFileInfo(file, mount.pathOf(file.key)));
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
  produce: (signal: AbortSignal) => AsyncGenerator<readonly T[]>,
): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => iteratorOf(call, produce) };
}

/** An iteration: hands out the items of the page at hand, without a generator for each. */
function iteratorOf<T>(
  call: Call,
  produce: (signal: AbortSignal) => AsyncGenerator<readonly T[]>,
): AsyncIterator<T> {
  const stop = new AbortController();
  // Joined once for all pages: each joining is kept alive by a long-lived signal.
  const rest = produce(joinSignals(innerSignal(call), stop.signal));
  let page: readonly T[] = [];
  let at = 0;
  let loading: Promise<unknown> | null = null;
  const take = (): IteratorResult<T> => ({
    done: false,
    value: page[at++] as T,
  });
  const load = async (): Promise<IteratorResult<T>> => {
    while (at >= page.length) {
      try {
        const { done, value } = await rest.next();
        if (done) return { done, value };
        page = value;
        at = 0;
      } catch (error) {
        // Left by the caller, so there is nobody to tell.
        if (!stop.signal.aborted || call.signal?.aborted) throw error;
        return { done: true, value: undefined };
      }
    }
    return take();
  };
  return {
    next() {
      if (loading === null && at < page.length) return Promise.resolve(take());
      const step = (loading ?? Promise.resolve()).then(load);
      const settled = step.catch(() => {}).then(() => {
        if (loading === settled) loading = null;
      });
      loading = settled;
      return step;
    },
    async return() {
      stop.abort();
      page = [];
      await rest.return(undefined);
      return { done: true, value: undefined };
    },
  };
}
