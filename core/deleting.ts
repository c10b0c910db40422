// This module is browser compatible.
import type { ListedFile } from "./backend.ts";
import {
  beginFile,
  type Call,
  cross,
  type KeyCall,
  placeAt,
} from "./boundary.ts";
import { noVersion, requireMatch } from "./commit.ts";
import { deleteKeys, isMiss } from "./deleting_many.ts";
import {
  CapabilityNotSupportedError,
  DirectoryNotEmptyError,
  PreconditionFailedError,
  refuse,
} from "./errors.ts";
import {
  hasFolder,
  isAbsentError,
  missed,
  requireFile,
  requireNoFile,
} from "./folders.ts";
import { forEach } from "./for_each.ts";
import { checkEtag, checkFlag, checkVersion } from "./gates.ts";
import { DELETE, DELETE_FOLDER } from "./known_options.ts";
import { isCarried, isListed, isMark, markedFolder } from "./markers.ts";
import type { Mount } from "./mount.ts";
import type { DeleteFolderOptions, DeleteOptions } from "./options.ts";
import { folderName, pagesOf } from "./paging.ts";
import { toPrefix } from "./path.ts";

type Signal = AbortSignal | undefined;

/** Deletes a file. */
export async function deleteFile(
  mount: Mount,
  path: string,
  options: DeleteOptions,
): Promise<void> {
  const call = beginFile(
    mount,
    "delete",
    path,
    options,
    DELETE,
  );
  const { key } = call;
  const missingOk = checkFlag("delete", path, "missingOk", options.missingOk);
  const ifMatch = checkEtag("delete", path, "ifMatch", options.ifMatch);
  const versionId = checkVersion(mount, "delete", path, options.versionId);
  if (ifMatch !== null && versionId !== null) {
    refuse(
      "delete",
      path,
      "versionId excludes ifMatch",
    );
  }
  mount.require("delete", "delete", path);
  if (ifMatch !== null) {
    mount.require("conditional_delete", "delete", path, "ifMatch");
  }
  return await cross(call, async (signal) => {
    try {
      const { deleteTells, folderMarks } = mount.backend;
      const looks = versionId === null &&
        (!deleteTells || (mount.strictFolders && folderMarks));
      const entry = looks ? await requireFile(mount, key, signal) : null;
      if (entry && ifMatch !== null) requireMatch(entry.etag, ifMatch, key);
      const request = { ifMatch, versionId, signal };
      const removed = await mount.reach(signal).delete(key, request);
      if (!removed && versionId !== null) throw noVersion(key, versionId);
      if (!removed && deleteTells) {
        throw await missed(mount, key, signal);
      }
    } catch (error) {
      // Wrong type outranks missingOk, so only a miss is forgiven.
      if (missingOk && isMiss(error)) return;
      throw error;
    }
  });
}

/** Deletes a folder. */
export async function deleteFolder(
  mount: Mount,
  path: string,
  options: DeleteFolderOptions,
): Promise<void> {
  const action = "delete the folder";
  const call = beginFile(mount, action, path, options, DELETE_FOLDER);
  const { key } = call;
  const missingOk = checkFlag(action, path, "missingOk", options.missingOk);
  const recursive = checkFlag(action, path, "recursive", options.recursive);
  mount.require("delete", action, path);
  return await cross(call, async (signal) => {
    const found = mount.backend.namespace === "hierarchical"
      ? await removeNode(mount, key, recursive, signal)
      : await removePrefix(call, recursive, signal);
    if (!found && !missingOk) {
      throw isAbsentError(key);
    }
  });
}

async function removeNode(
  mount: Mount,
  key: string,
  recursive: boolean,
  signal: Signal,
): Promise<boolean> {
  const found = await hasFolder(mount, key, signal);
  if (found) await removeFolder(mount, key, recursive, signal);
  return found;
}

