/**
 * Pure: questions as no client of this library asks them, by class, with the reason for which
 * each is refused.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** A question as JSON. */
export type Question = Record<string, unknown>;

/** A row: its class, the question, and why it is refused. */
export type Row = readonly [kind: number, question: Question, why: RegExp];

/** The bucket's URL. */
export const BUCKET = "http://s3.test/bucket";

/** The root's URL. */
export const HOME = `${BUCKET}/users/42`;

/** Returns a question for a file of the visitor's own, changed. */
export function question(change: Question = {}): Question {
  return {
    method: "GET",
    url: `${HOME}/a.txt`,
    headers: {},
    size: 0,
    ...change,
  };
}

/** Returns a question for another URL. */
export function at(url: string, change: Question = {}): Question {
  return question({ url, ...change });
}

/** Returns a write of three bytes. */
export function put(
  headers: Record<string, string>,
  change: Question = {},
): Question {
  return question({
    method: "PUT",
    headers: { "content-type": "text/plain", ...headers },
    size: 3,
    ...change,
  });
}

/** Returns a body as a question carries it. */
export function body(text: string | Uint8Array<ArrayBuffer>): Question {
  const bytes = typeof text === "string"
    ? new TextEncoder().encode(text)
    : text;
  return {
    body: bytes.toBase64?.() ?? btoa(String.fromCharCode(...bytes)),
    size: bytes.byteLength,
  };
}

/** Returns a bulk delete with this body. */
export function deletion(text: string | Uint8Array<ArrayBuffer>): Question {
  const bytes = typeof text === "string"
    ? new TextEncoder().encode(text)
    : text;
  return question({
    method: "POST",
    url: `${BUCKET}/?delete=`,
    headers: {
      "content-type": "application/xml",
      "x-amz-checksum-sha256": createHash("sha256").update(bytes).digest(
        "base64",
      ),
    },
    ...body(bytes),
  });
}

/** The plan of an upload of 20 MiB in three parts. */
export const PLAN = {
  size: 20 * 2 ** 20,
  partSize: 8 * 2 ** 20,
  create: false,
  ifMatch: null,
  contentType: null,
  source: null as string | null,
};

/** Returns the opening of an upload. */
export function opening(change: Question = {}): Question {
  return question({
    method: "POST",
    url: `${HOME}/big.bin?uploads=`,
    headers: {},
    plan: PLAN,
    ...change,
  });
}
