// This module is browser compatible.
import { containerNotFound } from "../../core/backend.ts";
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
import type { HttpFailure } from "../_http/answer.ts";
import type { HttpRequest } from "../_http/client.ts";
import { type Found, readIf, rootName, text } from "../_http/document.ts";
import { isTransient } from "../_http/retry.ts";
import { saying } from "../_http/saying.ts";

const ERROR = { Code: text, Message: text, Region: text, ServerTime: text };

/** What an error document says; `null` where it is none, or not all of one. */
export function readError(document: string): Found<typeof ERROR> | null {
  return readIf(document, "Error", ERROR);
}

/** The service's own word for a failure; empty where its body did not come. */
export function failureCode(failure: HttpFailure): string {
  return readError(failure.text)?.Code ?? "";
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

/** Returns whether a failure means "later", by its status or in the service's own words. */
export function saysLater(failure: HttpFailure): boolean {
  return isTransient(failure.status) || isTransientCode(failureCode(failure));
}

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
  const said = saying(status, code, request.method);
  const known = byCondition(status, code, request) ??
    byCode(code, bucket, said) ?? byVersion(status, code, request) ??
    byStatus(status, code, said);
  return known ?? other(failure, said);
}

/** Returns the error for a bucket that does not exist. */
export function bucketMissing(bucket: string): NotFoundError {
  return containerNotFound(
    `the bucket ${JSON.stringify(bucket)} does not exist`,
  );
}

// A 412 is about what the request has asked for, and else means what the service says.
function byCondition(
  status: number,
  code: string,
  { method, headers }: HttpRequest,
): Error | null {
  const matches = headers["if-match"] !== undefined;
  if (status === 412) {
    if (headers["if-none-match"] !== undefined) return new AlreadyExistsError();
    return matches ? new PreconditionFailedError() : null;
  }
  // S3 answers a write with If-Match so, where there is no file.
  const writes = method === "PUT" || method === "POST";
  return writes && matches && code === "NoSuchKey"
    ? new PreconditionFailedError()
    : null;
}

// AWS calls what is no id a wrong argument, and does not read the mark of a deletion (405).
function byVersion(
  status: number,
  code: string,
  { url }: HttpRequest,
): Error | null {
  return (status === 405 || code === "InvalidArgument") &&
      /[?&]versionId=/.test(url)
    ? new NotFoundError()
    : null;
}

/** Returns the error for a code of the service; `null` where the status tells more. */
export function byCode(
  code: string,
  bucket: string,
  said = code,
): Error | null {
  if (code === "NoSuchBucket") return bucketMissing(bucket);
  if (DENIED_CODES.has(code)) return denied(said);
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
  if (TRANSIENT_CODES.has(code)) {
    return new BackendUnavailableError(`the service answered ${code}`);
  }
  return null;
}

function denied(said: string): PermissionDeniedError {
  return new PermissionDeniedError(`access is denied (${said})`);
}

function byStatus(status: number, code: string, said: string): Error | null {
  if (status === 404) return new NotFoundError();
  // An archived object is not denied: its storage class has to be left first.
  if (code === "InvalidObjectState") return null;
  if (status === 401 || status === 403) return denied(said);
  if (isTransient(status)) {
    return new BackendUnavailableError(`the service answered ${said}`);
  }
  return null;
}

function other(failure: HttpFailure, said: string): RemoteStoreError {
  const { status, headers } = failure;
  const told = readError(failure.text);
  const region = headers.get("x-amz-bucket-region") ?? told?.Region ?? null;
  if (region !== null && (status === 301 || status === 307 || status === 400)) {
    return new RemoteStoreError(`the bucket is in the region ${region}`);
  }
  return answered(said, told?.Message ?? null);
}

/** Returns the error for an answer that says no more than its name and a message. */
export function answered(name: string, said: string | null): RemoteStoreError {
  return new RemoteStoreError(
    `the service answered ${name}${said ? `: ${said}` : ""}`,
  );
}

/** Returns the error inside of a 200, as a failure; `null` where there is none. */
export function hiddenFailure(
  { headers }: Response,
  document: string,
): HttpFailure | null {
  // Told by its name: no page of a listing has to be taken for a broken error first.
  if (rootName(document) !== "Error") return null;
  const code = readError(document)?.Code ?? null;
  if (code === null) return null;
  // The status was sent before the outcome was known.
  const status = TRANSIENT_CODES.has(code)
    ? 503
    : DENIED_CODES.has(code)
    ? 403
    : STATUSES[code] ?? 400;
  return { status, headers, text: document };
}

const STATUSES: Readonly<Record<string, number>> = {
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
};
