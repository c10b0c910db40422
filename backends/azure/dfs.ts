// This module is browser compatible.
import type {
  FileEntry,
  WriteCondition,
  WriteFacts,
} from "../../core/backend.ts";
import { conditionFailed } from "../../core/commit.ts";
import {
  mine,
  NOT_MINE,
  settle,
  UNKNOWN,
  type Verdict,
} from "../../core/doubt.ts";
import {
  NotFoundError,
  PreconditionFailedError,
  RemoteStoreError,
} from "../../core/errors.ts";
import { empty } from "../_http/answer.ts";
import type { HttpAttempt } from "../_http/client.ts";
import { CREATED } from "./answers.ts";
import type { Container } from "./container.ts";
import {
  failureCode,
  isAbsent,
  isConflict,
  isNoContainer,
} from "./failures.ts";
import { deletedBy, saysGone } from "./evidence.ts";
import { statBlob } from "./probing.ts";
import { conditionFields } from "./wire.ts";
import { toFacts } from "./writing.ts";

type Signal = AbortSignal | undefined;

/** A rename. */
export interface Rename {
  /** The key of the file. */
  readonly from: string;
  /** Its key to be. */
  readonly to: string;
  /** When the destination may be put. */
  readonly condition: WriteCondition;
  /** The file; renamed in no other version. */
  readonly source: Pick<FileEntry, "etag">;
  /**
   * Whether nobody else knows the file's name, so that nobody else can have changed or
   * renamed it.
   */
  readonly isOwn: boolean;
  /** Ends the request. */
  readonly signal: Signal;
}

/** Renames a file in one step (Path - Create with `x-ms-rename-source`). */
export async function rename(
  container: Container,
  renaming: Rename,
): Promise<WriteFacts> {
  const { from, to, condition, source, isOwn, signal } = renaming;
  const { etag } = source;
  const headers = {
    "x-ms-rename-source": await container.renameSource(from, signal),
    ...etag === null || isOwn ? {} : { "x-ms-source-if-match": etag },
    ...conditionFields(condition),
  };
  const sent = await container.change("PUT", container.dfsUrl(to), {
    headers,
    answers: CREATED,
    signal,
  });
  const attempt = worded(sent, renaming);
  const answered = await settle(
    attempt,
    () => renamed(container, renaming, attempt),
    signal,
  );
  return await identify(container, to, answered, etag, signal);
}

/** Words a refusal as what it is about: the source or the target. */
function worded(
  attempt: HttpAttempt<Headers>,
  { from, isOwn, condition }: Rename,
): HttpAttempt<Headers> {
  if (attempt.outcome === "done" || attempt.failure === null) return attempt;
  const { failure, error } = attempt;
  if (isAbsent(failure) && !isNoContainer(failure)) {
    const absent = isOwn
      ? new RemoteStoreError(
        "somebody has removed what was written so far, or the folder for it",
        { cause: error },
      )
      : new NotFoundError(undefined, { path: from });
    return { ...attempt, error: absent };
  }
  if (failureCode(failure) === "SourceConditionNotMet") {
    const changed = new PreconditionFailedError(
      "it has changed since it was looked at",
      { path: from },
    );
    return { ...attempt, error: changed };
  }
  return isConflict(error)
    ? { ...attempt, error: conditionFailed(condition) }
    : attempt;
}

/**
 * Returns what the two places prove. A file keeps its version when it is renamed: where
 * that stands at the target, it is done. That the source is gone proves nothing: who
 * deletes its folder deletes also what nobody else knows by name.
 */
async function renamed(
  container: Container,
  { from, to, source, signal }: Rename,
  attempt: HttpAttempt<Headers>,
): Promise<Verdict<Headers>> {
  const left = await statBlob(container, from, signal);
  const target = await statBlob(container, to, signal);
  if (
    left === null && source.etag !== null && target?.etag === source.etag
  ) {
    return mine(new Headers());
  }
  // It has not been renamed, and what refused the last try refuses an earlier one too.
  const refused = attempt.outcome !== "done" && isConflict(attempt.error);
  return left !== null && left.etag === source.etag && refused
    ? NOT_MINE
    : UNKNOWN;
}

// Where the answer does not name the version, a look does, and only where it is
// still the one that was renamed: another writer's must not pass for this one's. It is
// done by then, so a look that fails costs no more than the name.
async function identify(
  container: Container,
  key: string,
  headers: Headers,
  renamed: string | null,
  signal: Signal,
): Promise<WriteFacts> {
  const told = toFacts(headers, null);
  if (told.etag !== null || renamed === null) return told;
  const entry = await statBlob(container, key, signal).catch(() => null);
  signal?.throwIfAborted();
  if (entry === null || entry.etag !== renamed) return told;
  return { ...told, etag: entry.etag, lastModified: entry.lastModified };
}

/** Creates a folder and those above it; one that exists stays as it is. */
export async function createFolder(
  container: Container,
  key: string,
  signal: Signal,
): Promise<void> {
  const url = container.dfsUrl(key, { resource: "directory" });
  const attempt = await container.change("PUT", url, {
    headers: { "if-none-match": "*" },
    answers: CREATED,
    signal,
  });
  if (attempt.outcome !== "done" && isConflict(attempt.error)) return;
  await settle(attempt, async () => {
    const entry = await statBlob(container, key, signal);
    return entry?.folderMark ? mine(new Headers()) : UNKNOWN;
  }, signal);
}

/** What is deleted: a version of a file, or a folder. */
export interface DeletePath {
  /** The version; for any, and for folders, `null`. */
  readonly etag?: string | null;
  /** Whether what is below a folder goes too. */
  readonly recursive?: boolean;
  /** Ends the requests. */
  readonly signal: Signal;
}

/** What the service answers: some accounts delete a folder after the answer. */
const DELETED = { 200: empty, 202: empty } as const;

/** Deletes a path and returns whether it was there, in as many calls as it takes. */
export async function deletePath(
  container: Container,
  key: string,
  { etag = null, recursive, signal }: DeletePath,
): Promise<boolean> {
  const started = container.now();
  let continuation: string | null = null;
  do {
    const url: string = container.dfsUrl(key, {
      recursive: recursive === undefined ? null : String(recursive),
      paginated: recursive ? "true" : null,
      continuation,
    });
    const headers: Record<string, string> = etag === null
      ? {}
      : { "if-match": etag };
    const attempt: HttpAttempt<Headers> = await container.change(
      "DELETE",
      url,
      { headers, answers: DELETED, signal },
    );
    const isGone = saysGone(attempt);
    if (isGone && attempt.outcome === "refused") return continuation !== null;
    const proof = deletedBy(container, { key }, attempt, started, signal);
    const answered: Headers = await settle(attempt, proof, signal);
    continuation = answered.get("x-ms-continuation") || null;
  } while (continuation !== null);
  return true;
}
