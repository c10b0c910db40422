// This module is browser compatible.
import type { ReadAnswer, ReadRequest } from "../../core/backend.ts";
import {
  BackendUnavailableError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import type { ByteRange } from "../../core/options.ts";
import { openBody, requireStored } from "../_http/body.ts";
import {
  formatRange,
  parseContentRange,
  parseLength,
} from "../_http/headers.ts";
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
  const response = await send(connection, key, request);
  const { status } = response;
  if (status === 304 && ifNoneMatch !== null) {
    await response.body?.cancel();
    return unchanged(connection, response, ifNoneMatch);
  }
  if (status === 404) {
    await connection.requireBucket(response, signal);
    return null;
  }
  if (status === 412) {
    await response.body?.cancel();
    throw new PreconditionFailedError();
  }
  if (status === 416) {
    await response.body?.cancel();
    return await beyondEnd(connection, key, signal);
  }
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
): Promise<Response> {
  const headers: Record<string, string> = {};
  if (range !== null) headers["range"] = formatRange(range);
  if (ifMatch !== null) headers["if-match"] = ifMatch;
  if (ifNoneMatch !== null) headers["if-none-match"] = ifNoneMatch;
  const { response } = await connection.send({
    method: "GET",
    key,
    headers,
    kind: "read",
    accept: [304, 404, 412, 416],
    signal,
  });
  return response;
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
    reopen: (start: number, end: number) =>
      send(connection, key, {
        range: { offset: start, length: end - start + 1 },
        ifMatch: entry.etag,
        ifNoneMatch: null,
        signal,
      }),
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
  response: Response,
  ifNoneMatch: string,
): ReadAnswer {
  const known = toEntry(response, connection.settings.dialect);
  const entry = { ...known, etag: known.etag ?? ifNoneMatch, size: null };
  return { entry, offset: 0, length: null, body: null };
}

// 416 does not say which file it is about.
async function beyondEnd(
  connection: S3Connection,
  key: string,
  signal: Signal,
): Promise<ReadAnswer | null> {
  const entry = await head(connection, key, signal);
  if (entry?.kind !== "file") return null;
  return { entry, offset: entry.size ?? 0, length: 0, body: EMPTY };
}
