// This module is browser compatible.
import { refused } from "../_http/asked_query.ts";
import type { S3Dialect } from "./dialect.ts";
import { encodeKey } from "./endpoint.ts";
import { METADATA_PREFIX } from "./wire.ts";

/** Returns whether a value is one that the field may have. */
export type FieldRule = (value: string) => boolean;

/** The fields that a request may have, by name. */
export type FieldRules = Readonly<Record<string, FieldRule>>;

// Printable ASCII without a space at either end: no tab, which services sign differently, no
// line break, and nothing that a proxy writes anew.
const VALUE_REGEXP = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** RFC 9110 §8.3.1, without what a list of types would need. */
const TYPE_REGEXP =
  /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;\s*[\w!#$&^.+-]+=(?:[\w!#$&^.+-]+|"[^"\\,]*"))*$/;

const CODING_REGEXP = /^[\w!#$&^.+-]+(?:, ?[\w!#$&^.+-]+)*$/;

const TAG_REGEXP = /^(?:W\/)?"[\x21\x23-\x7e]*"$/;

/** An ETag as Ceph compares it. */
const BARE_TAG_REGEXP = /^[\x21\x23-\x29\x2b-\x7e]+$/;

const BASE64_REGEXP = /^[A-Za-z0-9+/]{4,86}={0,2}$/;

const isDate: FieldRule = (value) =>
  VALUE_REGEXP.test(value) && !Number.isNaN(Date.parse(value));

/** The fields that are stored with a file. */
export const STORED_FIELDS: FieldRules = {
  "content-type": (value) => TYPE_REGEXP.test(value),
  "cache-control": (value) => VALUE_REGEXP.test(value),
  "content-disposition": (value) => VALUE_REGEXP.test(value),
  // The framing of an upload is no coding of the file.
  "content-encoding": (value) =>
    CODING_REGEXP.test(value) && !/aws-chunked/i.test(value),
  "content-language": (value) => VALUE_REGEXP.test(value),
};

/** The fields that a file is opened with in parts. */
export const OPENED_FIELDS: FieldRules = {
  ...STORED_FIELDS,
  expires: isDate,
  "x-amz-checksum-algorithm": (value) =>
    /^(?:CRC32|CRC32C|CRC64NVME|SHA256)$/.test(value),
  "x-amz-checksum-type": (value) => /^(?:FULL_OBJECT|COMPOSITE)$/.test(value),
};

const CHECKSUM_NAMES = ["crc32", "crc32c", "crc64nvme", "sha256"] as const;

/** The checksums of a body. */
export const CHECKSUM_FIELDS: FieldRules = Object.fromEntries(
  CHECKSUM_NAMES.map((name) => [
    `x-amz-checksum-${name}`,
    (value: string) => BASE64_REGEXP.test(value),
  ]),
);

/** The conditions of a write. A star after If-Match would match any file. */
export function writeConditions(dialect: S3Dialect): FieldRules {
  return {
    "if-match": dialect.ifMatch === "unquoted"
      ? (value) => BARE_TAG_REGEXP.test(value)
      : (value) => TAG_REGEXP.test(value),
    "if-none-match": (value) => value === "*",
  };
}

const isTag: FieldRule = (value) => TAG_REGEXP.test(value);

/** The condition of a deletion. */
export const DELETE_FIELDS: FieldRules = { "if-match": isTag };

/** The fields of a read. */
export const READ_FIELDS: FieldRules = {
  range: (value) => /^bytes=(?:\d{1,15}-\d{0,15}|-\d{1,15})$/.test(value),
  "if-match": isTag,
  "if-none-match": (value) => isTag(value) || value === "*",
};

/** The field of a look. */
export const LOOK_FIELDS: FieldRules = {
  "x-amz-checksum-mode": (value) => value === "ENABLED",
};

/** The fields of a copy, which names its source. */
export const COPY_FIELDS: FieldRules = {
  "x-amz-copy-source": () => true,
  "x-amz-copy-source-if-match": isTag,
};

/** The range of a part that is copied. */
export const RANGE_FIELD: FieldRules = {
  "x-amz-copy-source-range": (value) => /^bytes=\d{1,15}-\d{1,15}$/.test(value),
};

/** The most that user metadata may have together, in characters. */
const MAX_METADATA = 8192;

/** The most keys: the backend itself sends no more. */
const MAX_NAMES = 64;

const NAME_REGEXP = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/**
 * Checks header fields against those that a request may have.
 *
 * @param extra Those that the options of the handler's own backend add, which may be left out.
 */
export function checkFields(
  headers: Readonly<Record<string, string>>,
  rules: FieldRules,
  extra: Readonly<Record<string, string>>,
  metadata: boolean,
): void {
  let names = 0;
  let length = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (Object.hasOwn(extra, name)) {
      if (extra[name] === value) continue;
      throw refused(`the field ${show(name)} has another value than here`);
    }
    if (metadata && name.startsWith(METADATA_PREFIX)) {
      names++;
      length += name.length + value.length;
      const isPlain = NAME_REGEXP.test(name.slice(METADATA_PREFIX.length)) &&
        (value === "" || VALUE_REGEXP.test(value));
      if (isPlain) continue;
      throw refused(`the field ${show(name)} is malformed`);
    }
    if (!Object.hasOwn(rules, name)) {
      throw refused(`the field ${show(name)} is not part of the operation`);
    }
    if (!rules[name]!(value)) {
      throw refused(`the field ${show(name)} is malformed`);
    }
  }
  if (names > MAX_NAMES || length > MAX_METADATA) {
    throw refused("there is too much user metadata");
  }
}

/** Returns the key that a copy reads: in the same bucket, in the one way that it is written here. */
export function sourceKeyOf(value: string, bucket: string): string {
  const start = `/${encodeKey(bucket)}/`;
  const key = value.startsWith(start)
    ? decode(value.slice(start.length))
    : null;
  if (key === null || key === "" || start + encodeKey(key) !== value) {
    throw refused("the source of the copy is not written as here");
  }
  return key;
}

/** Returns an escaped text; `null` where it is none. */
export function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Returns a name for a message: short, and nothing but ASCII. */
export function show(name: string): string {
  return JSON.stringify(name.slice(0, 64)).replace(/[^\x20-\x7e]/g, "?");
}
