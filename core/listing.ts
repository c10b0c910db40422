// This module is browser compatible.
import type { ListedFile, ListPage } from "./backend.ts";
import { type Call, cross, hold, toOutside } from "./boundary.ts";
import { hasFolder, isAbsentError, pagesOf, type Walk } from "./folders.ts";
import { checkDepth, checkFlag } from "./gates.ts";
import { compileGlob, compileName } from "./glob.ts";
import {
  type KnownOptions,
  METHOD_OPTIONS,
  requireKnown,
} from "./known_options.ts";
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
  toFileInfo,
  toFolderEntry,
  toFolderInfo,
} from "./results.ts";
import { joinSignals } from "./signal.ts";

/** Lists files. Arguments and gates are checked here, at the call. */
export function listFiles(
  mount: Mount,
  path: string,
  options: ListFilesOptions,
): AsyncIterable<FileInfo> {
  const { key, call } = begin(
    mount,
    "list",
    path,
    options,
    METHOD_OPTIONS.listFiles,
  );
  checkFlag("list", path, "recursive", options.recursive);
  const maxDepth = checkDepth("list", path, options.maxDepth);
  const matches = options.pattern === undefined
    ? null
    : compileName(options.pattern);
  mount.require("list", "list", path);
  const shallow = maxDepth === null ? !options.recursive : maxDepth === 0;
  return iterate(call, async function* (signal) {
    const walk = { shallow, maxDepth };
    for await (const { files } of pages(mount, toPrefix(key), walk, signal)) {
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
  const { key, call } = begin(
    mount,
    "list",
    path,
    options,
    METHOD_OPTIONS.listFolders,
  );
  const maxDepth = checkDepth("list", path, options.maxDepth) ?? 0;
  mount.require("list", "list", path);
  return iterate(call, async function* (signal) {
    let level = [key];
    for (let depth = 0; depth <= maxDepth && level.length > 0; depth++) {
      const below: string[] = [];
      for (const folder of level) {
        const prefix = toPrefix(folder);
        for await (
          const { folders } of pages(mount, prefix, CHILDREN, signal)
        ) {
          if (depth < maxDepth) below.push(...folders);
          yield entries(mount, folders);
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
  const { key, call } = begin(
    mount,
    "list",
    path,
    options,
    METHOD_OPTIONS.call,
  );
  mount.require("list", "list", path);
  return iterate(call, async function* (signal) {
    const walked = pages(mount, toPrefix(key), CHILDREN, signal);
    for await (const { files, folders } of walked) {
      yield [...infos(mount, files), ...entries(mount, folders)];
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
  requireKnown("glob", pattern, options, METHOD_OPTIONS.call);
  const compiled = compileGlob(pattern, mount.backend.name);
  mount.require("glob", "glob", pattern);
  const call = { mount, action: "glob", path: pattern, signal: options.signal };
  // The root is put in front as text: its own characters are no wildcards.
  const prefix = toPrefix(mount.root) + compiled.prefix;
  return iterate(call, async function* (signal) {
    for await (const { files } of pages(mount, prefix, compiled, signal)) {
      yield infos(
        mount,
        files.filter((f) => compiled.matches(mount.pathOf(f.key))),
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
  const { key, call } = begin(
    mount,
    action,
    path,
    options,
    METHOD_OPTIONS.getFolderInfo,
  );
  const maxDepth = checkDepth(action, path, options.maxDepth);
  mount.require("metadata", action, path);
  if (maxDepth !== null) mount.require("list", action, path, "maxDepth");
  const walk = { shallow: maxDepth === 0, maxDepth };
  return await cross(call, async (signal) => {
    const flat = mount.backend.namespace === "flat";
    let found = key === mount.root ||
      (!flat && await hasFolder(mount, key, signal));
    let fileCount = 0;
    let totalSize = 0;
    let latest: number | null = null;
    if (mount.has("list") && (flat || found)) {
      for await (const page of pages(mount, toPrefix(key), walk, signal)) {
        found ||= page.found;
        fileCount += page.files.length;
        for (const { size, lastModified } of page.files) {
          totalSize += size ?? 0;
          if (lastModified === null) continue;
          latest = Math.max(latest ?? -Infinity, lastModified);
        }
      }
    }
    if (!found && flat) await hasFolder(mount, key, signal);
    if (!found) throw isAbsentError(key);
    return toFolderInfo(mount.pathOf(key), fileCount, totalSize, latest);
  });
}

function begin<O extends CallOptions>(
  mount: Mount,
  action: string,
  path: string,
  options: O,
  known: KnownOptions<O>,
): { key: string; call: Call & { readonly path: string } } {
  const key = mount.folderKey(action, path);
  requireKnown(action, path, options, known);
  const call = {
    mount,
    action,
    path: mount.pathOf(key),
    signal: options.signal,
  };
  return { key, call };
}

/** A page of a walk, without what lies too deep and without the walked folder itself. */
interface WalkPage extends Pick<ListPage, "files" | "folders"> {
  /** Whether anything at all was on it: that is why the walked folder exists. */
  readonly found: boolean;
}

const CHILDREN: Walk = { shallow: true, maxDepth: 0 };

async function* pages(
  mount: Mount,
  prefix: string,
  walk: Walk,
  signal: AbortSignal | undefined,
): AsyncGenerator<WalkPage> {
  const own = prefix.slice(0, -1);
  // DEPTH-003: a backend may ignore the depth, the kernel never does.
  const limit = walk.maxDepth ?? (walk.shallow ? 0 : Infinity);
  const near = ({ key }: ListedFile) =>
    keyDepth(key.slice(prefix.length)) - 1 <= limit;
  let last: string | undefined;
  for await (const page of pagesOf(mount, prefix, walk, signal)) {
    // A service may name a common prefix again at the start of its next page.
    const folders = page.folders.filter((key) => key !== own && key !== last);
    last = page.folders.at(-1) ?? last;
    const files = limit === Infinity ? page.files : page.files.filter(near);
    const found = page.files.length + page.folders.length > 0;
    yield { files, folders, found };
  }
}

function infos(mount: Mount, files: readonly ListedFile[]): FileInfo[] {
  return files.map((file) => toFileInfo(file, mount.pathOf(file.key)));
}

function entries(mount: Mount, folders: readonly string[]): FolderEntry[] {
  return folders.map((key) => toFolderEntry(mount.pathOf(key)));
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

/**
 * An iteration: hands out the items of the page at hand, without a generator for each.
 * From the second page on the next one, and no other, is asked for meanwhile.
 */
function iteratorOf<T>(
  call: Call,
  produce: (signal: AbortSignal) => AsyncGenerator<readonly T[]>,
): AsyncIterator<T> {
  const stop = new AbortController();
  const { signal, release } = hold(call);
  // Joined once for all pages: each joining is kept alive by a long-lived signal.
  const rest = produce(joinSignals(signal, stop.signal));
  let page: readonly T[] = [];
  let at = 0;
  let pages = 0;
  let ahead: Promise<IteratorResult<readonly T[]>> | null = null;
  let loading: Promise<unknown> | null = null;
  const take = (): IteratorResult<T> => ({
    done: false,
    value: page[at++] as T,
  });
  const load = async (): Promise<IteratorResult<T>> => {
    while (at >= page.length) {
      try {
        const step = ahead ?? rest.next();
        ahead = null;
        const { done, value } = await step;
        if (done) {
          release();
          return { done, value };
        }
        page = value;
        at = 0;
        // Who takes a second page wants them all; most take the first alone.
        if (++pages < 2) continue;
        ahead = rest.next();
        ahead.catch(() => {});
      } catch (error) {
        release();
        // Left by the caller, so there is nobody to tell.
        if (!stop.signal.aborted || call.signal?.aborted) {
          throw toOutside(error, call);
        }
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
      release();
      page = [];
      await rest.return(undefined);
      return { done: true, value: undefined };
    },
  };
}
