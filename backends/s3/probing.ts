// This module is browser compatible.
import type { Entry, WriteCondition, WriteFacts } from "../../core/backend.ts";
import { requirePut } from "../../core/commit.ts";
import { isOlder } from "../../core/doubt.ts";
import {
  CapabilityNotSupportedError,
  isRemoteStoreError,
} from "../../core/errors.ts";
import { fieldsOnly } from "../_http/answer.ts";
import type { HttpAttempt } from "../_http/client.ts";
import { parseDate } from "../_http/headers.ts";
import { object } from "./answers.ts";
import type { S3Connection } from "./connection.ts";
import type { S3Conditions } from "./dialect.ts";
import { saysLater } from "./failures.ts";
import { ofVersion, saysAbsent, versionQuery } from "./versions.ts";
import { conditionFields, toEntry } from "./wire.ts";

type Signal = AbortSignal | undefined;

/**
 * Refuses a write whose condition is false by now. For services that would not notice,
 * and for content that would be sent in vain.
 */
export async function look(
  connection: S3Connection,
  key: string,
  condition: WriteCondition,
  signal: Signal,
): Promise<void> {
  if (isOpen(condition)) return;
  requirePut(await head(connection, key, signal), condition, key);
}

/**
 * Looks for a conflict before an upload in parts begins. Who may write and not read learns
 * of one from the end.
 */
export async function lookAhead(
  connection: S3Connection,
  key: string,
  condition: WriteCondition,
  signal: Signal,
): Promise<void> {
  try {
    await look(connection, key, condition, signal);
  } catch (error) {
    const isBlind = connection.settings.dialect.conditions.complete &&
      isRemoteStoreError(error) && error.code === "PermissionDenied";
    if (!isBlind) throw error;
  }
}

function isOpen({ overwrite, ifMatch }: WriteCondition): boolean {
  return overwrite && ifMatch === null;
}

/**
 * Sends a write with its condition. Where the service is not known to honour it and does
 * not implement it, the look has to do: what is there is never overwritten unseen.
 */
export function changeIf<T>(
  connection: S3Connection,
  key: string,
  condition: WriteCondition,
  operation: keyof S3Conditions,
  signal: Signal,
  send: (
    conditions: Readonly<Record<string, string>>,
  ) => Promise<HttpAttempt<T>>,
): Promise<HttpAttempt<T>> {
  const { dialect } = connection.settings;
  const sent = send(conditionFields(condition, dialect));
  if (isOpen(condition)) return sent;
  return sent.then(async (attempt) => {
    const isMissing = attempt.outcome === "refused" &&
      attempt.failure?.status === 501;
    if (!isMissing) return attempt;
    if (dialect.conditions[operation]) {
      const error = new CapabilityNotSupportedError(
        "the service does not implement the condition, so its dialect is another one",
        { capability: "conditional_write" },
      );
      return { ...attempt, error };
    }
    await look(connection, key, condition, signal);
    return await send({});
  });
}

/** Returns what stands at a key, by HEAD; a bucket that is missing has nothing. */
export async function head(
  connection: S3Connection,
  key: string,
  signal: Signal,
  versionId: string | null = null,
): Promise<Entry> {
  const since = connection.now();
  return (await stand(connection, key, since, signal, versionId)).entry;
}

/** What stands at a key, and since when. */
export interface Standing {
  /** The file; `null` where there is none. */
  readonly entry: Entry;
  /** Whether it is older than the call, newer, or nobody can tell. */
  readonly age: "older" | "newer" | "unknown";
  /**
   * Whether the call can have had no part in it, and nothing of the call can have stood
   * before. A file in parts has the time at which it was begun, so it says nothing.
   */
  readonly isBefore: boolean;
}

/** Looks at a key by HEAD, for a call that has begun at `since` by the device's clock. */
export async function stand(
  connection: S3Connection,
  key: string,
  since: number,
  signal: Signal,
  versionId: string | null = null,
): Promise<Standing> {
  const { dialect } = connection.settings;
  const answer = await connection.ask({
    method: "HEAD",
    key,
    query: versionQuery(versionId),
    headers: dialect.checksums.length > 0
      ? { "x-amz-checksum-mode": "ENABLED" }
      : {},
    kind: "read",
  }, {
    answers: {
      200: async (response) => {
        const headers = await fieldsOnly(object(response));
        const entry = ofVersion(toEntry(response, dialect), versionId);
        return { headers, entry };
      },
    },
    signal,
  }, versionId === null ? [404] : [404, 405]).catch(absentOr);
  if (answer?.outcome !== "done") {
    return { entry: null, age: "unknown", isBefore: false };
  }
  const { headers, entry } = answer.value;
  // RFC 9111 §5.1: the date of what comes from a cache is an old one.
  const date = headers.has("age") ? null : parseDate(headers.get("date"));
  const { lastModified, etag } = entry;
  const older = isOlder(lastModified, date, connection.now() - since);
  const isKnown = lastModified !== null && date !== null;
  return {
    entry,
    age: older ? "older" : isKnown ? "newer" : "unknown",
    isBefore: older && !/-\d+"$/.test(etag ?? ""),
  };
}

// What is no id at all is refused with words of its own, for which a GET is sent.
function absentOr(error: unknown): null {
  if (saysAbsent(error)) return null;
  throw error;
}

/**
 * Returns whether the service itself says that a key is free, or has no such version. HEAD
 * has no words for it.
 */
export async function isFree(
  connection: S3Connection,
  key: string,
  signal: Signal,
  versionId: string | null = null,
): Promise<boolean> {
  const answer = await connection.ask({
    method: "GET",
    key,
    query: versionQuery(versionId),
    headers: { range: "bytes=0-0" },
    kind: "read",
  }, {
    answers: { 200: fieldsOnly, 206: fieldsOnly },
    signal,
  }, [404, 405]);
  // 405 is about the mark of a deletion, which is there.
  return answer.outcome === "refused" && answer.failure.status === 404;
}

/** Returns whether the last try of a change was answered by a refusal, and not by silence. */
export function endsRefused(
  attempt: HttpAttempt<unknown>,
): boolean {
  return attempt.outcome !== "done" && attempt.failure !== null &&
    !saysLater(attempt.failure);
}

/** Returns the facts of a write, looked up where the option `confirmWrites` is set. */
export function confirmed(
  connection: S3Connection,
  key: string,
  facts: WriteFacts,
  signal: Signal,
): WriteFacts | Promise<WriteFacts> {
  return connection.settings.confirmWrites
    ? lookUp(connection, key, facts, signal)
    : facts;
}

async function lookUp(
  connection: S3Connection,
  key: string,
  facts: WriteFacts,
  signal: Signal,
): Promise<WriteFacts> {
  let entry: Entry;
  try {
    entry = await head(connection, key, signal);
  } catch {
    // It is written: an error would say that it is not.
    signal?.throwIfAborted();
    return facts;
  }
  if (entry?.kind !== "file") return facts;
  // Somebody else's version by now tells nothing about this one.
  if (facts.etag !== null && entry.etag !== facts.etag) return facts;
  return {
    etag: entry.etag,
    versionId: facts.versionId,
    lastModified: entry.lastModified,
    digest: entry.digest ?? facts.digest,
  };
}
