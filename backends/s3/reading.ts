// This module is browser compatible.
import type { ReadAnswer, ReadRequest } from "../../core/backend.ts";
import { PreconditionFailedError } from "../../core/errors.ts";
import type { ByteRange } from "../../core/options.ts";
import type { Answer } from "../_http/client.ts";
import { answerOf, isBehindEnd, type Received } from "../_http/receiving.ts";
import {
  formatRange,
  parseContentRange,
  parseLength,
} from "../_http/headers.ts";
import { object } from "./answers.ts";
import type { Words } from "../_http/representation.ts";
import type { S3Connection } from "./connection.ts";
import { requireKey } from "./endpoint.ts";
import { head } from "./probing.ts";
import { ofVersion, saysAbsent, versionQuery } from "./versions.ts";
import { type Answered, toEntry } from "./wire.ts";

type Signal = AbortSignal | undefined;

const OBJECT = { 200: object, 206: object };

// 400 and 405 are about versions: ids that are none, and marks of deletions.
const REFUSALS = [304, 400, 404, 405, 412, 416];

const EMPTY = new Uint8Array(0);

/** Starts a read; `null` where there is no file. `cut` is the range that is cut out of it. */
export async function get(
  connection: S3Connection,
  key: string,
  request: ReadRequest,
  cut: ByteRange | null = request.range,
): Promise<ReadAnswer | null> {
  requireKey(key);
  const { range, ifNoneMatch, signal, versionId = null } = request;
  const answer = await send(connection, key, request);
  if (answer.outcome === "refused") {
    const { failure, error } = answer;
    if (failure.status === 304 && ifNoneMatch !== null) {
      return unchanged(connection, failure, ifNoneMatch, versionId);
    }
    if (failure.status === 416 && range !== null) {
      return await beyondEnd(connection, key, { ...request, range });
    }
    if (!saysAbsent(error)) throw error;
    return null;
  }
  const response = answer.value;
  const other = suffixMissed(response, range);
  if (other !== null) {
    await response.body?.cancel();
    const { etag } = toEntry(response, connection.settings.dialect);
    const pinned = { ...request, range: other, ifNoneMatch: null };
    return await get(connection, key, { ...pinned, ifMatch: etag });
  }
  return await answerOf(response, {
    range: cut,
    decode: request.decode ?? false,
    signal,
    strongTags: true,
    tries: connection.settings.retry.attempts,
    describe: (response) => received(connection, response, request),
    async again(words) {
      const whole = { ...request, range: null, ifNoneMatch: null };
      const again = await send(connection, key, whole, words);
      if (again.outcome === "done") return again.value;
      if (saysAbsent(again.error)) return null;
      throw again.error;
    },
    async reopen(start, end, ifMatch) {
      const rest = { offset: start, length: end - start + 1 };
      const pinned = { ...request, range: rest, ifMatch, ifNoneMatch: null };
      const answer = await send(connection, key, pinned);
      if (answer.outcome === "done") return answer.value;
      throw new PreconditionFailedError(
        "it has changed while it was being read",
      );
    },
  });
}

function send(
  connection: S3Connection,
  key: string,
  { range, ifMatch, ifNoneMatch, versionId = null, signal }: ReadRequest,
  words: Words = "stored",
): Promise<Answer<Response>> {
  const kind = "read";
  const headers: Record<string, string> = {};
  if (range !== null) headers["range"] = formatRange(range);
  if (ifMatch !== null) headers["if-match"] = ifMatch;
  if (ifNoneMatch !== null) headers["if-none-match"] = ifNoneMatch;
  return connection.ask(
    {
      method: "GET",
      key,
      query: versionQuery(versionId),
      headers,
      kind,
      words,
    },
    { answers: OBJECT, signal },
    REFUSALS,
  );
}

/** Returns the right range where a service took "the last three" for "the first four". */
function suffixMissed(
  { headers }: Response,
  range: ByteRange | null,
): ByteRange | null {
  if (range === null || !("suffix" in range)) return null;
  const sent = parseContentRange(headers.get("content-range"));
  if (sent === null || sent.size === null) return null;
  const offset = Math.max(0, sent.size - range.suffix);
  return sent.start === offset ? null : { offset, length: sent.size - offset };
}

function received(
  connection: S3Connection,
  response: Response,
  { range, versionId = null, bytesOnly }: ReadRequest,
): Received {
  const { status, headers } = response;
  const { dialect } = connection.settings;
  const entry = ofVersion(toEntry(response, dialect, bytesOnly), versionId);
  const sent = parseContentRange(headers.get("content-range"));
  const { offset = 0 } = Object(status === 206 && range);
  return sent === null
    ? { entry, offset, length: parseLength(headers.get("content-length")) }
    : { entry, offset: sent.start, length: sent.end - sent.start + 1 };
}

// A 304 may say nothing about the file but that it is this one.
function unchanged(
  connection: S3Connection,
  failure: Answered,
  ifNoneMatch: string,
  versionId: string | null,
): ReadAnswer {
  const known = toEntry(failure, connection.settings.dialect);
  const etag = known.etag ?? ifNoneMatch;
  const entry = ofVersion({ ...known, etag, size: null }, versionId, true);
  return { entry, offset: 0, length: null, body: null };
}

// 416 does not say which file it is about.
async function beyondEnd(
  connection: S3Connection,
  key: string,
  request: ReadRequest & { readonly range: ByteRange },
): Promise<ReadAnswer | null> {
  const { range, signal, versionId } = request;
  const entry = await head(connection, key, signal, versionId);
  if (entry?.kind !== "file") return null;
  const { size, etag } = entry;
  // Where not even the tag is shown, a coding may be hidden, and the size be that of it.
  if (etag !== null && isBehindEnd(range, size)) {
    return { entry, offset: size ?? 0, length: 0, body: EMPTY };
  }
  // RFC 9110 §14.1.2: of what is shorter than the suffix, all is meant.
  const whole = { ...request, range: null, ifNoneMatch: null };
  return await get(connection, key, { ...whole, ifMatch: etag }, range);
}
