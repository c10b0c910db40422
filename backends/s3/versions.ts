// This module is browser compatible.
import type { FileEntry } from "../../core/backend.ts";
import { isContainerNotFound } from "../../core/containers.ts";
import { isRemoteStoreError } from "../../core/errors.ts";
import type { HttpFailure } from "../_http/answer.ts";

/** A parameter that names a version; empty for the current one. */
export function versionQuery(
  versionId: string | null,
): { readonly query?: { readonly versionId: string } } {
  return versionId === null ? {} : { query: { versionId } };
}

/**
 * Returns what is known of a version. `null` is the name of what a bucket without versions
 * holds, of which not every answer speaks.
 */
export function ofVersion(
  entry: FileEntry,
  versionId: string | null,
): FileEntry {
  const isNamed = versionId !== "null" || entry.extra?.["versionId"];
  return isNamed ? entry : { ...entry, extra: { ...entry.extra, versionId } };
}

/** Returns whether what was asked for is the mark of a deletion, which nobody can read. */
export function isMarker({ status, headers }: HttpFailure): boolean {
  return status === 405 && headers.get("x-amz-delete-marker") === "true";
}

/** Returns whether an error says that there is no such file or version. */
export function saysAbsent(error: unknown): boolean {
  return isRemoteStoreError(error) && error.code === "NotFound" &&
    !isContainerNotFound(error);
}
