// This module is browser compatible.
import type { CopyRequest } from "../../core/backend.ts";
import { conditionFailed } from "../../core/commit.ts";
import {
  inDoubt,
  mine,
  settle,
  UNKNOWN,
  type Verdict,
} from "../../core/doubt.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  CapabilityNotSupportedError,
  isRemoteStoreError,
  NotFoundError,
  PreconditionFailedError,
  RemoteStoreError,
} from "../../core/errors.ts";
import { empty, type HttpFailure } from "../_http/answer.ts";
import type { HttpAttempt } from "../_http/client.ts";
import { parseDate } from "../_http/headers.ts";
import { ACCEPTED, CREATED } from "./answers.ts";
import type { Container } from "./container.ts";
import {
  failureCode,
  isAbsent,
  isConflict,
  isNoContainer,
} from "./failures.ts";
import { overtaken } from "./evidence.ts";
import { asTaken, look, type Seen, statBlob } from "./probing.ts";
import { hasTags, readTags, tierOf } from "./tags.ts";
import { conditionFields } from "./wire.ts";
import { storedFields } from "./writing.ts";

const MIB = 1024 * 1024;

/** The largest source that the service copies while the caller waits. */
const MAX_SYNC = 256 * MIB;

/** The largest source of which it makes a blob with other fields. */
const MAX_PUT = 5000 * MIB;

/** The waits between two looks at a copy under way, in milliseconds. */
const MIN_WAIT = 250;
const MAX_WAIT = 5000;

/** How far a clock must have been set for a source to be signed for anew. */
const CLOCK_STEP = 60_000;

/** A copy of a blob. */
export interface Copy extends CopyRequest {
  /** The key of the source. */
  readonly from: string;
  /** The key of the copy. */
  readonly to: string;
  /** Whether the caller named the version that the copy replaces. */
  readonly named: boolean;
  /** The time for a copy that the service queues, in milliseconds. */
  readonly budget: number;
}

/** Copies a blob on the service, with its metadata, its index tags and the tier that it was given. */
export async function copyBlob(
  container: Container,
  copy: Copy,
): Promise<void> {
  const { to, signal, source, stored } = copy;
  if (stored !== null && (source.size ?? 0) > MAX_PUT) {
    throw new CapabilityNotSupportedError(
      "Azure copies up to 5,000 MiB with other metadata or another type",
      { capability: "copy_metadata" },
    );
  }
  const waits = source.size !== null && source.size <= MAX_SYNC;
  const started = container.now();
  const sent = await send(container, copy, waits);
  const told = await asTaken(container, to, sent, copy.condition, signal);
  const attempt = await worded(container, copy, told);
  const answered = await settle(
    attempt,
    () => recorded(container, copy, attempt, started),
    signal,
  );
  // Put Blob From URL has no answer before it is done.
  if (stored !== null) return;
  const status = answered.get("x-ms-copy-status");
  if (status === "pending" || (status === null && !waits)) {
    await poll(container, to, answered.get("x-ms-copy-id"), copy);
  }
}

// By a wrong clock the source was signed for in the past: the call itself has been
// repaired by then, but not what it carries.
async function send(
  container: Container,
  copy: Copy,
  waits: boolean,
): Promise<HttpAttempt<Headers>> {
  const ahead = () => container.clock.now() - container.now();
  const before = ahead();
  const sent = await sendOnce(container, copy, waits);
  const isDenied = sent.outcome === "refused" &&
    (sent.failure?.status === 401 || sent.failure?.status === 403);
  return isDenied && Math.abs(ahead() - before) > CLOCK_STEP
    ? await sendOnce(container, copy, waits)
    : sent;
}

async function sendOnce(
  container: Container,
  { from, to, source, stored, condition, signal }: Copy,
  synchronous: boolean,
): Promise<HttpAttempt<Headers>> {
  const waits = synchronous || stored !== null;
  const tagged = hasTags(source);
  const { url, authorization } = await container.source(from, tagged, signal);
  const tier = tierOf(source);
  const headers = {
    "x-ms-copy-source": url,
    ...tier === null ? {} : { "x-ms-access-tier": tier },
    ...tagged ? await tagFields(container, from, waits, signal) : {},
    ...authorization === null || !waits
      ? {}
      : { "x-ms-copy-source-authorization": authorization },
    // Copy Blob keeps what stands beside the bytes, but for metadata; Put Blob From URL
    // keeps nothing.
    ...stored !== null
      ? {
        "x-ms-blob-type": "BlockBlob",
        "x-ms-copy-source-blob-properties": "false",
        ...storedFields(stored),
      }
      : waits
      ? { "x-ms-requires-sync": "true" }
      : {},
    ...source.etag === null ? {} : { "x-ms-source-if-match": source.etag },
    ...conditionFields(condition),
  };
  return await container.change("PUT", container.url(to), {
    headers,
    answers: stored === null ? ACCEPTED : CREATED,
    signal,
  });
}

