// This module is browser compatible.
import type { PartsRequest } from "../../core/backend_uploads.ts";
import type { PromisedUpload } from "../../core/signing.ts";

/** What an upload in parts is to be; its size is `null` where nobody knows it. */
export type Promised =
  & Pick<PartsRequest, "condition" | "headers">
  & Pick<PromisedUpload, "size" | "partSize">;

/** Returns what a signer is told of an upload in parts. */
export function promisedBy(
  { size, partSize, condition, headers }: Promised,
): PromisedUpload {
  const { overwrite, ifMatch } = condition;
  const create = !overwrite && ifMatch === null;
  const { contentType } = headers;
  return { size, partSize, create, ifMatch, contentType, source: null };
}
