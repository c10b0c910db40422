// This module is browser compatible.
import {
  containerNotFound,
  type FileEntry,
  type WriteCondition,
  type WriteFacts,
} from "../../core/backend.ts";
import { ContentDigest } from "../../core/digest.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  IntegrityError,
  InvalidPathError,
  NotFoundError,
  PermissionDeniedError,
  PreconditionFailedError,
  RemoteStoreError,
} from "../../core/errors.ts";
import type { HttpFailure, HttpRequest } from "../_http/client.ts";
import {
  etagOf,
  extraFields,
  parseContentRange,
  parseDate,
  parseLength,
  quoteEtag,
  readMetadata,
} from "../_http/headers.ts";
import { isTransient } from "../_http/retry.ts";
import { elementText, rootName } from "../_http/xml.ts";
import { type S3Dialect, writeTag } from "./dialect.ts";

/** The start of the header fields of user metadata. */
export const METADATA_PREFIX = "x-amz-meta-";

/** Algorithms by what they are worth, with the field that carries each. */
const CHECKSUM_FIELDS = [
  ["sha256", "x-amz-checksum-sha256", "ChecksumSHA256"],
  ["crc64nvme", "x-amz-checksum-crc64nvme", "ChecksumCRC64NVME"],
  ["sha1", "x-amz-checksum-sha1", "ChecksumSHA1"],
  ["crc32c", "x-amz-checksum-crc32c", "ChecksumCRC32C"],
  ["crc32", "x-amz-checksum-crc32", "ChecksumCRC32"],
] as const;

/**
 * Returns the checksum of a whole file. One that is made of the parts' checksums is
 * no hash of the content.
 */
export function parseDigest(
  type: string | null,
  read: (field: string, element: string) => string | null,
): ContentDigest | null {
  if (type?.toUpperCase() === "COMPOSITE") return null;
  for (const [algorithm, field, element] of CHECKSUM_FIELDS) {
    const value = read(field, element);
    if (value === null || !/^[\w+/]+=*$/.test(value)) continue;
    try {
      return ContentDigest.fromBase64(algorithm, value);
    } catch {
      continue;
    }
  }
  return null;
}

function digestOf(headers: Headers): ContentDigest | null {
  return parseDigest(
    headers.get("x-amz-checksum-type"),
    (field) => headers.get(field),
  );
}

/** Returns what the answer to HEAD or GET says of a file. */
export function toEntry(response: Response, dialect: S3Dialect): FileEntry {
  const { headers } = response;
  const range = parseContentRange(headers.get("content-range"));
  const partial = response.status === 206;
  const extra: Record<string, unknown> = extraFields(headers);
  const encoding = contentEncoding(headers);
  if (encoding === null) delete extra["contentEncoding"];
  else extra["contentEncoding"] = encoding;
  for (const [name, field] of EXTRA_FIELDS) {
    const value = headers.get(field);
    if (value !== null) extra[name] = value;
  }
  return {
    kind: "file",
    size: partial
      ? range?.size ?? null
      : parseLength(headers.get("content-length")),
    lastModified: parseDate(headers.get("last-modified")),
    etag: etagOf(headers),
    // The checksum of a range would be the whole file's, and is not sent by all.
    digest: digestOf(headers),
    contentType: headers.get("content-type"),
    metadata: unescapeKeys(readMetadata(headers, METADATA_PREFIX), dialect),
    extra: Object.keys(extra).length > 0 ? extra : null,
  };
}

/** An encoded word of nothing (RFC 2047): Bun drops fields without a value. */
const EMPTY_WORD = "=?UTF-8?B??=";

/** Fills the fields that have no value with a word that stands for one. */
export function fillEmpty(
  fields: Readonly<Record<string, string>>,
): Record<string, string> {
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value === "" ? EMPTY_WORD : value]),
  );
}

/** Returns user metadata with the keys that the service gives back as they are. */
export function escapeKeys(
  metadata: Readonly<Record<string, string>> | null,
  dialect: S3Dialect,
): Readonly<Record<string, string>> | null {
  if (metadata === null || dialect.metadataUnderscores) return metadata;
  return renamed(
    metadata,
    (key) => key.replace(/[%_]/g, (char) => char === "_" ? "%5f" : "%25"),
  );
}

function unescapeKeys(
  metadata: Readonly<Record<string, string>> | null,
  dialect: S3Dialect,
): Readonly<Record<string, string>> | null {
  if (metadata === null || dialect.metadataUnderscores) return metadata;
  return renamed(
    metadata,
    (key) => key.replace(/%5f|%25/g, (escape) => escape === "%5f" ? "_" : "%"),
  );
}

function renamed(
  metadata: Readonly<Record<string, string>>,
  rename: (key: string) => string,
): Record<string, string> {
  const entries = Object.entries(metadata);
  return Object.fromEntries(
    entries.map(([key, value]) => [rename(key), value]),
  );
}

const EXTRA_FIELDS = [
  ["versionId", "x-amz-version-id"],
  ["storageClass", "x-amz-storage-class"],
  ["encryption", "x-amz-server-side-encryption"],
] as const;

/** Returns the stored `Content-Encoding`; the framing of an upload is none. */
export function contentEncoding(headers: Headers): string | null {
  const codings = (headers.get("content-encoding") ?? "").split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "aws-chunked");
  return codings.length > 0 ? codings.join(", ") : null;
}

/** Returns what the answer to PutObject says. It has no date of its own. */
export function toFacts(headers: Headers): WriteFacts {
  return {
    etag: etagOf(headers),
    versionId: versionOf(headers),
    lastModified: null,
    digest: digestOf(headers),
  };
}

