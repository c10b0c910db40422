/**
 * One upload, from this device to the bucket, and what is kept of it meanwhile.
 *
 * @module
 */
import {
  AlreadyExistsError,
  escapeGlob,
  isRemoteStoreError,
  type StoreLike,
} from "@remote-store/core";
import {
  discardUpload,
  type PendingUpload,
  pendingUploads,
  resumableUpload,
} from "@remote-store/core/ext/resume";
import type { Inbox } from "./inbox.ts";
import type { Job } from "./job.ts";
import { PART_SIZE, type Remote } from "./remote.ts";
import { whenText } from "./words.ts";

/** What an upload is told. */
export interface UploadOptions {
  /** Pauses it. */
  readonly signal: AbortSignal;
  /** Called with the bytes that the service has, and how many of them it had before. */
  readonly onProgress: (acknowledged: number, kept: number) => void;
}

/**
 * Uploads a file, or goes on with it. Returns how many bytes the service had from earlier
 * visits, which were not sent again.
 */
export async function upload(
  remote: Remote,
  inbox: Inbox,
  job: Job,
  { signal, onProgress }: UploadOptions,
): Promise<number> {
  const { store } = remote;
  const { id, path, contentType, sha256, overwrite } = job;
  const before = await pendingOf(inbox, job);
  // A service says it at the end only, and that is late for a large file.
  if (before === null && !overwrite && await isTaken(store, path, signal)) {
    throw new AlreadyExistsError(`There is a file "${path}"`, { path });
  }
  let had: number | null = null;
  try {
    const { kept } = await resumableUpload(
      store,
      { store: inbox.contents, path: id },
      path,
      {
        tokens: tokensOf(inbox, job),
        partSize: PART_SIZE,
        overwrite,
        contentType,
        metadata: { sha256 },
        onProgress({ acknowledged }) {
          had ??= before === null ? 0 : acknowledged;
          onProgress(acknowledged, had);
        },
        signal,
      },
    );
    return kept;
  } catch (error) {
    // Whoever was first has the name. What was sent is of no use under another one.
    if (isInTheWay(error)) await discard(remote, inbox, job);
    throw error;
  }
}

/** Returns whether an error says that there is a file of that name. */
function isInTheWay(error: unknown): boolean {
  return isRemoteStoreError(error) && error.code === "AlreadyExists";
}

/** Returns whether there is a file, by a list: a look at what is absent is a failed request. */
export async function isTaken(
  store: StoreLike,
  path: string,
  signal?: AbortSignal,
): Promise<boolean> {
  for await (const _ of store.glob(escapeGlob(path), { signal })) return true;
  return false;
}

/** Throws away what the service has of an upload that is given up. */
export async function discard(
  { store }: Remote,
  inbox: Inbox,
  job: Job,
): Promise<void> {
  const token = await pendingOf(inbox, job);
  if (token === null) return;
  await discardUpload(store, token, { tokens: tokensOf(inbox, job) });
}

/** Returns what an earlier visit has left of an upload; `null` for nothing. */
export async function pendingOf(
  inbox: Inbox,
  job: Job,
): Promise<PendingUpload | null> {
  for await (const token of pendingUploads(tokensOf(inbox, job))) {
    const isIts = token.path === job.path &&
      token.options.metadata?.["sha256"] === job.sha256;
    if (isIts) return token;
  }
  return null;
}

/** Returns what is to be said of uploads under way. */
export async function pendingText(
  inbox: Inbox,
  service: string,
): Promise<string> {
  const begun: number[] = [];
  for await (const { created } of pendingUploads(inbox.tokens.child(service))) {
    begun.push(created);
  }
  return begun.length === 0
    ? "none"
    : `${begun.length}, the oldest begun at ${
      whenText(new Date(Math.min(...begun)))
    }`;
}

function tokensOf(inbox: Inbox, { service }: Job): StoreLike {
  return inbox.tokens.child(service);
}
