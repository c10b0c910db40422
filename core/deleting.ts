// This module is browser compatible.
import { isContainerNotFound } from "./backend.ts";
import { cross } from "./boundary.ts";
import { deleteKeys, isMiss } from "./deleting_many.ts";
import {
  CapabilityNotSupportedError,
  DirectoryNotEmptyError,
  isRemoteStoreError,
  restate,
} from "./errors.ts";
import {
  hasFolder,
  ifContainer,
  isAbsentError,
  missed,
  pagesOf,
  requireFile,
} from "./folders.ts";
import { checkFlag } from "./gates.ts";
import { METHOD_OPTIONS, requireKnown } from "./known_options.ts";
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
  requireKnown("delete", path, options, METHOD_OPTIONS.delete);
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
  requireKnown("delete the folder", path, options, METHOD_OPTIONS.deleteFolder);
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

// A folder of a flat backend is what its listing says: files below, or a marker
// object that something else has left.
async function removePrefix(
  mount: Mount,
  key: string,
  recursive: boolean,
  signal: Signal,
): Promise<boolean> {
  let found = false;
  const markers: string[] = [];
  const limit = recursive ? null : 2;
  const pages = pagesOf(mount, toPrefix(key), { limit }, signal);
  for await (const { files, folders } of pages) {
    found ||= files.length + folders.length > 0;
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
  }
  if (!found) await hasFolder(mount, key, signal);
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
