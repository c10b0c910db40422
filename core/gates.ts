// This module is browser compatible.
import type {
  ContentHeaders,
  FileEntry,
  StoredFields,
  WriteCondition,
} from "./backend.ts";
import { CapabilityNotSupportedError, refuse } from "./errors.ts";
import { type KnownOptions, requireKnown } from "./known_options.ts";
import type { Mount } from "./mount.ts";
import type {
  ByteRange,
  ContentCheck,
  CopyOptions,
  TransferOptions,
  WriteOptions,
} from "./options.ts";
import { isWellFormed } from "./path.ts";

/** The bytes that user metadata may have: ASCII keys and UTF-8 values, added up (S3's limit). */
export const MAX_METADATA_BYTES = 2048;

/** A write's options, checked and complete. */
export interface CheckedWrite extends StoredFields {
  /** When the write may happen. */
  readonly condition: WriteCondition;
  /** What the service must check; `null` for nothing. */
  readonly check: ContentCheck | null;
  /** The most bytes that the content may have. */
  readonly maxSize: number;
}

const NO_HEADERS: ContentHeaders = Object.freeze({
  contentType: null,
  cacheControl: null,
  contentDisposition: null,
  contentEncoding: null,
  contentLanguage: null,
});
const HEADER_NAMES = Object.keys(NO_HEADERS) as (keyof ContentHeaders)[];

/**
 * Checks a write's options: their shape first, so that a malformed option is the
 * same error on every backend, then the capabilities that they need.
 */
export function checkWrite(
  mount: Mount,
  action: string,
  path: string,
  options: WriteOptions,
  gate: "write" | "atomic_write",
): CheckedWrite {
  const metadata = checkMetadata(action, path, options.metadata);
  const condition = checkCondition(action, path, options);
  const headers = checkHeaders(action, path, options);
  if (
    options.onProgress !== undefined && typeof options.onProgress !== "function"
  ) {
    refuse(action, path, "onProgress is no function");
  }
  const { maxSize = Infinity } = options;
  if (typeof maxSize !== "number" || !(maxSize >= 0)) {
    refuse(action, path, `maxSize is ${maxSize}, a number of bytes is needed`);
  }
  mount.require(gate, action, path);
  if (metadata !== null) {
    mount.require("user_metadata", action, path, "metadata");
  }
  if (condition.ifMatch !== null) {
    mount.require("conditional_write", action, path, "ifMatch");
  }
  const check = options.check ?? null;
  if (check !== null && !mount.backend.checks?.has(check.algorithm)) {
    throw mount.error(
      CapabilityNotSupportedError,
      action,
      path,
      `the backend "${mount.backend.name}" cannot check ${check.algorithm} digests`,
    );
  }
  return { metadata, condition, headers, check, maxSize };
}

/**
 * Checks what a copy is to store, and returns how to make it of what the source has;
 * `null` where the options say nothing of it.
 */
export function checkStored(
  mount: Mount,
  action: string,
  path: string,
  options: CopyOptions,
): ((source: FileEntry) => StoredFields) | null {
  const given = checkHeaders(action, path, options);
  const { metadata: wanted } = options;
  const metadata = checkMetadata(action, path, wanted);
  const option = HEADER_NAMES.find((name) => given[name] !== null) ??
    (wanted === undefined ? null : "metadata");
  if (option === null) return null;
  mount.require("copy_metadata", action, path, option);
  if (metadata !== null) {
    mount.require("user_metadata", action, path, "metadata");
  }
  return (source) => {
    const had: Record<string, unknown> = { ...source.extra, ...source };
    const headers = Object.fromEntries(
      HEADER_NAMES.map((name) => [name, given[name] ?? had[name] ?? null]),
    ) as unknown as ContentHeaders;
    return {
      headers,
      metadata: wanted === undefined ? source.metadata : metadata,
    };
  };
}

/** Returns the condition under which a file may be put. */
export function checkCondition(
  action: string,
  path: string,
  options: Pick<TransferOptions, "overwrite" | "ifMatch">,
): WriteCondition {
  const given = options.overwrite;
  const overwrite = checkFlag(action, path, "overwrite", given);
  const ifMatch = checkEtag(action, path, "ifMatch", options.ifMatch);
  if (ifMatch === null) return { overwrite, ifMatch };
  if (given === false) {
    refuse(action, path, "ifMatch replaces a version, and overwrite is false");
  }
  return { overwrite: true, ifMatch };
}

/** Returns a flag; refuses what is neither a boolean nor absent: a string `"false"` would count as true. */
export function checkFlag(
  action: string,
  path: string | null,
  option: string,
  value: unknown = false,
): boolean {
  if (typeof value === "boolean") return value;
  refuse(action, path, `${option} is no boolean`);
}

/** Returns an ETag, `null` for none; refuses what is not one as RFC 9110 §8.8.3 writes it. */
export function checkEtag(
  action: string,
  path: string,
  option: string,
  etag: unknown,
): string | null {
  if (etag === undefined) return null;
  if (
    typeof etag === "string" &&
    /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/.test(etag)
  ) {
    return etag;
  }
  refuse(
    action,
    path,
    `${option} is ${
      typeof etag === "string" ? JSON.stringify(etag) : `a ${typeof etag}`
    }, an etag with its quotes is needed`,
  );
}

