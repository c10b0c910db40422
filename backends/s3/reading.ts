// This module is browser compatible.
import type { ReadAnswer, ReadRequest } from "../../core/backend.ts";
import { isContainerNotFound } from "../../core/backend.ts";
import {
  BackendUnavailableError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import type { ByteRange } from "../../core/options.ts";
import type { Answer } from "../_http/client.ts";
import { openBody, requireStored } from "../_http/body.ts";
import {
  formatRange,
  parseContentRange,
  parseLength,
} from "../_http/headers.ts";
import { object } from "./answers.ts";
import type { S3Connection } from "./connection.ts";
import { head } from "./probing.ts";
import { contentEncoding, toEntry } from "./wire.ts";

type Signal = AbortSignal | undefined;

const EMPTY = new Uint8Array(0);

/** Starts a read; `null` where there is no file. */
export async function get(
  connection: S3Connection,
  key: string,
  request: ReadRequest,
): Promise<ReadAnswer | null> {
  const { range, ifNoneMatch, signal } = request;
  const answer = await send(connection, key, request);
  if (answer.outcome === "refused") {
    const { failure, error } = answer;
    if (failure.status === 304 && ifNoneMatch !== null) {
      return unchanged(connection, failure, ifNoneMatch);
    }
    if (failure.status === 416) {
      return await beyondEnd(connection, key, request);
    }
    if (failure.status !== 404 || isContainerNotFound(error)) throw error;
    return null;
  }
  const response = answer.value;
  try {
    await requireStored(response, contentEncoding(response.headers));
    return await toAnswer(connection, key, response, range, signal);
  } catch (error) {
    await response.body?.cancel().catch(() => {});
    throw error;
  }
}

async function send(
  connection: S3Connection,
  key: string,
  { range, ifMatch, ifNoneMatch, signal }: ReadRequest,
): Promise<Answer<Response>> {
  const headers: Record<string, string> = {};
  if (range !== null) headers["range"] = formatRange(range);
  if (ifMatch !== null) headers["if-match"] = ifMatch;
  if (ifNoneMatch !== null) headers["if-none-match"] = ifNoneMatch;
  return await connection.ask(
    { method: "GET", key, headers, kind: "read" },
    { answers: { 200: object, 206: object }, signal },
    [304, 404, 412, 416],
  );
}

async function toAnswer(
  connection: S3Connection,
  key: string,
  response: Response,
  range: ByteRange | null,
  signal: Signal,
): Promise<ReadAnswer | null> {
  const entry = toEntry(response, connection.settings.dialect);
  const sent = parseContentRange(response.headers.get("content-range"));
  const partial = response.status === 206;
  if (range !== null && "suffix" in range && sent !== null) {
    const { size, start } = sent;
    // Some services take "the last three" for "the first four".
    if (size !== null && start !== Math.max(0, size - range.suffix)) {
      await response.body?.cancel();
      const offset = Math.max(0, size - range.suffix);
      const exact = { offset, length: size - offset };
      return await get(connection, key, {
        range: exact,
        ifMatch: entry.etag,
        ifNoneMatch: null,
        signal,
      });
    }
  }
  const offset = partial ? sent?.start ?? startOf(range) : 0;
  const length = sent !== null && partial
    ? sent.end - sent.start + 1
    : parseLength(response.headers.get("content-length"));
  const facts = {
    offset,
    length,
    etag: entry.etag,
    tries: connection.settings.retry.attempts,
    reopen: async (start: number, end: number) => {
      const answer = await send(connection, key, {
        range: { offset: start, length: end - start + 1 },
        ifMatch: entry.etag,
        ifNoneMatch: null,
        signal,
      });
      if (answer.outcome === "done") return answer.value;
      throw new PreconditionFailedError(
        "it has changed while it was being read",
      );
    },
  };
  const body = await openBody(response, facts, signal);
  return { entry, offset, length, body };
}

// CORS may hide Content-Range; then the service is taken at its status.
function startOf(range: ByteRange | null): number {
  if (range !== null && !("suffix" in range)) return range.offset;
  throw new BackendUnavailableError(
    "the answer to a range hides its Content-Range, which CORS rules must expose",
  );
}

// A 304 may say nothing about the file but that it is this one.
function unchanged(
  connection: S3Connection,
  failure: Pick<Response, "headers" | "status">,
  ifNoneMatch: string,
): ReadAnswer {
  const known = toEntry(failure, connection.settings.dialect);
  const entry = { ...known, etag: known.etag ?? ifNoneMatch, size: null };
  return { entry, offset: 0, length: null, body: null };
}

// 416 does not say which file it is about.
async function beyondEnd(
  connection: S3Connection,
  key: string,
  { range, signal }: ReadRequest,
): Promise<ReadAnswer | null> {
  const entry = await head(connection, key, signal);
  if (entry?.kind !== "file") return null;
  const { size, etag } = entry;
  // RFC 9110 §14.1.2: of what is shorter than the suffix, all is meant.
  if (range !== null && "suffix" in range && size !== 0) {
    const offset = Math.max(0, (size ?? 0) - range.suffix);
    return await get(connection, key, {
      range: offset === 0 ? null : { offset },
      ifMatch: etag,
      ifNoneMatch: null,
      signal,
    });
  }
  return { entry, offset: size ?? 0, length: 0, body: EMPTY };
}
