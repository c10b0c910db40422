// This module is browser compatible.
import type { DeleteRequest, SignalRequest } from "../../core/backend.ts";
import {
  BackendUnavailableError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import {
  formatBatch,
  MAX_BATCH,
  parseBatch,
  type PartAnswer,
} from "./batch.ts";
import { type Container, refusal, release } from "./container.ts";
import { statBlob } from "./reading.ts";
import { isNoContainer, toError } from "./failures.ts";

/** A blob with snapshots can only be deleted together with them. */
const WITH_SNAPSHOTS = { "x-ms-delete-snapshots": "include" } as const;

/** Deletes a blob with its snapshots and returns whether there was one. */
export async function deleteBlob(
  container: Container,
  key: string,
  request: DeleteRequest,
): Promise<boolean> {
  return await deleteAt(container, container.url(key), request);
}

async function deleteAt(
  container: Container,
  url: string,
  { ifMatch, signal }: DeleteRequest,
): Promise<boolean> {
  const headers = {
    ...WITH_SNAPSHOTS,
    ...ifMatch === null ? {} : { "if-match": ifMatch },
  };
  const accept = [404, 412];
  const { response, doubtful } = await container.send("DELETE", url, {
    headers,
    signal,
    accept,
  });
  if (response.ok) {
    await release(response);
    return true;
  }
  const { failure, error } = await refusal(response, signal);
  if (isNoContainer(failure)) throw error;
  // The first try may have done it.
  if (response.status === 404) return doubtful;
  if (doubtful && error instanceof PreconditionFailedError) {
    return await isGone(container, url, signal);
  }
  throw error;
}

async function isGone(
  container: Container,
  url: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const options = { signal, accept: [404] };
  const { response } = await container.sendOnly("HEAD", url, options);
  if (response.status === 404) return true;
  throw new PreconditionFailedError();
}

/** Deletes the blobs that stand for a folder: one with the mark, one with a slash. */
export async function deleteMarker(
  container: Container,
  key: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const entry = await statBlob(container, key, signal);
  const request = { ifMatch: null, signal };
  if (entry?.kind === "folder") await deleteBlob(container, key, request);
  await deleteAt(container, `${container.url(key)}/`, request);
}

/** Deletes many blobs, a batch at a time, and returns what failed, by key. */
export async function deleteBlobs(
  container: Container,
  keys: readonly string[],
  { signal }: SignalRequest,
): Promise<Map<string, unknown>> {
  const failed = new Map<string, unknown>();
  for (let at = 0; at < keys.length; at += MAX_BATCH) {
    const some = keys.slice(at, at + MAX_BATCH);
    const answers = await sendBatch(container, some, signal);
    some.forEach((key, number) => {
      const error = toPartError(answers.get(number), answers.get(-1));
      if (error !== null) failed.set(key, error);
    });
  }
  return failed;
}

async function sendBatch(
  container: Container,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<number, PartAnswer>> {
  const boundary = `batch_${crypto.randomUUID()}`;
  const parts = await Promise.all(keys.map((key) => {
    const url = container.url(key);
    const headers = WITH_SNAPSHOTS;
    const part = { method: "DELETE", url, headers, body: null };
    return container.signPart(part, signal);
  }));
  const url = container.ownUrl({ comp: "batch" });
  const { response } = await container.send("POST", url, {
    headers: { "content-type": `multipart/mixed; boundary=${boundary}` },
    body: new TextEncoder().encode(formatBatch(parts, boundary)),
    signal,
  });
  return parseBatch(await response.text());
}

function toPartError(
  answer: PartAnswer | undefined,
  whole: PartAnswer | undefined,
): unknown {
  const found = answer ?? whole;
  if (found === undefined) {
    return new BackendUnavailableError("the batch did not answer for it");
  }
  return found.status >= 200 && found.status < 300 ? null : toError(found);
}
