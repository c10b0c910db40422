// This module is browser compatible.
import { type DeleteRequest, isContainerNotFound } from "../../core/backend.ts";
import { requireMatch, requireVersion } from "../../core/commit.ts";
import {
  mine,
  NOT_MINE,
  settle,
  UNKNOWN,
  type Verdict,
} from "../../core/doubt.ts";
import { isRemoteStoreError } from "../../core/errors.ts";
import { forEach } from "../../core/for_each.ts";
import { empty } from "../_http/answer.ts";
import { text } from "../_http/document.ts";
import { escapeXml } from "../_http/tokens.ts";
import { documentOf } from "./answers.ts";
import { sha256Base64 } from "./checksums.ts";
import type { S3Connection } from "./connection.ts";
import { requireKey } from "./endpoint.ts";
import { answered, byCode, isTransientCode } from "./failures.ts";
import { endsRefused, head, isFree, stand } from "./probing.ts";
import { saysAbsent, versionQuery } from "./versions.ts";

type Signal = AbortSignal | undefined;

/** Deletes an object, and returns false only where the service says that there was none. */
export async function remove(
  connection: S3Connection,
  key: string,
  { ifMatch, versionId = null, signal }: DeleteRequest,
): Promise<boolean> {
  const since = connection.now();
  let isThere = true;
  if (versionId !== null) {
    const entry = await head(connection, key, signal, versionId);
    isThere = entry?.kind === "file";
    // Before anything is deleted: a service without versions would take the file.
    if (entry?.kind === "file") requireVersion(entry, versionId, key);
  }
  // What could not be read may be the mark of a deletion: its own deletion tells.
  const deleted = async (response: Response) => {
    const wasMarker = response.headers.get("x-amz-delete-marker") === "true";
    await empty(response);
    return isThere || wasMarker;
  };
  const headers: Record<string, string> = {};
  if (ifMatch !== null) {
    const { dialect } = connection.settings;
    if (dialect.conditions.delete) headers["if-match"] = ifMatch;
    else {
      const entry = await head(connection, key, signal);
      if (entry?.kind !== "file") return false;
      requireMatch(entry.etag, ifMatch, key);
    }
  }
  const attempt = await connection.change({
    method: "DELETE",
    key,
    query: versionQuery(versionId),
    headers,
    kind: "other",
  }, { answers: { 200: deleted, 204: deleted }, signal });
  const isAbsent = attempt.outcome === "refused" && saysAbsent(attempt.error);
  if (isAbsent) return false;
  const refused = endsRefused(attempt);
  return await settle(
    attempt,
    () => prove(connection, key, since, refused, signal, versionId),
    signal,
  );
}

// That nothing is there is all that a deletion wants. Whatever is there may have come later.
async function prove(
  connection: S3Connection,
  key: string,
  since: number,
  refused: boolean,
  signal: Signal,
  versionId: string | null,
): Promise<Verdict<boolean>> {
  const found = await stand(connection, key, since, signal, versionId);
  const { entry, isBefore } = found;
  if (entry !== null) {
    // A version is what it was, whenever it was made.
    const isSame = isBefore || versionId !== null;
    return isSame && refused ? NOT_MINE : UNKNOWN;
  }
  const free = await isFree(connection, key, signal, versionId);
  return free ? mine(true) : UNKNOWN;
}

/** S3's limit. */
const KEYS_PER_REQUEST = 1000;

/** Deletes many objects and returns what failed, by key. */
export async function removeMany(
  connection: S3Connection,
  keys: readonly string[],
  signal: Signal,
): Promise<Map<string, unknown>> {
  const failed = new Map<string, unknown>();
  const { bulkDelete } = connection.settings.dialect;
  const singles: string[] = [];
  const batched: string[] = [];
  for (const key of keys) {
    try {
      requireKey(key);
      const single = !bulkDelete || UNWRITABLE_REGEXP.test(key);
      (single ? singles : batched).push(key);
    } catch (error) {
      failed.set(key, error);
    }
  }
  for (let at = 0; at < batched.length; at += KEYS_PER_REQUEST) {
    const batch = batched.slice(at, at + KEYS_PER_REQUEST);
    const again = await removeBatch(connection, batch, failed, signal);
    singles.push(...again);
  }
  const request = { ifMatch: null, signal };
  const errors = await forEach(
    singles,
    (key) => remove(connection, key, request),
    signal,
  );
  for (const [key, error] of errors) {
    if (!isRemoteStoreError(error) || error.code !== "NotFound") {
      failed.set(key, error);
    }
  }
  return failed;
}

// XML 1.0 §2.2 has no way to write these, not even as references.
// deno-lint-ignore no-control-regex -- they are what the rule is about
const UNWRITABLE_REGEXP = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

const readDeleted = documentOf(["DeleteResult"], {
  Deleted: [{ Key: text }],
  Error: [{ Key: text, Code: text, Message: text }],
});

/** What a service without DeleteObjects may say. */
const WITHOUT: readonly (number | undefined)[] = [400, 405, 501];

/** Returns the body of DeleteObjects. */
export function formatDelete(
  keys: readonly string[],
): Uint8Array<ArrayBuffer> {
  const objects = keys.map((key) =>
    `<Object><Key>${escapeXml(key)}</Key></Object>`
  );
  return new TextEncoder().encode(
    `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${
      objects.join("")
    }</Delete>`,
  );
}

// Returns the keys to delete one by one: the service was too busy for them, has not
// named them, or does not take such requests.
async function removeBatch(
  connection: S3Connection,
  batch: readonly string[],
  failed: Map<string, unknown>,
  signal: Signal,
): Promise<readonly string[]> {
  const body = formatDelete(batch);
  const attempt = await connection.change({
    method: "POST",
    key: null,
    query: { delete: "" },
    headers: {
      "content-type": "application/xml",
      // One of the ways to meet the demand for a checksum; the others need MD5.
      "x-amz-checksum-sha256": await sha256Base64(body),
    },
    body,
    names: true,
    kind: "other",
  }, { answers: { 200: readDeleted }, signal });
  const isWithout = attempt.outcome === "refused" &&
    WITHOUT.includes(attempt.failure?.status);
  if (isWithout) return batch;
  let answer;
  try {
    answer = await settle(attempt, null, signal);
  } catch (error) {
    if (isContainerNotFound(error)) throw error;
    for (const key of batch) failed.set(key, error);
    return [];
  }
  // Not quiet: what the answer does not name has not been deleted for sure.
  const left = new Set(batch);
  const { found } = answer;
  for (const { Key } of found.Deleted) left.delete(Key ?? "");
  for (const error of found.Error) {
    const key = error.Key ?? "";
    const code = error.Code ?? "";
    if (isTransientCode(code) || !left.delete(key) || code === "NoSuchKey") {
      continue;
    }
    failed.set(
      key,
      toKeyError(code, error.Message, connection.settings.bucket),
    );
  }
  return [...left];
}

function toKeyError(code: string, said: string | null, bucket: string): Error {
  return byCode(code, bucket) ?? answered(code, said);
}
