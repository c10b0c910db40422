// This module is browser compatible.
import type { FileEntry, ReadAnswer, ReadRequest } from "../../core/backend.ts";
import {
  BackendUnavailableError,
  PreconditionFailedError,
} from "../../core/errors.ts";
import type { ByteRange } from "../../core/options.ts";
import type { HttpFailure } from "../_http/answer.ts";
import {
  formatRange,
  parseContentRange,
  parseLength,
} from "../_http/headers.ts";
import { answerOf, isBehindEnd, type Received } from "../_http/receiving.ts";
import { isHidden, type Words } from "../_http/representation.ts";
import { blob } from "./answers.ts";
import type { Container } from "./container.ts";
import { isAbsent, isNoVersion } from "./failures.ts";
import { statBlob } from "./probing.ts";
import { sizeOf, toEntry } from "./wire.ts";

type Signal = AbortSignal | undefined;

const BLOB = { 200: blob, 206: blob };

// 400 is about what is no id of a version.
const REFUSALS = [304, 400, 404, 412, 416];

/** How often the end of a file is looked for that changes all the time. */
const SUFFIX_TRIES = 3;

/** Starts reading a blob; `tries` is how often a broken body is resumed. */
export function readBlob(
  container: Container,
  key: string,
  request: ReadRequest,
  tries: number,
): Promise<ReadAnswer | null> {
  const { range } = request;
  return range === null || !("suffix" in range)
    ? open(container, key, request, range, tries)
    : readEnd(container, key, request, range, tries);
}

// The service knows no suffix ranges, so the size comes first.
async function readEnd(
  container: Container,
  key: string,
  request: ReadRequest,
  range: { readonly suffix: number },
  tries: number,
): Promise<ReadAnswer | null> {
  for (let round = 1;; round++) {
    const entry = await stat(container, key, request);
    if (entry === null) return null;
    const { etag, size } = entry;
    if (size === null) throw new BackendUnavailableError("its size is hidden");
    const offset = Math.max(0, size - range.suffix);
    const nothing = new Uint8Array(0);
    if (size === 0) return { entry, offset, length: 0, body: nothing };
    const pinned = { ...request, ifMatch: request.ifMatch ?? etag };
    try {
      return await open(container, key, pinned, { offset }, tries);
    } catch (error) {
      const changed = error instanceof PreconditionFailedError;
      if (!changed || request.ifMatch !== null || round >= SUFFIX_TRIES) {
        throw error;
      }
    }
  }
}

function stat(
  container: Container,
  key: string,
  { signal, versionId = null }: ReadRequest,
): Promise<FileEntry | null> {
  return statBlob(container, key, signal, versionId);
}

async function open(
  container: Container,
  key: string,
  request: ReadRequest,
  range: ByteRange | null,
  tries: number,
): Promise<ReadAnswer | null> {
  const { ifMatch, ifNoneMatch, signal, versionId = null } = request;
  const url = versionId === null
    ? container.url(key)
    : container.url(key, { versionid: versionId });
  const ask = (part: ByteRange | null, etag: string | null, words: Words) =>
    container.ask("GET", url, {
      headers: partFields(part, etag, ifNoneMatch),
      words,
      answers: BLOB,
      refusals: REFUSALS,
      signal,
    });
  const answer = await ask(range, ifMatch, "stored");
  if (answer.outcome === "refused") {
    const { failure, error } = answer;
    return await behind(container, key, request, range, tries, failure, error);
  }
  const response = answer.value;
  if (range !== null && isImpossible(response)) {
    await response.body?.cancel().catch(() => {});
    return await behindEnd(container, key, request, range, tries);
  }
  return await answerOf(response, {
    // Where all of it is asked for, the kernel cuts what was wanted out of it.
    range: range ?? request.range,
    decode: request.decode ?? false,
    signal,
    strongTags: true,
    tries,
    describe: (response) =>
      received(response, range, ifMatch, request.bytesOnly ?? false),
    async again(words) {
      const again = await ask(null, ifMatch, words);
      if (again.outcome === "done") return again.value;
      if (isAbsent(again.failure)) return null;
      throw again.error;
    },
    async reopen(start, end, etag) {
      const rest = { offset: start, length: end - start + 1 };
      const answer = await ask(rest, etag, "stored");
      return answer.outcome === "done"
        ? answer.value
        : new Response(null, { status: answer.failure.status });
    },
  });
}