/** Returns what the answer to CompleteMultipartUpload says. */
export function toCompleteFacts(headers: Headers, xml: string): WriteFacts {
  return {
    etag: quoteEtag(elementText(xml, "ETag")),
    versionId: versionOf(headers),
    lastModified: null,
    digest: parseDigest(
      elementText(xml, "ChecksumType"),
      (_, element) => elementText(xml, element),
    ),
  };
}

// "null" is the name of what an unversioned bucket held before.
function versionOf(headers: Headers): string | null {
  const version = headers.get("x-amz-version-id");
  return version === "null" ? null : version;
}

/** Returns the condition of a write as header fields. */
export function conditionFields(
  condition: WriteCondition,
  dialect: S3Dialect,
): Record<string, string> {
  if (condition.ifMatch !== null) {
    return { "if-match": writeTag(dialect, condition.ifMatch) };
  }
  return condition.overwrite ? {} : { "if-none-match": "*" };
}

/** The service's own word for a failure; empty where its body did not come. */
export function failureCode(failure: HttpFailure): string {
  return elementText(failure.text, "Code") ?? "";
}

/** Returns whether the service's own words mean "later". */
export function isTransientCode(code: string): boolean {
  return TRANSIENT_CODES.has(code);
}

const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  "ConditionalRequestConflict",
  "InternalError",
  "OperationAborted",
  "RequestTimeout",
  "ServiceUnavailable",
  "SlowDown",
  "Throttling",
  "ThrottlingException",
  "RequestLimitExceeded",
]);

/** Returns whether a code means "later", and that nothing was done until then. */
export function isRefusal(code: string): boolean {
  return REFUSAL_CODES.has(code);
}

const REFUSAL_CODES: ReadonlySet<string> = new Set([
  "ConditionalRequestConflict",
  "OperationAborted",
  "SlowDown",
  // What Ceph answers to those who lose a race for one key.
  "UnknownError",
]);

const DENIED_CODES: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccountProblem",
  "AllAccessDisabled",
  "ExpiredToken",
  "InvalidAccessKeyId",
  "InvalidToken",
  "SignatureDoesNotMatch",
  "TokenRefreshRequired",
]);

const MISMATCH_CODES: ReadonlySet<string> = new Set([
  "BadDigest",
  "XAmzContentChecksumMismatch",
  "XAmzContentSHA256Mismatch",
]);

/** Returns the error for an answer that is one. */
export function toError(
  failure: HttpFailure,
  request: HttpRequest,
  bucket: string,
): Error {
  const code = failureCode(failure);
  const { status } = failure;
  const known = byCode(code, bucket) ?? byStatus(status, code, request);
  return known ?? other(failure, code);
}

/** Returns the error for a code of the service; `null` where the status tells more. */
export function byCode(code: string, bucket: string): Error | null {
  if (code === "NoSuchBucket") {
    return containerNotFound(
      `the bucket ${JSON.stringify(bucket)} does not exist`,
    );
  }
  if (DENIED_CODES.has(code)) {
    return new PermissionDeniedError(
      code === "AccessDenied" ? undefined : `access is denied (${code})`,
    );
  }
  if (code === "RequestTimeTooSkewed") {
    return new PermissionDeniedError(
      "access is denied, because the clock here is too far from the service's",
    );
  }
  if (code === "KeyTooLongError" || code === "InvalidObjectName") {
    return new InvalidPathError(`the service refuses the key (${code})`);
  }
  if (MISMATCH_CODES.has(code)) return new IntegrityError();
  if (code === "NoSuchKey") return new NotFoundError();
  if (TRANSIENT_CODES.has(code) && code !== "ConditionalRequestConflict") {
    return new BackendUnavailableError(`the service answered ${code}`);
  }
  return null;
}

function byStatus(
  status: number,
  code: string,
  request: HttpRequest,
): Error | null {
  const { headers } = request;
  if (status === 412 || code === "ConditionalRequestConflict") {
    if (headers["if-none-match"] !== undefined) return new AlreadyExistsError();
    return new PreconditionFailedError();
  }
  if (status === 404) return new NotFoundError();
  if (status === 401 || status === 403) return new PermissionDeniedError();
  if (isTransient(status)) {
    return new BackendUnavailableError(`the service answered ${status}`);
  }
  return null;
}

function other(failure: HttpFailure, code: string): RemoteStoreError {
  const { status, text, headers } = failure;
  const region = headers.get("x-amz-bucket-region") ??
    elementText(text, "Region");
  if (region !== null && (status === 301 || status === 307 || status === 400)) {
    return new RemoteStoreError(`the bucket is in the region ${region}`);
  }
  const said = elementText(text, "Message") ?? "";
  const named = code === "" ? `${status}` : `${status} ${code}`;
  return new RemoteStoreError(
    `the service answered ${named}${said === "" ? "" : `: ${said}`}`,
  );
}

/** Returns the error inside of a 200, as a failure; `null` where there is none. */
export function hiddenFailure(
  response: Response,
  xml: string,
): HttpFailure | null {
  const root = rootName(xml);
  if (root !== null && root !== "Error") return null;
  const code = elementText(xml, "Code") ?? "";
  // The status was sent before the outcome was known; nothing at all may follow it.
  const status = root === null || TRANSIENT_CODES.has(code)
    ? 503
    : code === "PreconditionFailed"
    ? 412
    : DENIED_CODES.has(code)
    ? 403
    : 400;
  return { status, headers: response.headers, text: xml };
}