// Only a copy that is waited for takes tags along by itself.
async function tagFields(
  container: Container,
  from: string,
  waits: boolean,
  signal: AbortSignal | undefined,
): Promise<Record<string, string>> {
  return waits
    ? { "x-ms-copy-source-tag-option": "COPY" }
    : { "x-ms-tags": await readTags(container, from, signal) };
}

/** Words a refusal as what it is about: the source or the target. */
async function worded(
  container: Container,
  copy: Copy,
  attempt: HttpAttempt<Headers>,
): Promise<HttpAttempt<Headers>> {
  const { from, condition } = copy;
  if (attempt.outcome === "done" || attempt.failure === null) return attempt;
  const { failure, error } = attempt;
  if (isAbsent(failure) && !isNoContainer(failure)) {
    return { ...attempt, error: new NotFoundError(undefined, { path: from }) };
  }
  if (!isConflict(error)) return attempt;
  if (!await isOfSource(container, copy, failure, error)) {
    return { ...attempt, error: conditionFailed(condition) };
  }
  const changed = new PreconditionFailedError(
    "it has changed since it was looked at",
    { path: from },
  );
  return { ...attempt, error: changed };
}

// Not every service says by its word which of the two conditions has failed.
async function isOfSource(
  container: Container,
  { to, condition, signal }: Copy,
  failure: HttpFailure,
  error: Error,
): Promise<boolean> {
  if (failureCode(failure) === "SourceConditionNotMet") return true;
  if (error instanceof AlreadyExistsError) return false;
  const { overwrite, ifMatch } = condition;
  if (overwrite && ifMatch === null) return true;
  const entry = await statBlob(container, to, signal);
  return ifMatch === null ? entry === null : entry?.etag === ifMatch;
}

/**
 * Returns what the target proves: the service records there what it is a copy of, until
 * somebody writes it. That it holds the version which was to be copied shows that the copy
 * is there, not who has made it, so that it is no answer to a caller who named a version.
 */
async function recorded(
  container: Container,
  copy: Copy,
  attempt: HttpAttempt<Headers>,
  started: number,
): Promise<Verdict<Headers>> {
  const { from, to, named, stored, signal } = copy;
  const target = await look(container, to, signal);
  if (target === null) return UNKNOWN;
  const before = overtaken(container, attempt, target, started);
  if (before.verdict !== "unknown" || named || stored !== null) return before;
  const url = target.headers.get("x-ms-copy-source");
  const isThere = url !== null &&
    pathOf(url) === pathOf(container.url(from)) &&
    await holdsVersion(container, copy, target);
  return isThere ? mine(target.headers) : UNKNOWN;
}

function pathOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { host, pathname } = new URL(url);
  return host + pathname;
}

// The source still is the version that was to be copied: what was copied of it since it
// was made is that version. Times are of seconds, so within one the digests decide.
async function holdsVersion(
  container: Container,
  { from, source, signal }: Copy,
  target: Seen,
): Promise<boolean> {
  if (target.entry.digest !== null && source.digest !== null) {
    return target.entry.digest.equals(source.digest) &&
      target.entry.size === source.size;
  }
  const entry = await statBlob(container, from, signal);
  if (entry === null || entry.etag === null || entry.etag !== source.etag) {
    return false;
  }
  if (target.headers.get("x-ms-copy-status") === "pending") return true;
  const done = parseDate(target.headers.get("x-ms-copy-completion-time"));
  return done !== null && entry.lastModified !== null &&
    done > entry.lastModified;
}

async function poll(
  container: Container,
  key: string,
  id: string | null,
  { budget, signal }: Copy,
): Promise<void> {
  const deadline = container.now() + budget;
  try {
    for (let wait = MIN_WAIT;; wait = Math.min(2 * wait, MAX_WAIT)) {
      await container.sleep(wait, signal);
      const seen = await look(container, key, signal);
      if (isDone(seen, id)) return;
      if (container.now() > deadline) {
        throw new BackendUnavailableError(
          `the service's copy was not done after ${budget} ms`,
        );
      }
    }
  } catch (error) {
    await abandon(container, key, id);
    // It was under way, and what stood there before may be gone.
    const unknown = isRemoteStoreError(error) &&
      error.code === "BackendUnavailable";
    throw unknown ? inDoubt(error) : error;
  }
}

function isDone(seen: Seen | null, id: string | null): boolean {
  const status = seen?.headers.get("x-ms-copy-status") ?? null;
  const found = seen?.headers.get("x-ms-copy-id") ?? null;
  if (seen !== null && status === null && found === null) {
    // A move would delete a source that is still being read.
    throw new BackendUnavailableError(
      "nothing tells whether the service's copy is done: CORS rules must expose x-ms-copy-status",
    );
  }
  if (seen === null || (id !== null && found !== null && found !== id)) {
    throw new RemoteStoreError(
      "somebody else has written the target while the service copied",
    );
  }
  if (status === "success") return true;
  if (status === "pending") return false;
  throw new RemoteStoreError(`the service's copy has ended as ${status}`);
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
  await container.change("PUT", url, {
    headers,
    answers: { 204: empty },
    signal: AbortSignal.timeout(MAX_WAIT),
    once: true,
  }).catch(() => {});
}
