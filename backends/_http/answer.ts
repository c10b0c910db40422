// This module is browser compatible.
import { BackendUnavailableError } from "../../core/errors.ts";
import { parseLength } from "./headers.ts";

/** Makes something of an answer. What it throws makes the answer none. */
export type Reader<T> = (response: Response) => T | Promise<T>;

/** An answer that is an error, its body read and released. */
export interface HttpFailure {
  /** The status code. */
  readonly status: number;
  /** The header fields. */
  readonly headers: Headers;
  /** The body as text, cut off at a few kilobytes. */
  readonly text: string;
  /** Where it comes from, if the request was sent on from elsewhere. */
  readonly redirectedTo?: string;
}

/** What a reader throws for an error inside of a good status, as S3 answers. */
export class AnswerFailure extends Error {
  /** The error, with the status that it would have had. */
  readonly failure: HttpFailure;

  constructor(failure: HttpFailure) {
    super(`the answer holds an error: ${failure.status}`);
    this.failure = failure;
  }
}

/** How much of an error's body, or of one that should be empty, is read. */
const MAX_BYTES = 64 * 1024;

/** Hands an answer on, its body still to be read: the caller's to read or cancel. */
export function opened(response: Response): Response {
  return response;
}

/** Releases the body, whatever it is, and returns the header fields. */
export async function fieldsOnly(response: Response): Promise<Headers> {
  await response.body?.cancel().catch(() => {});
  return response.headers;
}

/**
 * Returns the header fields of an answer that has no content. One that has some is not the
 * service's: a proxy's page has a good status, too. At once, where there is nothing to wait
 * for.
 */
export function empty(response: Response): Headers | Promise<Headers> {
  const length = response.headers.get("content-length");
  // To let go of nothing costs less than to read it, and keeps the connection as well.
  if (length === "0") return fieldsOnly(response);
  // A body that is announced is better read at once than looked at.
  const isNone = length === null && response.body === null;
  return isNone ? response.headers : readEmpty(response);
}

/** Returns a reader that makes something of the fields of an answer without content; see {@linkcode empty}. */
export function emptyAnd<T>(make: (headers: Headers) => T): Reader<T> {
  return (response) => {
    const headers = empty(response);
    return headers instanceof Promise ? headers.then(make) : make(headers);
  };
}

async function readEmpty(response: Response): Promise<Headers> {
  const { text, complete } = await readStart(response);
  if (complete && text.trim() === "") return response.headers;
  throw new BackendUnavailableError(
    "the service answered with content where it has none, so it was not the service",
  );
}

/** Reads an error's body, as far as it is worth reading, and releases it. */
export async function readFailure(
  response: Response,
  signal: AbortSignal | undefined,
): Promise<HttpFailure> {
  const { status, headers } = response;
  const from = response.redirected ? { redirectedTo: response.url } : {};
  try {
    const { text } = await readStart(response);
    return { status, headers, text, ...from };
  } catch {
    // The status is known; a body that breaks off only costs the detail.
    signal?.throwIfAborted();
    return { status, headers, text: "", ...from };
  }
}

/** Reads a body as far as words go, releases it, and tells whether that was all. */
export async function readStart(
  response: Response,
): Promise<{ text: string; complete: boolean }> {
  const { headers } = response;
  const length = parseLength(headers.get("content-length"));
  // All at once, without a stream, where it is known to be short. The length is that of
  // a coding, which may become any size.
  if (
    length !== null && length <= MAX_BYTES && !headers.has("content-encoding")
  ) {
    return { text: await response.text(), complete: true };
  }
  const { body } = response;
  if (body === null) return { text: "", complete: true };
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  let bytes = 0;
  try {
    while (bytes < MAX_BYTES) {
      const { done, value } = await reader.read();
      if (done) return { text, complete: true };
      bytes += value.byteLength;
      text += decoder.decode(value, { stream: true });
    }
    return { text, complete: false };
  } finally {
    reader.cancel().catch(() => {});
  }
}
