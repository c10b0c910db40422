// This module is browser compatible.
import type { ContentHeaders } from "../../core/backend.ts";
import { InvalidArgumentError } from "../../core/errors.ts";
import { parseHttpDate } from "../../core/http_date.ts";
import type { ByteRange } from "../../core/options.ts";
import type { HeaderFields } from "./fields.ts";

/** Returns an ETag field as it stands; `null` where CORS hides it or there is none. */
export function etagOf(headers: HeaderFields): string | null {
  return headers.get("etag");
}

/** Returns an ETag with its quotes: some XML answers leave them out. */
export function quoteEtag(etag: string | null): string | null {
  if (etag === null || etag === "") return null;
  return /^(?:W\/)?"/.test(etag) ? etag : `"${etag}"`;
}

/** Returns an HTTP or ISO date in milliseconds since 1970; `null` where it is none. */
export function parseDate(value: string | null): number | null {
  if (value === null) return null;
  const http = parseHttpDate(value);
  if (http !== null || !ISO_REGEXP.test(value)) return http;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

/** Returns the service's time at an answer; `null` for one of a cache, whose date is an old one (RFC 9111 §5.1). */
export function servedAt(headers: HeaderFields): number | null {
  return headers.get("age") === null ? parseDate(headers.get("date")) : null;
}

// As XML answers have it (RFC 3339). Date.parse takes much more for a date.
const ISO_REGEXP =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Returns a field of digits as a number; `null` where it is none. */
export function parseLength(value: string | null): number | null {
  return value !== null && /^\d{1,15}$/.test(value.trim())
    ? Number(value)
    : null;
}

/** A `Content-Range` (RFC 9110 §14.4), its numbers as they stand. */
export interface ContentRange {
  /** The first byte. */
  readonly start: number;
  /** The last byte. */
  readonly end: number;
  /** The size of the whole; `null` for `*`. */
  readonly size: number | null;
}

/** Returns a parsed `Content-Range`; `null` where it is hidden or malformed. */
export function parseContentRange(value: string | null): ContentRange | null {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(value?.trim() ?? "");
  if (match === null) return null;
  const [, start, end, size] = match;
  if (Number(end) < Number(start)) return null;
  return {
    start: Number(start),
    end: Number(end),
    size: size === "*" ? null : Number(size),
  };
}

/** Returns a `Range` field (RFC 9110 §14.2). The range is not empty. */
export function formatRange(range: ByteRange): string {
  if ("suffix" in range) return `bytes=-${range.suffix}`;
  const { offset, length } = range;
  return `bytes=${offset}-${length === undefined ? "" : offset + length - 1}`;
}

/** The header field of each content header. */
export const CONTENT_FIELDS: Readonly<Record<keyof ContentHeaders, string>> = {
  contentType: "content-type",
  cacheControl: "cache-control",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
  contentLanguage: "content-language",
};

/** Returns the content headers as fields, those that were given, under a service's prefix. */
export function contentFields(
  headers: ContentHeaders,
  prefix = "",
): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const key in CONTENT_FIELDS) {
    const name = key as keyof ContentHeaders;
    const value = headers[name];
    if (value !== null) fields[prefix + CONTENT_FIELDS[name]] = value;
  }
  return fields;
}

/** Returns the content headers of an answer, but for the type, as `extra` reports them. */
export function extraFields(headers: HeaderFields): Record<string, string> {
  const extra: Record<string, string> = {};
  for (const key in CONTENT_FIELDS) {
    if (key === "contentType") continue;
    const value = headers.get(CONTENT_FIELDS[key as keyof ContentHeaders]);
    if (value !== null && value !== "") extra[key] = value;
  }
  return extra;
}

/**
 * How many keys can be read back everywhere: Deno refuses an answer of more than 100 header
 * fields, and services, proxies and CORS rules need up to three dozen.
 */
const MAX_NAMES = 64;

/**
 * Returns user metadata as header fields. A value that a header cannot carry exactly
 * travels as encoded words (RFC 2047), which S3 itself uses.
 *
 * @throws {InvalidArgumentError} If there are too many to be read back, a key does not fit `allowed`, or two differ only in case.
 */
export function metadataFields(
  metadata: Readonly<Record<string, string>> | null,
  prefix: string,
  allowed: RegExp,
  rule: string,
): Record<string, string> {
  const fields: Record<string, string> = {};
  const entries = Object.entries(metadata ?? {});
  if (entries.length > MAX_NAMES) {
    throw new InvalidArgumentError(
      `Cannot store ${entries.length} metadata keys: with more than ${MAX_NAMES} an answer may have more header fields than fetch takes`,
    );
  }
  for (const [key, value] of entries) {
    const name = prefix + key.toLowerCase();
    const quoted = JSON.stringify(key);
    if (!allowed.test(key)) {
      throw new InvalidArgumentError(
        `Cannot store the metadata key ${quoted}: ${rule}`,
      );
    }
    if (name in fields) {
      throw new InvalidArgumentError(
        `Cannot store the metadata key ${quoted}: another one differs only in case`,
      );
    }
    fields[name] = encodeWords(value);
  }
  return fields;
}

/** A header name's alphabet, RFC 9110 §5.6.2. */
export const TOKEN_REGEXP = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Returns the user metadata of an answer; `null` where there is none. */
export function readMetadata(
  headers: HeaderFields,
  prefix: string,
): Record<string, string> | null {
  const found: [string, string][] = [];
  headers.forEach((value, name) => {
    if (!name.startsWith(prefix)) return;
    found.push([name.slice(prefix.length), decodeWords(value)]);
  });
  // Not by assignment: "__proto__" would be lost.
  return found.length > 0 ? Object.fromEntries(found) : null;
}

// Printable ASCII without a space at either end or next to another one: everything
// else is changed on the way by some server or runtime.
const EXACT_REGEXP = /^(?:[\x21-\x7e]+(?: [\x21-\x7e]+)*)?$/;

/** Bytes in one encoded word: with its frame of 12 it stays within 75 characters. */
const WORD_BYTES = 45;

/** Returns a value that a header carries exactly, encoded where it must be. */
export function encodeWords(value: string): string {
  if (EXACT_REGEXP.test(value) && !value.includes("=?")) return value;
  const words: string[] = [];
  let binary = "";
  const flush = () => {
    words.push(`=?UTF-8?B?${btoa(binary)}?=`);
    binary = "";
  };
  const encoder = new TextEncoder();
  for (const char of value) {
    // A character is not split between words (RFC 2047 §5).
    const bytes = String.fromCharCode(...encoder.encode(char));
    if (binary.length + bytes.length > WORD_BYTES) flush();
    binary += bytes;
  }
  flush();
  return words.join(" ");
}

/** Returns a header's value with its encoded words decoded. */
export function decodeWords(value: string): string {
  if (!value.includes("=?")) return value;
  const joined = value.replace(/(\?=)\s+(?==\?)/g, "$1");
  return joined.replace(
    /=\?([\w-]+)\?([BQ])\?([^?]*)\?=/gi,
    (word, charset: string, kind: string, text: string) => {
      try {
        const binary = kind.toUpperCase() === "B" ? atob(text) : unquote(text);
        const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
        return new TextDecoder(charset, { fatal: true }).decode(bytes);
      } catch {
        return word;
      }
    },
  );
}

// The "Q" encoding, RFC 2047 §4.2: AWS answers with it.
function unquote(text: string): string {
  return text.replaceAll("_", " ").replace(
    /=([0-9A-F]{2})/gi,
    (_, hex: string) => String.fromCharCode(parseInt(hex, 16)),
  );
}
