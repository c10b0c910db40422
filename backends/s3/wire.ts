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
  QuotaExceededError,
  RemoteStoreError,
} from "../../core/errors.ts";
import type { HttpFailure, HttpRequest } from "../_http/client.ts";
import {
  etagOf,
  extraFields,
  metadataFields,
  parseContentRange,
  parseDate,
  parseLength,
  quoteEtag,
  readMetadata,
  TOKEN_REGEXP,
} from "../_http/headers.ts";
import { isTransient } from "../_http/retry.ts";
import { elementText, elementXml, rootName } from "../_http/xml.ts";
import { type S3Dialect, writeTag } from "./dialect.ts";

/** The start of the header fields of user metadata. */
const METADATA_PREFIX = "x-amz-meta-";

/** Algorithms by what they are worth. */
const ALGORITHMS = ["sha256", "crc64nvme", "sha1", "crc32c", "crc32"];

/**
 * Returns the checksum of a whole file. One that is made of the parts' checksums is
 * no hash of the content.
 */
export function parseDigest(
  type: string | null,
  read: (algorithm: string) => string | null,
): ContentDigest | null {
  if (type?.toUpperCase() === "COMPOSITE") return null;
  for (const algorithm of ALGORITHMS) {
    const value = read(algorithm);
    if (value === null) continue;
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
    (algorithm) => headers.get(`x-amz-checksum-${algorithm}`),
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

/** Returns user metadata as header fields, those without a value filled in. */
export function toMetadataFields(
  metadata: FileEntry["metadata"],
  dialect: S3Dialect,
): Record<string, string> {
  const fields = metadataFields(
    escapeKeys(metadata, dialect),
    METADATA_PREFIX,
    TOKEN_REGEXP,
    "S3 takes the characters of a header's name",
  );
  for (const name in fields) fields[name] ||= EMPTY_WORD;
  return fields;
}

/** Returns user metadata with the keys that the service gives back as they are. */
export function escapeKeys(
  metadata: Readonly<Record<string, string>> | null,
  dialect: S3Dialect,
): Readonly<Record<string, string>> | null {
  if (metadata === null || dialect.metadataUnderscores) return metadata;
  return renamed(
    metadata,
    (key) => key.replaceAll("%", "%25").replaceAll("_", "%5f"),
  );
}

function unescapeKeys(
  metadata: Readonly<Record<string, string>> | null,
  dialect: S3Dialect,
): Readonly<Record<string, string>> | null {
  if (metadata === null || dialect.metadataUnderscores) return metadata;
  return renamed(
    metadata,
    (key) => key.replaceAll("%5f", "_").replaceAll("%25", "%"),
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
  ["expires", "expires"],
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
      (algorithm) => elementText(xml, `Checksum${algorithm.toUpperCase()}`),
    ),
  };
}

/** Returns what the write of a file would have answered. */
export function factsOf(
  { etag, lastModified, digest, extra }: FileEntry,
): WriteFacts {
  const versionId = nameOf(extra?.["versionId"]);
  return { etag, versionId, lastModified, digest };
}

function versionOf(headers: Headers): string | null {
  return nameOf(headers.get("x-amz-version-id"));
}

// "null" is the name of what an unversioned bucket held before.
function nameOf(version: unknown): string | null {
  return typeof version === "string" && version !== "null" ? version : null;
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

const FULL_CODES: ReadonlySet<string> = new Set([
  "QuotaExceeded",
  "XMinioAdminBucketQuotaExceeded",
  "XMinioStorageFull",
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

/** Returns the error for a bucket that does not exist. */
export function bucketMissing(bucket: string): NotFoundError {
  return containerNotFound(
    `the bucket ${JSON.stringify(bucket)} does not exist`,
  );
}

/** Returns the error for a code of the service; `null` where the status tells more. */
export function byCode(code: string, bucket: string): Error | null {
  if (code === "NoSuchBucket") return bucketMissing(bucket);
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
  if (FULL_CODES.has(code)) return new QuotaExceededError();
  if (MISMATCH_CODES.has(code)) return new IntegrityError();
  if (code === "NoSuchKey") return new NotFoundError();
  if (code === "NoSuchUpload") {
    return new RemoteStoreError("somebody else has ended its upload");
  }
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
  // An archived object is not denied: its storage class has to be left first.
  if (code === "InvalidObjectState") return null;
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
  return answered(`${status} ${code}`.trim(), text);
}

/** Returns the error for an answer that says no more than its name and a message. */
export function answered(name: string, xml: string): RemoteStoreError {
  const said = elementText(xml, "Message");
  return new RemoteStoreError(
    `the service answered ${name}${said ? `: ${said}` : ""}`,
  );
}

/** Returns the error inside of a 200, as a failure; `null` where there is none. */
export function hiddenFailure(
  response: Response,
  xml: string,
): HttpFailure | null {
  const root = rootName(xml);
  // No page of a proxy's, and nothing that ends in the middle, is an answer.
  const whole = root?.endsWith("Result") &&
    (xml.trimEnd().endsWith(`</${root}>`) || elementXml(xml, root) === "");
  if (whole) return null;
  const code = elementText(xml, "Code") ?? "";
  // The status was sent before the outcome was known; nothing at all may follow it.
  const status = root !== "Error" || TRANSIENT_CODES.has(code)
    ? 503
    : DENIED_CODES.has(code)
    ? 403
    : STATUSES[code] ?? 400;
  return { status, headers: response.headers, text: xml };
}

const STATUSES: Readonly<Record<string, number>> = {
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
};
