// This module is browser compatible.
import type { FileEntry, WriteCondition } from "../../core/backend.ts";
import { conditionFailed } from "../../core/commit.ts";
import type { HttpAttempt } from "../_http/client.ts";
import { isHidden } from "../_http/representation.ts";
import { properties } from "./answers.ts";
import type { Container } from "./container.ts";
import { failureCode, isAbsent, isNoVersion } from "./failures.ts";
import { sizeOf, toEntry } from "./wire.ts";

type Signal = AbortSignal | undefined;

/** What stands at a key, as the answer tells it. */
export interface Seen {
  /** The blob; a marker of a folder says so. */
  readonly entry: FileEntry;
  /** The answer's fields. */
  readonly headers: Headers;
}

/** Looks at the blob at a key, or at a version of it. */
export async function look(
  container: Container,
  key: string,
  signal: Signal,
  versionId: string | null = null,
): Promise<Seen | null> {
  const url = container.url(key, { versionid: versionId });
  const answer = await container.ask("HEAD", url, {
    answers: { 200: seen },
    refusals: [400, 404],
    signal,
  });
  if (answer.outcome === "done") return answer.value;
  const { failure, error } = answer;
  if (isAbsent(failure) || isNoVersion(failure, versionId)) return null;
  throw error;
}

async function seen(response: Response): Promise<Seen> {
  const headers = await properties(response);
  return {
    entry: toEntry(headers, sizeOf(headers, isHidden(response))),
    headers,
  };
}

/** Returns the blob at a key, or a version of it. */
export async function statBlob(
  container: Container,
  key: string,
  signal: Signal,
  versionId: string | null = null,
): Promise<FileEntry | null> {
  return (await look(container, key, signal, versionId))?.entry ?? null;
}

/**
 * Words a create that was refused because a file is there already: a signature that permits
 * creation alone may not replace, says the service; or that nothing is permitted, as the
 * emulator does.
 */
export async function asTaken<T>(
  container: Container,
  key: string,
  attempt: HttpAttempt<T>,
  condition: WriteCondition,
  signal: Signal,
): Promise<HttpAttempt<T>> {
  if (attempt.outcome !== "refused" || attempt.failure === null) return attempt;
  const code = failureCode(attempt.failure);
  const isTaken = code === "UnauthorizedBlobOverwrite";
  const isMismatch = code === "AuthorizationPermissionMismatch";
  const { overwrite, ifMatch } = condition;
  if (!(isTaken || isMismatch) || overwrite || ifMatch !== null) return attempt;
  try {
    if (!isTaken && await look(container, key, signal) === null) return attempt;
  } catch {
    // Who may not look is told what the service has said.
    signal?.throwIfAborted();
    return attempt;
  }
  return { ...attempt, error: conditionFailed(condition) };
}
