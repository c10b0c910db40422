// This module is browser compatible.
import type { HttpRequest } from "../_http/client.ts";

/** The most requests that the service takes in a batch. */
export const MAX_BATCH = 256;

/** What a batch answered to one of its parts. */
export interface PartAnswer {
  /** The status code. */
  readonly status: number;
  /** The header fields. */
  readonly headers: Headers;
  /** The body. */
  readonly text: string;
}

/** Returns signed requests without bodies as one `multipart/mixed` text (RFC 2046 §5.1). */
export function formatBatch(
  requests: readonly HttpRequest[],
  boundary: string,
): string {
  const parts = requests.map(({ method, url, headers }, number) => {
    const path = url.slice(url.indexOf("/", url.indexOf("//") + 2));
    const fields = Object.entries({ ...headers, "content-length": "0" });
    return [
      `--${boundary}`,
      "Content-Type: application/http",
      "Content-Transfer-Encoding: binary",
      `Content-ID: ${number}`,
      "",
      `${method} ${path} HTTP/1.1`,
      ...fields.map(([name, value]) => `${name}: ${value}`),
      "",
      "",
    ].join("\r\n");
  });
  return `${parts.join("")}--${boundary}--\r\n`;
}

/**
 * Reads the answers of a batch by the numbers of their requests, as far as they are whole.
 * A refusal of the batch as a whole is the only part, and has no number: it is -1. Of other
 * parts without one nobody can tell what they are about.
 */
export function parseBatch(text: string): Map<number, PartAnswer> {
  const answers = new Map<number, PartAnswer>();
  let whole: PartAnswer | null = null;
  let parts = 0;
  const boundary = /^\s*(--\S+)/.exec(text)?.[1];
  if (boundary === undefined) return answers;
  // What no boundary follows has broken off.
  for (const part of text.split(boundary).slice(0, -1)) {
    const http = part.indexOf("HTTP/1.");
    if (http < 0) continue;
    const number = /content-id:\s*(\d+)/i.exec(part.slice(0, http))?.[1];
    const answer = readPart(part.slice(http));
    parts++;
    if (number !== undefined) answers.set(Number(number), answer);
    else if (answer.status >= 300) whole = answer;
  }
  if (whole !== null && parts === 1) answers.set(-1, whole);
  return answers;
}

function readPart(http: string): PartAnswer {
  const [head = "", ...body] = http.split(/\r?\n\r?\n/);
  const [line = "", ...fields] = head.split(/\r?\n/);
  const headers = new Headers();
  for (const field of fields) {
    const at = field.indexOf(":");
    if (at > 0) headers.append(field.slice(0, at), field.slice(at + 1).trim());
  }
  return {
    status: Number(line.split(" ")[1]),
    headers,
    text: body.join("\n\n"),
  };
}
