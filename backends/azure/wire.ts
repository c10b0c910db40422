// This module is browser compatible.
import type { FileEntry, WriteCondition } from "../../core/backend.ts";
import { ContentDigest } from "../../core/digest.ts";
import { InvalidPathError } from "../../core/errors.ts";
import { keyDepth } from "../../core/path.ts";
import type { HeaderFields } from "../_http/fields.ts";
import {
  extraFields,
  parseDate,
  parseLength,
  readMetadata,
} from "../_http/headers.ts";
import { bareEntry, storedForm } from "../_http/representation.ts";

/** The version of the service's interface that requests ask for. */
export const API_VERSION = "2023-11-03";

/** The longest key, and the most segments, that the service takes. */
const MAX_KEY = 1024;
const MAX_SEGMENTS = 254;

// XML 1.0 cannot carry most of these, so that one of them in a name can make every
// listing of its container fail.
// deno-lint-ignore no-control-regex -- they are what is refused
const REFUSED_REGEXP = /[\x00-\x1f\x7f-\x9f\\\ufffe\uffff]/;

/**
 * Refuses a key that the service would change or choke on.
 *
 * @throws {InvalidPathError} If it has a backslash (stored as a slash), a control
 * character, or is too long.
 */
export function requireKey(key: string): string {
  const found = REFUSED_REGEXP.exec(key)?.[0];
  const why = found === "\\"
    ? "Azure stores a backslash as a slash"
    : found !== undefined
    ? "it holds a control character, with which Azure's listings fail"
    : key.length > MAX_KEY
    ? `it has ${key.length} characters, Azure takes ${MAX_KEY}`
    : keyDepth(key) > MAX_SEGMENTS
    ? `it has more than ${MAX_SEGMENTS} segments`
    : null;
  if (why === null) return key;
  throw new InvalidPathError(why, { path: key });
}

/** A key that is written as it stands. */
const PLAIN_REGEXP = /^[\w./~!*()-]+$/;

/** Returns a key as the path of a URL. */
export function encodeKey(key: string): string {
  // `fetch` resolves dot segments, silently naming another blob or container; with
  // its slashes encoded the key arrives as it is.
  const dots = /(?:^|\/)\.\.?(?:\/|$)/.test(key);
  if (!dots && PLAIN_REGEXP.test(key)) return key;
  const encoded = encodeURIComponent(key).replaceAll("'", "%27");
  return dots ? encoded : encoded.replaceAll("%2F", "/");
}

/** Returns a query, with its question mark; what is `null` is left out. */
export function toQuery(
  fields: Readonly<Record<string, string | number | null>>,
): string {
  let query = "";
  for (const name in fields) {
    const value = fields[name] ?? null;
    if (value === null) continue;
    query += `${query === "" ? "?" : "&"}${name}=${encodeURIComponent(value)}`;
  }
  return query;
}

/** Returns the fields that make a request conditional. */
export function conditionFields(
  condition: WriteCondition,
): Record<string, string> {
  if (condition.ifMatch !== null) return { "if-match": condition.ifMatch };
  return condition.overwrite ? {} : { "if-none-match": "*" };
}

/** The prefix of user metadata among the header fields. */
export const METADATA_PREFIX = "x-ms-meta-";

/** The metadata that marks a folder, in accounts with and without real ones. */
export const FOLDER_MARK = "hdi_isfolder";

/** C# identifiers, the keys that the service takes for metadata. */
export const METADATA_KEY_REGEXP = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Returns what an answer says of its file. `size` is that of the whole; with `bytesOnly`
 * nobody wants more than that, the tag, and the mark of a folder.
 */
export function toEntry(
  headers: HeaderFields,
  size: number | null,
  bytesOnly = false,
): FileEntry {
  const { coding, etag } = storedForm(headers);
  const told = headers.get(METADATA_PREFIX + FOLDER_MARK);
  const mark = told?.toLowerCase() === "true" ? { folderMark: true } : null;
  if (bytesOnly) {
    const bare = bareEntry(etag, size);
    return mark === null ? bare : { ...bare, ...mark };
  }
  // With a range, Content-MD5 would be that of the range.
  const whole = headers.get("x-ms-blob-content-md5") ??
    (headers.has("content-range") ? null : headers.get("content-md5"));
  const extra: Record<string, unknown> = extraFields(headers);
  if (coding === null) delete extra["contentEncoding"];
  const versionId = headers.get("x-ms-version-id");
  if (versionId !== null) extra["versionId"] = versionId;
  addState(extra, {
    tier: headers.get("x-ms-access-tier"),
    inferred: headers.get("x-ms-access-tier-inferred"),
    tags: headers.get("x-ms-tag-count"),
  });
  return {
    kind: "file",
    size,
    lastModified: parseDate(headers.get("last-modified")),
    etag,
    digest: toDigest(whole),
    contentType: headers.get("content-type"),
    metadata: withoutMark(readMetadata(headers, METADATA_PREFIX)),
    extra: Object.keys(extra).length === 0 ? null : extra,
    ...mark,
  };
}

/** What an answer or a listing says of a blob's tier and tags, as it says it. */
export interface State {
  /** The access tier. */
  readonly tier: string | null | undefined;
  /** Whether that is the account's own: `true`. */
  readonly inferred: string | null | undefined;
  /** The number of index tags. */
  readonly tags: string | null | undefined;
}

/** Adds to `extra` the tier that a blob was given and the number of its tags, where it has some. */
export function addState(
  extra: Record<string, unknown>,
  { tier, inferred, tags }: State,
): void {
  if (tier && inferred !== "true") extra["accessTier"] = tier;
  const count = parseLength(tags ?? null);
  if (count) extra["tagCount"] = count;
}

/** Returns the size that an answer to HEAD tells; `hidden` is whether a coding may be. */
export function sizeOf(headers: HeaderFields, hidden: boolean): number | null {
  return storedForm(headers, hidden).size;
}

/** Returns metadata without the mark of a folder; `null` where nothing else is in it. */
export function withoutMark(
  metadata: Record<string, string> | null,
): Record<string, string> | null {
  if (metadata === null) return null;
  const { [FOLDER_MARK]: _, ...rest } = metadata;
  return Object.keys(rest).length === 0 ? null : rest;
}

/** Returns an MD5 digest as `Content-MD5` carries it. */
export function toContentMd5(digest: ContentDigest): string {
  const bytes = digest.value.match(/../g) ?? [];
  return btoa(
    String.fromCharCode(...bytes.map((byte) => parseInt(byte, 16))),
  );
}

/** 16 bytes as base64. */
const MD5_REGEXP = /^[A-Za-z0-9+/]{22}==$/;

/** Returns a `Content-MD5` as a digest; `null` where there is none. */
export function toDigest(base64: string | null): ContentDigest | null {
  if (!base64 || !MD5_REGEXP.test(base64)) return null;
  return ContentDigest.fromBase64("md5", base64);
}