async function removeFolder(
  mount: Mount,
  key: string,
  recursive: boolean,
  signal: Signal,
): Promise<void> {
  const { backend } = mount;
  if (backend.removeFolder === undefined) {
    throw new CapabilityNotSupportedError("the backend removes no folders", {
      capability: "delete",
    });
  }
  const removed = await mount.reach(signal).removeFolder?.(key, {
    recursive,
    signal,
  });
  if (removed) return;
  throw new DirectoryNotEmptyError(undefined, { path: key });
}

// A folder of a flat backend is what its listing says: files below, markers that something
// else has left, and what no path can name. The folder's own marker goes last, so that a
// call that was cut short finds the folder again.
async function removePrefix(
  call: KeyCall,
  recursive: boolean,
  signal: Signal,
): Promise<boolean> {
  const { mount, key } = call;
  const prefix = toPrefix(key);
  let found = false;
  let isMarked = false;
  let isFolder = false;
  let left: string | null = null;
  const limit = recursive ? null : 2;
  for await (
    const { files, folders } of pagesOf(mount, prefix, { limit }, { signal })
  ) {
    found ||= files.length + folders.length > 0;
    if (!recursive) requireEmpty(key, files, folders);
    const names: string[] = [];
    const below: string[] = [];
    const sort = (name: string, own: string, into: string[]) => {
      if (name === own) return true;
      if (isCarried(name)) into.push(name);
      else left ??= name;
      return false;
    };
    for (const file of files) {
      isMarked = sort(file.key, prefix, names) || isMarked;
    }
    for (const name of folders) {
      isFolder = sort(folderName(name), key, below) || isFolder;
    }
    await removeObjects(call, names, signal);
    await removeFolders(call, below, signal);
  }
  if (left !== null) throw notEmpty(key, left);
  if (isMarked) await removeObjects(call, [prefix], signal);
  if (isFolder) await removeFolders(call, [key], signal);
  // The folder's mark lies at its key, and not below it.
  if (!found || mount.backend.folderMarks === true) {
    return await removeMark(mount, key, found, signal);
  }
  return true;
}

// A marker with bytes is content: it goes where all content is asked to go.
function requireEmpty(
  key: string,
  files: readonly ListedFile[],
  folders: readonly string[],
): void {
  for (const file of files) {
    if (file.key === `${key}/` && file.size === 0) continue;
    const isNamed = isListed(file) ||
      ![null, key].includes(markedFolder(file));
    throw isNamed
      ? new DirectoryNotEmptyError(undefined, { path: key })
      : notEmpty(key, file.key);
  }
  if (folders.some((name) => folderName(name) !== key)) {
    throw new DirectoryNotEmptyError(undefined, { path: key });
  }
}

function notEmpty(key: string, name: string): DirectoryNotEmptyError {
  return new DirectoryNotEmptyError(
    `it holds the object ${JSON.stringify(name)}, which no path can name`,
    { path: key },
  );
}

async function removeFolders(
  call: Call,
  keys: readonly string[],
  signal: Signal,
): Promise<void> {
  const failed = await forEach(
    keys,
    (key) => removeFolder(call.mount, key, false, signal),
    signal,
  );
  for (const [at, error] of failed) throw placeAt(error, call, at);
}

async function removeObjects(
  call: Call,
  names: readonly string[],
  signal: Signal,
): Promise<void> {
  for (const [at, error] of await deleteKeys(call.mount, names, signal)) {
    // Gone already, by somebody else's hand.
    if (!isMiss(error)) throw placeAt(error, call, at);
  }
}

async function removeMark(
  mount: Mount,
  key: string,
  found: boolean,
  signal: Signal,
): Promise<boolean> {
  const entry = await mount.reach(signal).stat(key, { signal });
  if (entry?.kind !== "file" || !isMark(entry)) {
    if (!found) requireNoFile(entry, key);
    return found || entry?.kind === "folder";
  }
  try {
    // Somebody may have put a file there meanwhile.
    const request = { ifMatch: entry.etag, signal };
    await mount.reach(signal).delete(key, request);
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
  }
  return true;
}
