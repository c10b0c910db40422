// This module is browser compatible.
import type { Entry, WriteCondition, WriteFacts } from "../../core/backend.ts";
import { requirePut } from "../../core/commit.ts";
import type { Sent } from "../_http/sending.ts";
import type { S3Connection } from "./connection.ts";
import { conditionFields, toEntry } from "./wire.ts";

/**
 * Refuses a write whose condition is false by now. For services that would not notice,
 * and for content that would be sent in vain.
 */
export async function look(
  connection: S3Connection,
  key: string,
  condition: WriteCondition,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (condition.overwrite && condition.ifMatch === null) return;
  requirePut(await head(connection, key, signal), condition, key);
}

/**
 * Sends a write with its condition. Where the service does not implement it, the look
 * has to do: what is there is never overwritten unseen.
 */
export async function sendIf(
  connection: S3Connection,
  key: string,
  condition: WriteCondition,
  signal: AbortSignal | undefined,
  send: (conditions: Readonly<Record<string, string>>) => Promise<Sent>,
): Promise<Sent> {
  const sent = await send(
    conditionFields(condition, connection.settings.dialect),
  );
  const open = condition.overwrite && condition.ifMatch === null;
  if (open || sent.response.status !== 501) return sent;
  await sent.response.body?.cancel();
  await look(connection, key, condition, signal);
  return await send({});
}

/** Returns what stands at a key, by HEAD; a bucket that is missing has nothing. */
export async function head(
  connection: S3Connection,
  key: string,
  signal: AbortSignal | undefined,
): Promise<Entry> {
  const checksums = connection.settings.dialect.checksums.length > 0;
  const { response } = await connection.send({
    method: "HEAD",
    key,
    headers: checksums ? { "x-amz-checksum-mode": "ENABLED" } : {},
    kind: "read",
    accept: [404],
    signal,
  });
  await response.body?.cancel();
  return response.status === 404
    ? null
    : toEntry(response, connection.settings.dialect);
}

/** Returns the facts of a write, looked up where the options ask for it. */
export async function confirmed(
  connection: S3Connection,
  key: string,
  facts: WriteFacts,
  signal: AbortSignal | undefined,
): Promise<WriteFacts> {
  if (!connection.settings.confirmWrites) return facts;
  const entry = await head(connection, key, signal);
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
