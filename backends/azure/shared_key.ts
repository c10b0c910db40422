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

/**
 * Signs requests by an account's key, and keeps what the next one has in common with the
 * last: what comes before the path is the same within a second, where the sizes are.
 */
export class SharedKeySignatures {
  readonly #accountName: string;
  readonly #key: HmacKey;
  // What the last text began with, and what its whole blocks have left. Secret: with it
  // anybody signs.
  #last: Pick<HttpRequest, "method" | "headers"> | null = null;
  #length = 0;
  #rest = "";
  #whole = 0;
  #inner: HmacKey["inner"];

  constructor(accountName: string, key: HmacKey) {
    this.#accountName = accountName;
    this.#key = key;
    this.#inner = key.inner;
  }

  /** Returns a request's `Authorization`. Its `x-ms-date` is set already. */
  sign(request: HttpRequest): string {
    const name = this.#accountName;
    const length = lengthOf(request.body);
    if (length !== this.#length || !isLike(request, this.#last)) {
      this.#begin(request, length);
    }
    const rest = this.#rest + canonicalResource(request.url, name);
    sha256Text(rest, this.#inner, BLOCK_BYTES + this.#whole, HASH);
    sha256(HASH, this.#key.outer, BLOCK_BYTES, HASH);
    return `SharedKey ${name}:${toBase64(HASH)}`;
  }

  #begin(request: HttpRequest, size: number): void {
    const { method, headers } = request;
    const start = startOf(request);
    const bytes = ENCODER.encode(start);
    const { length } = start;
    // Where letters have several bytes, blocks end elsewhere.
    const whole = bytes.length === length ? length - length % BLOCK_BYTES : 0;
    this.#inner = absorb(bytes.subarray(0, whole), this.#key.inner);
    this.#whole = whole;
    this.#rest = start.slice(whole);
    this.#length = size;
    // The request's own get its proof.
    this.#last = { method, headers: { ...headers } };
  }
}

// Two requests of one length for which the text to sign begins alike.
function isLike(
  { method, headers }: HttpRequest,
  last: Pick<HttpRequest, "method" | "headers"> | null,
): boolean {
  if (last?.method !== method) return false;
  for (const name in headers) {
    if (headers[name] !== last.headers[name]) return false;
  }
  for (const name in last.headers) if (!(name in headers)) return false;
  return true;
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
  if (isBare(headers)) {
    const none = "\n\n\n\n\n\n\n\n\n";
    return `${method}\n\n\n${length}${none}${canonicalHeaders(headers)}`;
  }
  let text = `${method}\n`;
  for (const name of SIGNED_FIELDS) {
    text += `${name === "content-length" ? length : headers[name] ?? ""}\n`;
  }
  return text + canonicalHeaders(headers);
}

// Most have no field beside the service's own.
function isBare(headers: Readonly<Record<string, string>>): boolean {
  for (const name in headers) if (!name.startsWith("x-ms-")) return false;
  return true;
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
  names.sort(
    hasUnderscore ? (a, b) => sortKey(a) < sortKey(b) ? -1 : 1 : undefined,
  );
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
  // Not by `URL`: it would resolve dot segments that have been encoded on purpose.
  const mark = url.indexOf("?");
  const whole = mark < 0 ? url : url.slice(0, mark);
  const start = whole.indexOf("/", whole.indexOf("//") + 2);
  const resource = `/${accountName}${start < 0 ? "/" : whole.slice(start)}`;
  if (mark < 0) return resource;
  const search = url.slice(mark + 1);
  const values = new Map<string, string[]>();
  for (const pair of search.split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const name = at < 0 ? pair : pair.slice(0, at);
    const key = decodeURIComponent(name).toLowerCase();
    const value = at < 0 ? "" : decodeURIComponent(pair.slice(at + 1));
    values.set(key, [...values.get(key) ?? [], value]);
  }
  const lines = [...values.keys()].sort().map((name) =>
    `\n${name}:${values.get(name)?.sort().join(",")}`
  );
  return resource + lines.join("");
}
