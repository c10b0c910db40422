// This module is browser compatible.
import { containerNotFound } from "../../core/backend.ts";
import {
  BackendUnavailableError,
  IntegrityError,
  InvalidArgumentError,
  InvalidPathError,
  isRemoteStoreError,
  NotFoundError,
  PermissionDeniedError,
  PreconditionFailedError,
  RemoteStoreError,
} from "../../core/errors.ts";

/** What a call of the binding failed with, judged. */
export interface Failure {
  /** The error of this library, or what was thrown where there is none for it. */
  readonly error: Error;
  /** Whether the same call may succeed later. */
  readonly transient: boolean;
  /** Whether the call may have done its work in spite of the failure. */
  readonly doubtful: boolean;
}

/** Returns the number at the end of an error's message, where R2 puts it; `null` without one. */
export function failureCode(error: unknown): number | null {
  const message = error instanceof Error ? error.message : "";
  const digits = /\((\d+)\)\s*$/.exec(message)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The range begins at or behind the end. */
export const INVALID_RANGE = 10039;
/** An answer without a number, as to a range of an empty object. */
export const UNSPECIFIED = 0;
/** The upload has been completed, thrown away, or has expired. */
export const NO_SUCH_UPLOAD = 10024;

/**
 * The numbers that Cloudflare's page of R2 error codes advises to repeat. Others may
 * exist: that page is all that is known.
 */
const TRANSIENT: ReadonlySet<number> = new Set([
  10001, // InternalError
  10043, // ServiceUnavailable
  10054, // ClientDisconnect
  10058, // TooManyRequests
]);

/** Those that say that the request was turned away. */
const REFUSED: ReadonlySet<number> = new Set([10058]);

/** Judges what a call of the binding threw. */
export function judge(thrown: unknown): Failure {
  if (
    isRemoteStoreError(thrown) || thrown instanceof InvalidArgumentError
  ) {
    return { error: thrown, transient: false, doubtful: false };
  }
  const code = failureCode(thrown);
  // The runtime's own refusal of an argument: nothing was sent.
  if (code === null && thrown instanceof TypeError) {
    return { error: thrown, transient: false, doubtful: false };
  }
  const known = code === null || code === UNSPECIFIED ? null : byCode(code);
  if (known !== null) {
    return { error: known(thrown), transient: false, doubtful: false };
  }
  const transient = code === null || code === UNSPECIFIED ||
    TRANSIENT.has(code);
  const doubtful = transient && !REFUSED.has(code ?? UNSPECIFIED);
  const Class = transient ? BackendUnavailableError : RemoteStoreError;
  return {
    error: new Class(said(thrown), { cause: thrown }),
    transient,
    doubtful,
  };
}

type Make = (cause: unknown) => RemoteStoreError | InvalidArgumentError;

function byCode(code: number): Make | null {
  switch (code) {
    case 10006: // NoSuchBucket
      return (cause) =>
        containerNotFound("the bucket of the binding does not exist", {
          cause,
        });
    case 10007: // NoSuchKey
      return (cause) => new NotFoundError(undefined, { cause });
    case 10002: // Unauthorized
    case 10003: // AccessDenied
    case 10042: // NotEntitled
    case 10069: // ObjectLockedByBucketPolicy
      return (cause) =>
        new PermissionDeniedError(`access is denied (${code})`, { cause });
    case 10020: // InvalidObjectName
      return (cause) =>
        new InvalidPathError("R2 refuses the key (10020)", { cause });
    case 10012: // MetadataTooLarge
      return (cause) =>
        new InvalidArgumentError(
          "Cannot store the metadata: R2 finds it too large (10012)",
          { cause },
        );
    case 10037: // BadDigest
      return (cause) => new IntegrityError(undefined, { cause });
    case 10031: // PreconditionFailed
      return (cause) => new PreconditionFailedError(undefined, { cause });
    default:
      return null;
  }
}

function said(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return `R2 failed: ${message}`;
}