/** Returns the id of a version, `null` for none; refuses what no service gives for one. */
export function checkVersion(
  mount: Mount,
  action: string,
  path: string,
  versionId: unknown,
): string | null {
  if (versionId === undefined) return null;
  checkHeader(action, path, "versionId", versionId);
  mount.require("versions", action, path, "versionId");
  return versionId;
}

/** Returns representation headers; refuses those that no header field carries. */
export function checkHeaders(
  action: string,
  path: string,
  options: { readonly [K in keyof ContentHeaders]?: string | undefined },
  prefix = "",
): ContentHeaders {
  let headers = NO_HEADERS;
  for (const name of HEADER_NAMES) {
    const value: unknown = options[name];
    if (value === undefined) continue;
    checkHeader(action, path, prefix + name, value);
    headers = { ...headers, [name]: value };
  }
  return headers;
}

/** Refuses a header's value that is not printable ASCII, wherever it comes from. */
export function checkHeader(
  action: string,
  path: string,
  name: string,
  value: unknown,
): asserts value is string {
  if (typeof value === "string" && HEADER_VALUE_REGEXP.test(value)) return;
  refuse(
    action,
    path,
    `${name} is ${JSON.stringify(value)}, printable ASCII is needed`,
  );
}

// RFC 9110 §5.5, without its obsolete parts: a line break here would be another header.
const HEADER_VALUE_REGEXP = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/;

/**
 * Returns a frozen copy of user metadata, `null` where it is empty. Copied before
 * the first await, so that a later change by the caller changes nothing.
 */
export function checkMetadata(
  action: string,
  path: string,
  metadata: unknown,
): Readonly<Record<string, string>> | null {
  if (metadata === undefined || metadata === null) return null;
  const kind = Object.prototype.toString.call(metadata);
  const prototype = Object.getPrototypeOf(metadata);
  // Maps, arrays and class instances have no entries of the kind that is stored.
  if (
    kind !== "[object Object]" ||
    (prototype !== null && Object.getPrototypeOf(prototype) !== null)
  ) {
    refuse(action, path, "metadata is no plain object of strings");
  }
  const copy: Record<string, string> = {};
  let bytes = 0;
  for (const [key, value] of Object.entries(metadata)) {
    checkMetadataEntry(action, path, key, value);
    bytes += key.length + utf8Length(value);
    copy[key] = value;
  }
  if (bytes === 0) return null;
  if (bytes > MAX_METADATA_BYTES) {
    refuse(
      action,
      path,
      `metadata has ${bytes} bytes, at most ${MAX_METADATA_BYTES} are allowed`,
    );
  }
  return Object.freeze(copy);
}

// Bun 1.2's TextEncoder miscounts some strings the first time it sees them.
function utf8Length(text: string): number {
  return encodeURIComponent(text).replace(/%../g, "_").length;
}

function checkMetadataEntry(
  action: string,
  path: string,
  key: string,
  value: unknown,
): void {
  const named = `metadata key ${JSON.stringify(key)}`;
  const why = key === ""
    ? "a metadata key is empty"
    : key.startsWith("_")
    ? `${named} starts with an underscore`
    // deno-lint-ignore no-control-regex -- the rule is ASCII, control characters included
    : !/^[\x00-\x7f]*$/.test(key)
    ? `${named} is not ASCII`
    : typeof value !== "string"
    ? `the value of ${named} is no string`
    : isWellFormed(value)
    ? null
    : `the value of ${named} holds a lone surrogate`;
  if (why !== null) refuse(action, path, why);
}

/** Refuses a range that names no bytes of any file. */
export function checkRange(
  action: string,
  path: string,
  range: ByteRange | undefined,
): ByteRange | null {
  if (range === undefined) return null;
  const { offset, length, suffix } = Object(range) as {
    offset?: number;
    length?: number;
    suffix?: number;
  };
  const numbers = suffix === undefined
    ? [offset, length ?? 0]
    : offset === undefined && length === undefined
    ? [suffix]
    : [undefined];
  if (numbers.some((n) => !Number.isSafeInteger(n) || (n as number) < 0)) {
    refuse(
      action,
      path,
      `range is ${
        JSON.stringify(range)
      }, { offset, length? } or { suffix } with whole numbers from 0 is needed`,
    );
  }
  requireKnown<object>(action, path, range, RANGE, "range");
  return range;
}

type EachOf<T> = T extends unknown ? keyof T : never;
const RANGE: KnownOptions<Record<EachOf<ByteRange>, number>> = {
  offset: "number",
  length: "number",
  suffix: "number",
};

/** Refuses what is not a whole number from `least` to `most`; `null` where it is absent. */
export function checkWhole(
  action: string,
  path: string | null,
  option: string,
  value: number | undefined,
  least = 0,
  most = Infinity,
): number | null {
  if (value === undefined) return null;
  if (Number.isSafeInteger(value) && value >= least && value <= most) {
    return value;
  }
  const bounds = most === Infinity ? least : `${least} to ${most}`;
  refuse(
    action,
    path,
    `${option} is ${String(value)}, a whole number from ${bounds} is needed`,
  );
}

/** Returns whether a value is a whole number from 1 on. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
