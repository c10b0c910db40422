// This module is browser compatible.
import type { CopyRequest, FileEntry } from "../../core/backend.ts";
import { conditionFailed } from "../../core/commit.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  NotFoundError,
  PreconditionFailedError,
  RemoteStoreError,
} from "../../core/errors.ts";
import type { Sent } from "../_http/sending.ts";
import { type Container, refusal, release } from "./container.ts";
import { statBlob } from "./reading.ts";
import { failureCode, isNoContainer } from "./failures.ts";
import { conditionFields } from "./wire.ts";

const MIB = 1024 * 1024;

/** The largest source that the service copies while the caller waits. */
const MAX_SYNC = 256 * MIB;

/** The waits between two looks at a copy under way, in milliseconds. */
const MIN_WAIT = 250;
const MAX_WAIT = 5000;

/** Copies a blob with its metadata on the service; `budget` is for copies that it queues. */
export async function copyBlob(
  container: Container,
  from: string,
  to: string,
  request: CopyRequest,
  budget: number,
): Promise<void> {
  const { source, condition, signal } = request;
  const { url, authorization } = await container.source(from, signal);
  const waits = source.size !== null && source.size <= MAX_SYNC;
  const headers = {
    "x-ms-copy-source": url,
    ...authorization === null || !waits
      ? {}
      : { "x-ms-copy-source-authorization": authorization },
    ...waits ? { "x-ms-requires-sync": "true" } : {},
    ...source.etag === null ? {} : { "x-ms-source-if-match": source.etag },
    ...conditionFields(condition),
  };
  const sent = await container.send("PUT", container.url(to), {
    headers,
    signal,
    accept: [404, 409, 412],
  });
  if (!sent.response.ok) {
    return await settle(container, from, to, sent, request);
  }
  await release(sent.response);
  const status = sent.response.headers.get("x-ms-copy-status");
  if (status === "pending" || (status === null && !waits)) {
    const id = sent.response.headers.get("x-ms-copy-id");
    await poll(container, to, id, budget, signal);
  }
}

async function settle(
  container: Container,
  from: string,
  to: string,
  sent: Sent,
  request: CopyRequest,
): Promise<void> {
  const { source, condition, signal } = request;
  const { failure, error } = await refusal(sent.response, signal);
  if (isNoContainer(failure)) throw error;
  if (failure.status === 404) {
    throw new NotFoundError(undefined, { path: from });
  }
  const exists = error instanceof AlreadyExistsError;
  if (!exists && !(error instanceof PreconditionFailedError)) throw error;
  const target = await statBlob(container, to, signal);
  if (sent.doubtful && target?.kind === "file" && isCopy(target, source)) {
    return;
  }
  const open = condition.overwrite && condition.ifMatch === null;
  const ours = failureCode(failure) === "SourceConditionNotMet" ||
    (!exists && (open || target === null));
  if (!ours) throw conditionFailed(condition);
  throw new PreconditionFailedError("it has changed since it was looked at", {
    path: from,
  });
}

// A copy has its source's hash, and no older time.
function isCopy(target: FileEntry, source: FileEntry): boolean {
  return target.size === source.size &&
    (target.digest?.value ?? null) === (source.digest?.value ?? null) &&
    (target.lastModified ?? 0) >= (source.lastModified ?? 0);
}

async function poll(
  container: Container,
  key: string,
  id: string | null,
  budget: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = container.now() + budget;
  try {
    for (let wait = MIN_WAIT;; wait = Math.min(2 * wait, MAX_WAIT)) {
      await container.sleep(wait, signal);
      const { response } = await container.sendOnly(
        "HEAD",
        container.url(key),
        { signal },
      );
      const status = response.headers.get("x-ms-copy-status");
      // CORS rules can hide it, and then nobody tells when it is done.
      if (status === "success" || status === null) return;
      if (status !== "pending") {
        throw new RemoteStoreError(`the service's copy has ended as ${status}`);
      }
      if (container.now() > deadline) {
        throw new BackendUnavailableError(
          `the service's copy was not done after ${budget} ms`,
        );
      }
    }
  } catch (error) {
    await abandon(container, key, id);
    throw error;
  }
}

// With no signal: the caller's is aborted already. What is left is an empty blob, so
// the copy that goes on would be no harm, but its time would be paid for.
async function abandon(
  container: Container,
  key: string,
  id: string | null,
): Promise<void> {
  if (id === null) return;
  const url = container.url(key, { comp: "copy", copyid: id });
  const headers = { "x-ms-copy-action": "abort" };
  await container.sendOnly("PUT", url, {
    headers,
    signal: AbortSignal.timeout(MAX_WAIT),
    once: true,
  }).catch(() => {});
}