async function behind(
  container: Container,
  key: string,
  request: ReadRequest,
  range: ByteRange | null,
  tries: number,
  failure: HttpFailure,
  error: Error,
): Promise<ReadAnswer | null> {
  switch (failure.status) {
    case 304:
      return await unmodified(container, key, request, range, tries);
    case 416:
      if (range === null) throw error;
      return await behindEnd(container, key, request, range, tries);
    case 412: {
      // An absent file meets no condition; that it is absent is the better answer, and
      // that it is a folder.
      const entry = await stat(container, key, request);
      if (entry !== null && !(entry.folderMark && entry.size === 0)) {
        throw error;
      }
      return entry === null
        ? null
        : { entry, offset: 0, length: 0, body: new Uint8Array(0) };
    }
    default:
      if (isAbsent(failure)) return null;
      if (isNoVersion(failure, request.versionId ?? null)) return null;
      throw error;
  }
}

// The emulator's range of an empty file ends before it begins.
function isImpossible({ status, headers }: Response): boolean {
  if (status !== 206) return false;
  const range = headers.get("content-range");
  return range !== null && parseContentRange(range) === null;
}

// In a field of the service's own: no runtime changes its ways with caches and
// encodings at sight of it.
function partFields(
  range: ByteRange | null,
  ifMatch: string | null,
  ifNoneMatch: string | null,
): Record<string, string> {
  const headers: Record<string, string> = {};
  if (range !== null) headers["x-ms-range"] = formatRange(range);
  if (ifMatch !== null) headers["if-match"] = ifMatch;
  if (ifNoneMatch !== null) headers["if-none-match"] = ifNoneMatch;
  return headers;
}

// The emulator's 304 says nothing else, and the info is wanted too.
async function unmodified(
  container: Container,
  key: string,
  request: ReadRequest,
  range: ByteRange | null,
  tries: number,
): Promise<ReadAnswer | null> {
  const entry = await stat(container, key, request);
  if (entry === null) return null;
  const same = entry.etag === null || entry.etag === request.ifNoneMatch;
  if (same) {
    const etag = request.ifNoneMatch;
    return { entry: { ...entry, etag }, offset: 0, length: 0, body: null };
  }
  const again = { ...request, ifNoneMatch: null };
  return await open(container, key, again, range, tries);
}

// There is a file, and the range begins at its end or behind it, or is one of another form.
async function behindEnd(
  container: Container,
  key: string,
  request: ReadRequest,
  range: ByteRange,
  tries: number,
): Promise<ReadAnswer | null> {
  const entry = await stat(container, key, request);
  if (entry === null) return null;
  const offset = "offset" in range ? range.offset : 0;
  // Where not even the tag is shown, a coding may be hidden, and the size be that of it.
  return entry.etag !== null && isBehindEnd(range, entry.size)
    ? { entry, offset, length: 0, body: new Uint8Array(0) }
    : await open(container, key, request, null, tries);
}

function received(
  response: Response,
  range: ByteRange | null,
  ifMatch: string | null,
  bytesOnly: boolean,
): Received {
  const { status, headers } = response;
  const part = parseContentRange(headers.get("content-range"));
  const asked = range !== null && "offset" in range ? range.offset : 0;
  const offset = part?.start ?? (status === 206 ? asked : 0);
  // Of a part its place says it, which gateways leave where they take the length away.
  const length = part === null
    ? parseLength(headers.get("content-length"))
    : part.end - part.start + 1;
  const size = status === 206 || part !== null
    ? part?.size ?? null
    : sizeOf(headers, isHidden(response));
  const found = toEntry(headers, size, bytesOnly);
  // Hidden by CORS rules; the service has compared it.
  const entry = found.etag === null ? { ...found, etag: ifMatch } : found;
  return { entry, offset, length };
}
