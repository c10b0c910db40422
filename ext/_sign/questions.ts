// This module is browser compatible.
import type { PromisedUpload, SigningQuestion } from "../../mod.ts";
import { Refusal } from "./refusals.ts";

/** A question as it came, with its ticket. */
export interface Asked extends SigningQuestion {
  /** The ticket of its upload; `null` for none. */
  readonly ticket: string | null;
}

/** What a request to the handler holds. */
export interface Batch {
  /** The questions, in their order. A string is why one is malformed. */
  readonly questions: readonly Asked[];
  /** The paths that the page says it has written. */
  readonly written: readonly string[];
}

/** The version of the protocol. */
export const VERSION = 1;

/** The longest text that a question may hold, in UTF-16 units. */
const MAX_TEXT = 16_384;

/** The most header fields of one question. */
const MAX_FIELDS = 100;

const QUESTION_NAMES = [
  "method",
  "url",
  "headers",
  "size",
  "body",
  "plan",
  "expiresIn",
  "ticket",
];

const PLAN_NAMES = [
  "size",
  "partSize",
  "create",
  "ifMatch",
  "contentType",
  "source",
];

/**
 * Reads the JSON of a request. Nothing in it is passed over.
 *
 * @throws {Refusal} If it is not what the client of this library sends.
 */
export function readBatch(text: string, maxBatch: number): Batch {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw malformed("the body is no JSON");
  }
  const batch = record(json, ["v", "requests", "written"], "the body");
  if (batch["v"] !== VERSION) {
    throw malformed("the version of the protocol is another one");
  }
  const requests = list(batch["requests"] ?? [], maxBatch, "requests");
  const written = list(batch["written"] ?? [], maxBatch, "written");
  if (requests.length + written.length === 0) {
    throw malformed("it asks nothing");
  }
  return {
    questions: requests.map(readQuestion),
    written: written.map((path) => string(path, "a path")),
  };
}

function readQuestion(given: unknown): Asked {
  const one = record(given, QUESTION_NAMES, "a request");
  const { method, url, headers, size, body, plan, expiresIn, ticket } = one;
  return {
    method: string(method, "the method"),
    url: string(url, "the URL"),
    headers: readHeaders(headers),
    size: size === undefined || size === null ? null : whole(size, "the size"),
    body: body === undefined
      ? null
      : fromBase64(string(body, "a body", Infinity)),
    plan: plan === undefined || plan === null ? null : readPlan(plan),
    expiresIn: expiresIn === undefined ? null : whole(expiresIn, "expiresIn"),
    ticket: ticket === undefined ? null : string(ticket, "the ticket"),
  };
}

function readHeaders(given: unknown): Record<string, string> {
  const headers: [string, string][] = Object.entries(
    record(given, null, "the header fields"),
  ).map(([name, value]) => {
    // By lower-case name: in two spellings one field could come twice.
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]{1,256}$/.test(name)) {
      throw malformed("the name of a header field is none in lower case");
    }
    return [name, string(value, "a header field")];
  });
  if (headers.length > MAX_FIELDS) throw malformed("it has too many fields");
  // Not by assignment: "__proto__" would be no field then.
  return Object.fromEntries(headers);
}

function readPlan(given: unknown): PromisedUpload {
  const plan = record(given, PLAN_NAMES, "the plan");
  const { size, partSize, create, ifMatch, contentType } = plan;
  const source = plan["source"] ?? null;
  if (typeof create !== "boolean") throw malformed("the plan is not whole");
  return {
    size: size === null ? null : whole(size, "the size of the plan"),
    partSize: whole(partSize, "the size of the parts"),
    create,
    ifMatch: ifMatch === null ? null : string(ifMatch, "an ETag"),
    contentType: contentType === null ? null : string(contentType, "a type"),
    source: source === null ? null : string(source, "a source"),
  };
}

function record(
  given: unknown,
  names: readonly string[] | null,
  what: string,
): Record<string, unknown> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw malformed(`${what} is no object`);
  }
  for (const name of Object.keys(given)) {
    if (names !== null && !names.includes(name)) {
      throw malformed(`${what} has a field that is not known`);
    }
  }
  return Object.fromEntries(Object.entries(given));
}

function list(given: unknown, most: number, what: string): unknown[] {
  if (!Array.isArray(given)) throw malformed(`${what} is no list`);
  if (given.length <= most) return given;
  throw malformed(`${what} has more than ${most} entries`);
}

function string(given: unknown, what: string, most = MAX_TEXT): string {
  if (typeof given !== "string") throw malformed(`${what} is no text`);
  if (given.length > most) throw malformed(`${what} is too long`);
  // RFC 8259 §8.2: what is no Unicode text has no bytes to sign.
  if (/\p{Surrogate}/u.test(given)) throw malformed(`${what} is no Unicode`);
  return given;
}

function whole(given: unknown, what: string): number {
  if (Number.isSafeInteger(given) && (given as number) >= 0) {
    return given as number;
  }
  throw malformed(`${what} is no whole number`);
}

/** Returns the bytes of a base64 text. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    throw malformed("a body is no base64");
  }
}

function malformed(why: string): Refusal {
  return new Refusal("InvalidArgument", `Cannot sign: ${why}`);
}

/** @throws {Refusal} If a body is no UTF-8. */
export function toText(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new Refusal("InvalidArgument", "Cannot sign: the body is no UTF-8");
  }
}
