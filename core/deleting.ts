// This module is browser compatible.
import { isContainerNotFound, type ListPage } from "./backend.ts";
import { cross } from "./boundary.ts";
import { deleteKeys, isMiss } from "./deleting_many.ts";
import {
  CapabilityNotSupportedError,
  DirectoryNotEmptyError,
  isRemoteStoreError,
  NotFoundError,
  restate,
} from "./errors.ts";
import {
  ifContainer,
  isFileError,
  missed,
  NO_PAGE,
  requireFile,
  stat,
} from "./folders.ts";
import { checkFlag } from "./gates.ts";
import type { Mount } from "./mount.ts";
import type { DeleteFolderOptions, DeleteOptions } from "./options.ts";
import { toPrefix } from "./path.ts";

type Signal = AbortSignal | undefined;

/** Deletes a file. */
export async function deleteFile(
  mount: Mount,
  path: string,
  options: DeleteOptions,
): Promise<void> {
  const key = mount.fileKey("delete", path);
  checkFlag("delete", path, "missingOk", options.missingOk);
  mount.require("delete", "delete", path);
  const call = {
    mount,
    action: "delete",
    path: mount.pathOf(key),
    signal: options.signal,
  };
  return await cross(call, async (signal) => {
    try {
      if (!mount.backend.deleteTells) await requireFile(mount, key, signal);
      const request = { ifMatch: null, signal };
      const removed = await ifContainer(
        mount.reach(signal).delete(key, request),
        false,
      );
      if (!removed && mount.backend.deleteTells) {
        throw await missed(mount, key, signal);
      }
    } catch (error) {
      // Wrong type outranks missingOk, so only a miss is forgiven.
      if (options.missingOk && isMiss(error)) return;
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
  const key = mount.fileKey("delete the folder", path);
  checkFlag("delete the folder", path, "missingOk", options.missingOk);
  checkFlag("delete the folder", path, "recursive", options.recursive);
  mount.require("delete", "delete the folder", path);
  const call = {
    mount,
    action: "delete the folder",
    path: mount.pathOf(key),
    signal: options.signal,
  };
  const recursive = options.recursive ?? false;
  return await cross(call, async (signal) => {
    const found = mount.backend.namespace === "hierarchical"
      ? await removeNode(mount, key, recursive, signal)
      : await removePrefix(mount, key, recursive, signal);
    if (!found && !options.missingOk) {
      throw new NotFoundError(undefined, { path: key });
    }
  });
}

async function removeNode(
  mount: Mount,
  key: string,
  recursive: boolean,
  signal: Signal,
): Promise<boolean> {
  const entry = await stat(mount, key, signal);
  if (entry?.kind === "file") throw isFileError(key);
  if (entry?.kind !== "folder") return false;
  await removeFolder(mount, key, recursive, signal);
  return true;
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

// A folder of a flat backend is what its listing says: files below, or a marker
// object that something else has left.
async function removePrefix(
  mount: Mount,
  key: string,
  recursive: boolean,
  signal: Signal,
): Promise<boolean> {
  let cursor: ListPage["cursor"] = null;
  let found = false;
  const markers: string[] = [];
  do {
    const page: ListPage = await ifContainer(
      mount.reach(signal).list(toPrefix(key), {
        shallow: false,
        cursor,
        limit: recursive ? null : 2,
        maxDepth: null,
        signal,
      }),
      NO_PAGE,
      cursor === null,
    );
    const { files, folders } = page;
    found ||= files.length > 0 || folders.length > 0;
    if (!recursive && (files.length > 0 || folders.some((f) => f !== key))) {
      throw new DirectoryNotEmptyError(undefined, { path: key });
    }
    markers.push(...folders);
    const keys = files.map((file) => file.key);
    for (const [at, error] of await deleteKeys(mount, keys, signal)) {
      // Gone already, by somebody else's hand.
      if (!isMiss(error) || isContainerNotFound(error)) {
        throw withPath(error, at);
      }
    }
    cursor = page.cursor;
  } while (cursor !== null);
  if (!found && (await stat(mount, key, signal))?.kind === "file") {
    throw isFileError(key);
  }
  for (const marker of markers.sort().reverse()) {
    await removeFolder(mount, marker, false, signal);
  }
  return found;
}

function withPath(error: unknown, path: string): unknown {
  return isRemoteStoreError(error) && error.path === null
    ? restate(error, error.message, { path })
    : error;
}
