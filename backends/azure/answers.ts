// This module is browser compatible.
import { BackendUnavailableError } from "../../core/errors.ts";
import { emptyAnd, fieldsOnly, type Reader } from "../_http/answer.ts";
import { type Fields, type Found, read } from "../_http/document.ts";

/** Reads a document whose root is `root`, all of it. */
export function documentOf<const F extends Fields>(
  root: string,
  fields: F,
): Reader<{ readonly found: Found<F>; readonly headers: Headers }> {
  return async (response) => ({
    found: read(await response.text(), root, fields),
    headers: response.headers,
  });
}

/**
 * Hands a blob on, its body still to be read: the caller's to read or cancel. Every one has
 * a time, which no CORS rules hide; a page without comes from something in between.
 */
export function blob(response: Response): Response {
  requireService(response.headers);
  return response;
}

/** Returns the fields that tell of a blob or a container. */
export async function properties(response: Response): Promise<Headers> {
  requireService(response.headers);
  return await fieldsOnly(response);
}

function requireService(headers: Headers): void {
  if (headers.has("x-ms-version") || headers.has("last-modified")) return;
  for (const [name] of headers) if (name.startsWith("x-ms-")) return;
  throw new BackendUnavailableError(
    "the answer has no field of the service's and no time, so something else has answered",
  );
}

const empty = emptyAnd((headers) => headers);

/** What the service answers where it has put a blob, a block, a list of blocks or a path. */
export const CREATED = { 201: empty } as const;

/** What it answers where it has copied or deleted a blob, or taken part of a file. */
export const ACCEPTED = { 202: empty } as const;
