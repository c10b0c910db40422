// This module is browser compatible.
import type { FileEntry } from "../../core/backend.ts";
import { isContainerNotFound } from "../../core/containers.ts";
import { isRemoteStoreError } from "../../core/errors.ts";

/** A parameter that names a version; none for the current one. */
export function versionQuery(
  versionId: string | null,
): { readonly versionId: string } | undefined {
  return versionId === null ? undefined : { versionId };
}

/**
 * Returns what is known of a version. `null` is the name of what a bucket without versions
 * holds, of which not every answer speaks; `isSame` says that the answer is about the
 * version in any case.
 */
export function ofVersion(
  entry: FileEntry,
  versionId: string | null,
  isSame: boolean = versionId === "null",
): FileEntry {
  return isSame && versionId !== null
    ? { ...entry, extra: { versionId, ...entry.extra } }
    : entry;
}

/** Returns whether an error says that there is no such file or version. */
export function saysAbsent(error: unknown): boolean {
  return isRemoteStoreError(error) && error.code === "NotFound" &&
    !isContainerNotFound(error);
}
