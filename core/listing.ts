// This module is browser compatible.
import type { ListedFile } from "./backend.ts";
import { beginFolder, cross } from "./boundary.ts";
import { hasFolder, isAbsentError } from "./folders.ts";
import { checkFlag, checkWhole } from "./gates.ts";
import { refuse } from "./errors.ts";
import { compileGlob, compileName } from "./glob.ts";
import { iterate } from "./iterating.ts";
import {
  CALL,
  FOLDER_INFO,
  LIST_FILES,
  LIST_FOLDERS,
  requireKnown,
} from "./known_options.ts";
import type { Mount } from "./mount.ts";
import type { Walk } from "./paging.ts";
import type {
  CallOptions,
  FolderInfoOptions,
  ListFilesOptions,
  ListFoldersOptions,
} from "./options.ts";
import { keyName, toPrefix } from "./path.ts";
import {
  type FileInfo,
  type FolderEntry,
  type FolderInfo,
  toFileInfo,
  toFolderEntry,
  toFolderInfo,
} from "./results.ts";
import { subfolders } from "./subfolders.ts";
import { CHILDREN, isWithin, walk } from "./walking.ts";

/** Lists files. Arguments and gates are checked here, at the call. */
export function listFiles(
  mount: Mount,
  path: string,
  options: ListFilesOptions,
): AsyncIterable<FileInfo> {
  const call = beginFolder(
    mount,
    "list",
    path,
    options,
    LIST_FILES,
  );
  const { key } = call;
  const recursive = checkFlag("list", path, "recursive", options.recursive);
  const maxDepth = checkWhole("list", path, "maxDepth", options.maxDepth);
  const matches = options.pattern === undefined
    ? null
    : compileName(options.pattern);
  const shallow = maxDepth === null ? !recursive : maxDepth === 0;
  const limit = checkWhole("list", path, "limit", options.limit, 1);
  const prefix = toPrefix(key);
  const depth = shallow ? 0 : maxDepth ?? Infinity;
  const startAfter = startOf(mount, path, prefix, depth, options.startAfter);
  mount.require("list", "list", path);
  if (startAfter !== null) {
    mount.require("list_from", "list", path, "startAfter");
  }
  const asked: Walk = {
    shallow,
    maxDepth,
    startAfter,
    ordered: limit !== null || startAfter !== null,
    // What is left out here does not fill a page.
    limit: matches === null && (shallow || maxDepth === null) ? limit : null,
  };
  return iterate(call, async function* (passage) {
    let left = limit ?? Infinity;
    for await (const { files } of walk(mount, prefix, asked, passage)) {
      const found = matches === null
        ? files
        : files.filter((f) => matches(keyName(f.key)));
      const wanted = found.length > left ? found.slice(0, left) : found;
      left -= wanted.length;
      yield infos(mount, wanted);
      if (left === 0) return;
    }
  });
}

// Nothing that a listing has given is outside of it, so that is a mistake.
function startOf(
  mount: Mount,
  path: string,
  prefix: string,
  depth: number,
  startAfter: string | undefined,
): string | null {
  if (startAfter === undefined) return null;
  const key = mount.keyOf("list", startAfter);
  if (key.startsWith(prefix) && isWithin(key, prefix.length, depth)) return key;
  refuse(
    "list",
    path,
    `startAfter is ${JSON.stringify(startAfter)}, which it would not list`,
  );
}

/** Lists folders, level by level. */
export function listFolders(
  mount: Mount,
  path: string,
  options: ListFoldersOptions,
): AsyncIterable<FolderEntry> {
  const call = beginFolder(
    mount,
    "list",
    path,
    options,
    LIST_FOLDERS,
  );
  const { key } = call;
  const maxDepth = checkWhole("list", path, "maxDepth", options.maxDepth) ?? 0;
  mount.require("list", "list", path);
  return iterate(call, async function* (passage) {
    for await (const folders of subfolders(mount, key, maxDepth, passage)) {
      yield entries(mount, folders);
    }
  });
}

/** Lists files and folders of one level in one pass. */
export function iterChildren(
  mount: Mount,
  path: string,
  options: CallOptions,
): AsyncIterable<FileInfo | FolderEntry> {
  const call = beginFolder(mount, "list", path, options, CALL);
  const { key } = call;
  mount.require("list", "list", path);
  return iterate(call, async function* (passage) {
    const walked = walk(mount, toPrefix(key), CHILDREN, passage);
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
  requireKnown("glob", pattern, options, CALL);
  const compiled = compileGlob(pattern, mount.backend.name);
  mount.require("glob", "glob", pattern);
  const call = { mount, action: "glob", path: pattern, signal: options.signal };
  // The root is put in front as text: its own characters are no wildcards.
  const prefix = toPrefix(mount.root) + compiled.prefix;
  return iterate(call, async function* (passage) {
    for await (const { files } of walk(mount, prefix, compiled, passage)) {
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
  const call = beginFolder(mount, action, path, options, FOLDER_INFO);
  const { key } = call;
  const maxDepth = checkWhole(action, path, "maxDepth", options.maxDepth);
  mount.require("metadata", action, path);
  // Without a listing there is no sum: zero files would be a guess.
  mount.require("list", action, path);
  const asked = { shallow: maxDepth === 0, maxDepth };
  return await cross(call, async (signal) => {
    const flat = mount.backend.namespace === "flat";
    let found = key === mount.root ||
      (!flat && await hasFolder(mount, key, signal));
    let fileCount = 0;
    let totalSize = 0;
    let latest: number | null = null;
    if (flat || found) {
      const pages = walk(mount, toPrefix(key), asked, { signal });
      for await (const page of pages) {
        found ||= page.found;
        fileCount += page.files.length;
        for (const { size, lastModified } of page.files) {
          totalSize += size ?? 0;
          if (lastModified === null) continue;
          latest = Math.max(latest ?? -Infinity, lastModified);
        }
      }
    }
    if (!found && flat) found = await hasFolder(mount, key, signal);
    if (!found) throw isAbsentError(key);
    return toFolderInfo(mount.pathOf(key), fileCount, totalSize, latest);
  });
}

function infos(mount: Mount, files: readonly ListedFile[]): FileInfo[] {
  return files.map((file) => toFileInfo(file, mount.pathOf(file.key)));
}

function entries(mount: Mount, folders: readonly string[]): FolderEntry[] {
  return folders.map((key) => toFolderEntry(mount.pathOf(key)));
}
