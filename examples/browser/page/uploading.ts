/**
 * One upload, from this device to the bucket.
 *
 * @module
 */
import { AlreadyExistsError } from "@remote-store/core";
import type { Inbox } from "./inbox.ts";
import type { Job } from "./job.ts";
import type { Remote } from "./remote.ts";

/** What an upload is told. */
export interface UploadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (acknowledged: number, kept: number) => void;
}

/** Uploads a file, or goes on with it. Ended by the signal it can go on later. */
export async function upload(
  { store }: Remote,
  inbox: Inbox,
  job: Job,
  { signal, onProgress }: UploadOptions,
): Promise<void> {
  const { id, path, contentType, sha256, overwrite } = job;
  // A service says it at the end only, and that is late for a large file.
  if (!overwrite && await store.exists(path, { signal })) {
    throw new AlreadyExistsError("it is there", { path });
  }
  const content = await (await inbox.contents.openBlob(id, { signal })).blob();
  await store.write(path, content, {
    overwrite,
    contentType,
    metadata: { sha256 },
    onProgress: (bytes) => onProgress(bytes, 0),
    signal,
  });
}

/** Throws away what the service has of an upload that is given up. */
export async function discard(
  _remote: Remote,
  _inbox: Inbox,
  _job: Job,
): Promise<void> {
}

/** Returns what is to be said of the tickets of uploads under way. */
export async function ticketsText(_inbox: Inbox): Promise<string> {
  return await Promise.resolve("none");
}
