// This module is browser compatible.
import { isContainerNotFound } from "./backend.ts";
import { cross, placeAt } from "./boundary.ts";
import { isRemoteStoreError, NotFoundError, refuse } from "./errors.ts";
import { missed, requireFile } from "./folders.ts";
import { forEach } from "./for_each.ts";
import { checkFlag } from "./gates.ts";
import { DELETE_MANY, requireKnown } from "./known_options.ts";
import type { Mount } from "./mount.ts";
import type { DeleteManyOptions } from "./options.ts";

type Signal = AbortSignal | undefined;

/** Deletes files and returns what failed, by the path as it was passed. */
export async function deleteMany(
  mount: Mount,
  paths: Iterable<string>,
  options: DeleteManyOptions,
): Promise<ReadonlyMap<string, unknown>> {
  mount.requireOpen("delete", null);
  requireKnown("delete", null, options, DELETE_MANY);
  const missingOk = checkFlag("delete", null, "missingOk", options.missingOk);
  if (typeof paths === "string") {
    refuse("delete", paths, "a list of paths is needed");
  }
  mount.require("delete", "delete", null);
  const { signal } = options;
  const call = { mount, action: "delete", path: null, signal };
  const failed = new Map<string, unknown>();
  const spellings = new Map<string, string[]>();
  for (const path of paths) {
    try {
      const key = mount.fileKey("delete", path);
      const same = spellings.get(key);
      if (same === undefined) spellings.set(key, [path]);
      else if (same.at(-1) !== path) same.push(path);
    } catch (error) {
      failed.set(path, error);
    }
  }
  const fail = (key: string, error: unknown) => {
    if (isContainerNotFound(error)) throw error;
    if (missingOk && isMiss(error)) return;
    const placed = placeAt(error, call, key);
    for (const passed of spellings.get(key) ?? []) failed.set(passed, placed);
  };
  await cross(call, async (inner) => {
    let keys = [...spellings.keys()];
    const { deleteTells, folderMarks } = mount.backend;
    const looks = (!deleteTells && !missingOk) ||
      (mount.strictFolders && folderMarks);
    if (looks) {
      const absent = await forEach(
        keys,
        (key) => requireFile(mount, key, inner),
        inner,
      );
      absent.forEach((error, key) => fail(key, error));
      keys = keys.filter((key) => !absent.has(key));
    }
    const errors = await deleteKeys(mount, keys, inner);
    // Wrong type outranks absence, so a miss is looked at once more. With missingOk a
    // folder is no file either: asking about each would cost what the bulk saves.
    const misses = options.missingOk
      ? []
      : keys.filter((key) => isMiss(errors.get(key)));
    const causes = await forEach(
      misses,
      async (key) => Promise.reject(await missed(mount, key, inner)),
      inner,
    );
    errors.forEach((error, key) => fail(key, causes.get(key) ?? error));
  });
  return failed;
}

/** Deletes keys and returns what failed, absent ones among them as far as the backend tells. */
export async function deleteKeys(
  mount: Mount,
  keys: readonly string[],
  signal: Signal,
): Promise<ReadonlyMap<string, unknown>> {
  if (keys.length === 0) return new Map();
  const backend = mount.reach(signal);
  if (backend.deleteMany !== undefined) {
    return await backend.deleteMany(keys, { signal });
  }
  const request = { ifMatch: null, signal };
  return await forEach(keys, async (key) => {
    const removed = await mount.reach(signal).delete(key, request);
    if (!removed && backend.deleteTells) throw new NotFoundError();
  }, signal);
}

/** Returns whether an error says that the file is absent, and not its container. */
export function isMiss(error: unknown): boolean {
  return isRemoteStoreError(error) && error.code === "NotFound" &&
    !isContainerNotFound(error);
}
