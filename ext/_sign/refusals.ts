// This module is browser compatible.
import { InvalidArgumentError, isRemoteStoreError } from "../../mod.ts";

/** The codes of errors that an answer may carry. */
export type RefusalCode =
  | "PermissionDenied"
  | "InvalidArgument"
  | "InvalidPath"
  | "BackendUnavailable"
  | "NotFound"
  | "AlreadyExists"
  | "CapabilityNotSupported"
  | "RemoteStoreError";

/** Why a question, or all of a request, gets no signature. */
export class Refusal extends Error {
  /** What the page's error is. */
  readonly code: RefusalCode;
  /** The HTTP status, where it is about all of a request. */
  readonly status: number;

  constructor(code: RefusalCode, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Returns a refusal by the application's rules. It says nothing of them. */
export function denied(operation: string, path: string): Refusal {
  const of = path === "" ? "" : ` ${JSON.stringify(path)}`;
  return new Refusal(
    "PermissionDenied",
    `Cannot ${operation}${of}: it is not allowed`,
    403,
  );
}

/** Returns what was thrown about nothing but the asker's own words, in these words. */
export function toOwnRefusal(error: unknown): unknown {
  if (error instanceof InvalidArgumentError) {
    return new Refusal("InvalidArgument", error.message);
  }
  return isRemoteStoreError(error) && error.code === "InvalidPath"
    ? new Refusal(error.code, error.message)
    : error;
}

/**
 * Returns what was thrown as a refusal, without anything that is not the asker's: texts of
 * the application's credentials, rules and callbacks among it.
 */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof InvalidArgumentError) {
    return new Refusal("InvalidArgument", "the handler cannot do it");
  }
  if (!isRemoteStoreError(error)) {
    return new Refusal("RemoteStoreError", "the handler failed", 500);
  }
  switch (error.code) {
    case "InvalidPath":
      return new Refusal(error.code, "the path is none here");
    case "NotFound":
      return new Refusal(error.code, "It does not exist", 404);
    case "AlreadyExists":
      return new Refusal(error.code, "It exists already", 409);
    case "CapabilityNotSupported":
      return new Refusal(error.code, error.message);
    case "PermissionDenied":
      return new Refusal(error.code, "Access is denied", 403);
    case "BackendUnavailable":
      return new Refusal(error.code, "the handler cannot sign now", 503);
    default:
      return new Refusal("RemoteStoreError", "the handler failed", 500);
  }
}
