// This module is browser compatible.
import { absorb, BLOCK_BYTES, sha256 } from "../../digest/sha256.ts";
import type { HttpRequest } from "../_http/client.ts";
import { type HmacKey, sha256Text, toBase64 } from "../_http/hmac.ts";

/** The fields of the string to sign, in their order (Authorize with Shared Key). */
const SIGNED_FIELDS = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
] as const;

const ENCODER = new TextEncoder();

// One for all: nothing waits between filling it and reading it.
const HASH = new Uint8Array(32);

/** What the last signature began with, hashed so far. Secret: with it anybody signs. */
interface Start {
  readonly text: string;
  /** The key and the whole blocks of the text. */
  readonly inner: HmacKey["inner"];
  readonly hashed: number;
  /** What of the text is in no whole block. */
  readonly rest: string;
}

/**
 * Signs requests by an account's key, and keeps what the next one has in common with the
 * last: what comes before the path is the same within a second, where the sizes are.
 */
export class SharedKeySignatures {
  readonly #accountName: string;
  readonly #key: HmacKey;
  #start: Start | null = null;

  constructor(accountName: string, key: HmacKey) {
    this.#accountName = accountName;
    this.#key = key;
  }

  /** Returns a request's `Authorization`. Its `x-ms-date` is set already. */
  sign(request: HttpRequest): string {
    const { inner, hashed, rest } = this.#startOf(startOf(request));
    const end = rest + canonicalResource(request.url, this.#accountName);
    sha256Text(end, inner, hashed, HASH);
    sha256(HASH, this.#key.outer, BLOCK_BYTES, HASH);
    return `SharedKey ${this.#accountName}:${toBase64(HASH)}`;
  }

  #startOf(text: string): Start {
    if (this.#start?.text === text) return this.#start;
    const bytes = ENCODER.encode(text);
    // What has other letters is cut nowhere.
    const isAscii = bytes.length === text.length;
    const whole = isAscii ? text.length - text.length % BLOCK_BYTES : 0;
    return this.#start = {
      text,
      inner: absorb(bytes.subarray(0, whole), this.#key.inner),
      hashed: BLOCK_BYTES + whole,
      rest: text.slice(whole),
    };
  }
}

/** Returns the text that a shared key signs, as versions from 2015-02-21 on define it. */
export function stringToSign(
  request: HttpRequest,
  accountName: string,
): string {
  return startOf(request) + canonicalResource(request.url, accountName);
}

// All but the resource.
function startOf({ method, headers, body }: HttpRequest): string {
  // A length of zero is signed as an empty line, whatever is sent.
  const length = lengthOf(body) || "";
  let text = `${method}\n`;
  for (const name of SIGNED_FIELDS) {
    text += `${name === "content-length" ? length : headers[name] ?? ""}\n`;
  }
  return text + canonicalHeaders(headers);
}

function lengthOf(body: HttpRequest["body"]): number {
  if (body === null) return 0;
  return body instanceof Blob ? body.size : body.byteLength;
}

/** Returns the `x-ms-*` fields, a line each, in the service's order. */
export function canonicalHeaders(
  headers: Readonly<Record<string, string>>,
): string {
  const names: string[] = [];
  let hasUnderscore = false;
  for (const name in headers) {
    if (!name.startsWith("x-ms-")) continue;
    names.push(name);
    hasUnderscore ||= name.includes("_");
  }
  // The service sorts as .NET sorts words: an underscore comes before digits and
  // letters. By code it would come between the two.
  if (hasUnderscore) names.sort((a, b) => sortKey(a) < sortKey(b) ? -1 : 1);
  else names.sort();
  let lines = "";
  for (const name of names) lines += `${name}:${foldSpace(headers[name]!)}\n`;
  return lines;
}

function sortKey(name: string): string {
  return name.replaceAll("_", ".");
}

function foldSpace(value: string): string {
  return value.includes("\n") || value.includes("\r")
    ? value.replace(/\s*[\r\n]+\s*/g, " ").trim()
    : value.trim();
}

/** Returns the resource line: the account, the path as it is sent, and each query field. */
export function canonicalResource(url: string, accountName: string): string {
  const { pathname, search } = splitUrl(url);
  if (search === "") return `/${accountName}${pathname}`;
  const values = new Map<string, string[]>();
  for (const pair of search.split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const name = decode(at < 0 ? pair : pair.slice(0, at)).toLowerCase();
    const value = at < 0 ? "" : decode(pair.slice(at + 1));
    values.set(name, [...values.get(name) ?? [], value]);
  }
  const lines = [...values.keys()].sort().map((name) =>
    `\n${name}:${values.get(name)?.sort().join(",")}`
  );
  return `/${accountName}${pathname}${lines.join("")}`;
}

// Not by `URL`: it would resolve dot segments that have been encoded on purpose.
function splitUrl(url: string): { pathname: string; search: string } {
  const at = url.indexOf("?");
  const whole = at < 0 ? url : url.slice(0, at);
  const start = whole.indexOf("/", whole.indexOf("//") + 2);
  return {
    pathname: start < 0 ? "/" : whole.slice(start),
    search: at < 0 ? "" : url.slice(at + 1),
  };
}

function decode(text: string): string {
  return decodeURIComponent(text);
}
