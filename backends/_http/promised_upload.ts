// This module is browser compatible.
import type { PartsRequest } from "../../core/backend_uploads.ts";
import type { PromisedUpload } from "../../core/signing.ts";

/** Returns what a signer is told of an upload that outlives a call. */
export function promisedBy(
  { size, partSize, condition, headers }: PartsRequest,
): PromisedUpload {
  const { overwrite, ifMatch } = condition;
  const create = !overwrite && ifMatch === null;
  const { contentType } = headers;
  return { size, partSize, create, ifMatch, contentType, source: null };
}
