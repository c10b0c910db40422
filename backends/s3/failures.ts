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
import type { HttpFailure, HttpRequest } from "../_http/sending.ts";
import { isTransient } from "../_http/retry.ts";
import { elementText, elementXml, rootName } from "../_http/xml.ts";

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
  const whole = root !== null && !/^(?:error|html)$/i.test(root) &&
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
