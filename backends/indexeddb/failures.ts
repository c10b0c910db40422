// This module is browser compatible.
import {
  BackendUnavailableError,
  isRemoteStoreError,
  PermissionDeniedError,
  QuotaExceededError,
} from "../../core/errors.ts";

/**
 * Returns the error of this library for what IndexedDB reports, told by name: the
 * messages differ by engine and language. What has no counterpart stays as it is.
 */
export function toFault(error: unknown): unknown {
  if (isRemoteStoreError(error)) return error;
  switch (nameOf(error)) {
    case "QuotaExceededError":
      return new QuotaExceededError(
        "the browser gives this site no more storage",
        { cause: error },
      );
    case "SecurityError":
    case "NotAllowedError":
      return new PermissionDeniedError(
        "the browser keeps this page from its storage",
        { cause: error },
      );
    case "AbortError":
    case "InvalidStateError":
    case "TransactionInactiveError":
    case "UnknownError":
    case "TimeoutError":
    case "VersionError":
      return new BackendUnavailableError("the database gave up", {
        cause: error,
      });
    // A Blob whose file is gone.
    case "NotFoundError":
    case "NotReadableError":
      return changed(error);
  }
  return error;
}

/** Returns the error for content that was replaced or deleted under a reader. */
export function changed(cause?: unknown): BackendUnavailableError {
  return new BackendUnavailableError(
    "the file was changed or deleted while it was read, or the browser has lost it",
    { cause },
  );
}

const stuckErrors = new WeakSet<object>();

/** Returns the error for a transaction that the engine lets hang. */
export function stuck(
  cause: unknown,
  inDoubt: boolean,
): BackendUnavailableError {
  const error = new BackendUnavailableError(
    "the browser has answered a transaction and does not end it",
    { cause, inDoubt },
  );
  stuckErrors.add(error);
  return error;
}

/** Returns whether the engine lets transactions hang: another try would wait as long. */
export function isStuck(error: unknown): boolean {
  return stuckErrors.has(error as object);
}

/**
 * Returns whether the failure says that the connection is gone. What was
 * aborted with it has changed nothing, so it can be tried on another one.
 */
export function isLost(error: unknown): boolean {
  return ["InvalidStateError", "AbortError", "UnknownError"]
    .includes(nameOf(error));
}

/** Returns the name of an error; the empty string where it has none. */
export function nameOf(error: unknown): string {
  return typeof error === "object" && error !== null && "name" in error
    ? String(error.name)
    : "";
}
