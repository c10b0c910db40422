// This module is browser compatible.
import { type HmacKey, hmacSha256, toBase64 } from "../_http/hmac.ts";
import type { HttpRequest } from "../_http/client.ts";

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

/** Returns a request's `Authorization` by shared key. Its `x-ms-date` is set already. */
export function sharedKeyAuthorization(
  request: HttpRequest,
  accountName: string,
  key: HmacKey,
): string {
  const text = stringToSign(request, accountName);
  return `SharedKey ${accountName}:${toBase64(hmacSha256(key, text))}`;
}

/** Returns the text that a shared key signs, as versions from 2015-02-21 on define it. */
export function stringToSign(
  request: HttpRequest,
  accountName: string,
): string {
  const { method, headers, body, url } = request;
  let text = `${method}\n`;
  for (const name of SIGNED_FIELDS) {
    // A length of zero is signed as an empty line, whatever is sent.
    const value = name === "content-length"
      ? lengthOf(body) || ""
      : headers[name] ?? "";
    text += `${value}\n`;
  }
  return text + canonicalHeaders(headers) + canonicalResource(url, accountName);
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
