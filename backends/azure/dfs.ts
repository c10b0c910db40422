// This module is browser compatible.
import type {
  FileEntry,
  WriteCondition,
  WriteFacts,
} from "../../core/backend.ts";
import { conditionFailed } from "../../core/commit.ts";
import {
  AlreadyExistsError,
  NotFoundError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import { type Container, refusal, release } from "./container.ts";
import { statBlob } from "./reading.ts";
import { failureCode, isNoContainer } from "./failures.ts";
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
  /** Ends the request. */
  readonly signal: Signal;
}

/** Renames a file in one step (Path - Create with `x-ms-rename-source`). */
export async function rename(
  container: Container,
  { from, to, condition, source, signal }: Rename,
): Promise<WriteFacts> {
  const { etag } = source;
  const headers = {
    "x-ms-rename-source": await container.renameSource(from, signal),
    ...etag === null ? {} : { "x-ms-source-if-match": etag },
    ...conditionFields(condition),
  };
  const sent = await container.send("PUT", container.dfsUrl(to), {
    headers,
    signal,
    accept: [404, 409, 412],
  });
  const { response } = sent;
  if (response.ok) {
    await release(response);
    return await identify(container, to, response.headers, etag, signal);
  }
  const { failure, error } = await refusal(response, signal);
  if (isNoContainer(failure)) throw error;
  const code = failureCode(failure);
  if (sent.doubtful && await isGone(container, from, signal)) {
    // Nobody else takes a file's place in one step: the first try has done it.
    return await identify(container, to, new Headers(), etag, signal);
  }
  if (code === "SourcePathNotFound" || response.status === 404) {
    throw new NotFoundError(undefined, { path: from });
  }
  if (code === "SourceConditionNotMet") {
    throw new PreconditionFailedError("it has changed since it was looked at", {
      path: from,
    });
  }
  const refused = error instanceof AlreadyExistsError ||
    error instanceof PreconditionFailedError;
  throw refused ? conditionFailed(condition) : error;
}

async function isGone(
  container: Container,
  key: string,
  signal: Signal,
): Promise<boolean> {
  return await statBlob(container, key, signal) === null;
}

// Where the answer does not name the version, a look does, and only where it is
// still the one that was renamed: another writer's must not pass for this one's.
async function identify(
  container: Container,
  key: string,
  headers: Headers,
  renamed: string | null,
  signal: Signal,
): Promise<WriteFacts> {
  const told = toFacts(headers, null);
  if (told.etag !== null || renamed === null) return told;
  const entry = await statBlob(container, key, signal);
  if (entry?.kind !== "file" || entry.etag !== renamed) return told;
  return { ...told, etag: entry.etag, lastModified: entry.lastModified };
}

/** Creates a folder and those above it; one that exists stays as it is. */
export async function createFolder(
  container: Container,
  key: string,
  signal: Signal,
): Promise<void> {
  const url = container.dfsUrl(key, { resource: "directory" });
  const { response } = await container.send("PUT", url, {
    headers: { "if-none-match": "*" },
    signal,
    accept: [409, 412],
  });
  if (response.ok) return await release(response);
  const { error } = await refusal(response, signal);
  const exists = error instanceof AlreadyExistsError ||
    error instanceof PreconditionFailedError;
  if (!exists) throw error;
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

/** Deletes a path and returns whether it was there, in as many calls as it takes. */
export async function deletePath(
  container: Container,
  key: string,
  { etag = null, recursive, signal }: DeletePath,
): Promise<boolean> {
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
    const { response, doubtful } = await container.send("DELETE", url, {
      headers,
      signal,
      accept: [404],
    });
    if (response.status === 404) {
      const { failure, error } = await refusal(response, signal);
      if (isNoContainer(failure)) throw error;
      return doubtful || continuation !== null;
    }
    await release(response);
    continuation = response.headers.get("x-ms-continuation") || null;
  } while (continuation !== null);
  return true;
}
