// This module is browser compatible.
import type { ReadAnswer, ReadRequest } from "../../core/backend.ts";
import { BackendUnavailableError } from "../../core/errors.ts";
import type { ByteRange } from "../../core/options.ts";
import { answerOf, isBehindEnd, type Received } from "../_http/receiving.ts";
import {
  formatRange,
  parseContentRange,
  parseLength,
} from "../_http/headers.ts";
import { isHidden, type Words } from "../_http/representation.ts";
import type { HttpConnection } from "./connection.ts";
import { entryOf, isAbsent, type Prober } from "./probing.ts";
import { toEntry } from "./wire.ts";

const EMPTY = new Uint8Array(0);

/** Starts a read; `null` where there is no file. */
export async function readFile(
  connection: HttpConnection,
  prober: Prober,
  key: string,
  request: ReadRequest,
): Promise<ReadAnswer | null> {
  const url = connection.urlOf(key);
  const { range, ifNoneMatch, signal } = request;
  const answer = await get(connection, url, request);
  if (isAbsent(answer, url)) {
    if (answer.outcome === "done") await answer.value.body?.cancel();
    return null;
  }
  if (answer.outcome === "refused") {
    if (answer.failure.status !== 416 || range === null) throw answer.error;
    return await behindEnd(connection, prober, key, { ...request, range });
  }
  const response = answer.value;
  if (response.status === 304) {
    await response.body?.cancel();
    const entry = toEntry(response);
    const same = { ...entry, etag: entry.etag ?? ifNoneMatch };
    return { entry: same, offset: 0, length: null, body: null };
  }
  return await answerOf(response, {
    range,
    describe: (response) => received(response, range),
    decode: request.decode ?? false,
    signal,
    strongTags: false,
    contentOnly: true,
    tries: connection.tries,
    again: async (words) => {
      // In the runtime's own words a range would be one of coded bytes.
      const whole = { ...request, range: null, ifNoneMatch: null };
      const again = await get(connection, url, whole, words);
      if (again.outcome === "done") return again.value;
      if (isAbsent(again, url)) return null;
      throw again.error;
    },
    reopen: async (start, end, ifMatch) => {
      const rest = { offset: start, length: end - start + 1 };
      const pinned = { range: rest, ifMatch, ifNoneMatch: null, signal };
      const answer = await get(connection, url, pinned);
      if (answer.outcome === "done") return answer.value;
      const { status, headers } = answer.failure;
      return new Response(null, { status, headers });
    },
  });
}

function get(
  connection: HttpConnection,
  url: string,
  { range, ifMatch, ifNoneMatch, signal }: ReadRequest,
  words: Words = "stored",
): ReturnType<HttpConnection["ask"]> {
  const headers: Record<string, string> = {};
  if (range !== null) headers["range"] = formatRange(range);
  if (ifMatch !== null) headers["if-match"] = ifMatch;
  if (ifNoneMatch !== null) headers["if-none-match"] = ifNoneMatch;
  return connection.ask({ method: "GET", url, headers, words, signal });
}

function received(response: Response, range: ByteRange | null): Received {
  const entry = toEntry(response);
  const { status, headers } = response;
  const length = status === 204
    ? 0
    : parseLength(headers.get("content-length"));
  const sent = parseContentRange(headers.get("content-range"));
  if (sent === null) {
    const offset = status === 206 ? startOf(headers, range) : 0;
    return { entry, offset, length };
  }
  // Some servers send a part under 200.
  const { start, end, size } = sent;
  if (size === null || range === null) {
    return { entry, offset: start, length: end - start + 1 };
  }
  const wanted = "suffix" in range || range.length === undefined
    ? size
    : Math.min(range.offset + range.length, size);
  // Of less than was asked for, the rest is asked for too.
  const all = Math.max(wanted, end + 1) - start;
  return { entry, offset: start, length: all };
}

// Of a part that does not say so; whether it may leave it out is asked behind this.
function startOf(headers: Headers, range: ByteRange | null): number {
  const several = /^multipart\//i.test(headers.get("content-type") ?? "");
  if (several || range === null) {
    throw new BackendUnavailableError(
      several
        ? "the server answered with several ranges instead of one"
        : "the server answered with a part of the file, which was not asked for",
    );
  }
  return "offset" in range ? range.offset : 0;
}

// 416 does not say which file it is about.
async function behindEnd(
  connection: HttpConnection,
  prober: Prober,
  key: string,
  request: ReadRequest & { readonly range: ByteRange },
): Promise<ReadAnswer | null> {
  const { range, signal } = request;
  const url = connection.urlOf(key);
  const answer = await prober.look(url, signal);
  const entry = entryOf(answer, url);
  if (entry?.kind !== "file") return null;
  const { size } = entry;
  const hidden = answer.outcome === "done" && isHidden(answer.value);
  if (!hidden && isBehindEnd(range, size)) {
    return { entry, offset: size ?? 0, length: 0, body: EMPTY };
  }
  // RFC 9110 §14.1.2: a suffix that is longer than the file is all of it.
  const whole = { ...request, range: null };
  return await readFile(connection, prober, key, whole);
}
