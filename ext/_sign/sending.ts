// This module is browser compatible.
import type { SigningCase, SigningTerms } from "../../mod.ts";
import { Refusal } from "./refusals.ts";

/** A service's answer as JSON. */
export interface Answer {
  /** The status code. */
  readonly status: number;
  /** The header fields that a page needs, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text. */
  readonly body: string;
}

/**
 * Sends a request on.
 *
 * @throws {Refusal} With 503, if the service cannot be reached.
 */
export async function sendOn(
  understood: SigningCase,
  terms: SigningTerms,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await understood.send(terms, signal);
  } catch (error) {
    // What `fetch` rejects with tells of the network behind the handler.
    if (!(error instanceof TypeError)) throw error;
    const why = "Cannot send: the service cannot be reached";
    throw new Refusal("BackendUnavailable", why, 503);
  }
}

const PASSED_REGEXP =
  /^(?:content-type|etag|date|last-modified|retry-after|x-amz-version-id|x-amz-checksum-.*|x-ms-.*)$/;

/** Returns the header fields of a service's answer that a page needs. */
export function passedFields(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(([name]) => PASSED_REGEXP.test(name)),
  );
}

/** Reads an answer whose body is short. */
export async function toAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const body = await response.text();
  return { status, headers: passedFields(headers), body };
}
