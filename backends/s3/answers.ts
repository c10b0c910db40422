// This module is browser compatible.
import { BackendUnavailableError } from "../../core/errors.ts";
import { AnswerFailure, fieldsOnly, type Reader } from "../_http/answer.ts";
import { type Fields, type Found, read, rootName } from "../_http/document.ts";
import { hiddenFailure } from "./failures.ts";

/** A document that was read, and the fields beside it. */
export interface Document<F> {
  /** What it holds. */
  readonly found: Found<F>;
  /** The header fields. */
  readonly headers: Headers;
}

/**
 * Returns what reads a document whose root is one of `roots`, all of it. S3 sends errors
 * with a good status where it cannot tell in time, white space in front of them.
 */
export function documentOf<const F extends Fields>(
  roots: readonly [string, ...string[]],
  fields: F,
): Reader<Document<F>> {
  return async (response) => {
    const text = await response.text();
    const failure = hiddenFailure(response, text);
    if (failure !== null) throw new AnswerFailure(failure);
    const [first, ...others] = roots;
    const root = others.find((name) => name === rootName(text)) ?? first;
    return { found: read(text, root, fields), headers: response.headers };
  };
}

/**
 * Hands an object on, its body still to be read: the caller's to read or cancel. Every
 * object has a tag and a time; a page with neither comes from something in between.
 */
export function object(response: Response): Response {
  const { headers } = response;
  if (headers.has("etag") || headers.has("last-modified")) return response;
  throw new BackendUnavailableError(
    "the answer has neither ETag nor Last-Modified, so it is no object of S3's",
  );
}

/** Releases an answer whose header fields are all of it. A portal's tell that it has a page. */
export async function noPage(response: Response): Promise<void> {
  const headers = await fieldsOnly(response);
  if (!/html/i.test(headers.get("content-type") ?? "")) return;
  throw new BackendUnavailableError("a page came in place of the bucket");
}
