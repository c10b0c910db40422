// This module is browser compatible.
import type { Entry, FileEntry, WriteCondition } from "./backend.ts";
import {
  AlreadyExistsError,
  CapabilityNotSupportedError,
  InvalidPathError,
  NotFoundError,
  PreconditionFailedError,
} from "./errors.ts";
import { keyName } from "./path.ts";

/**
 * Decides whether a file may be put at `key` where `entry` stands: wrong type
 * first, then the overwrite conflict. Hierarchical backends call it inside the step
 * that commits, so that nothing can change between the look and the write.
 *
 * @throws {InvalidPathError} If a folder stands there, or a file above it.
 * @throws {AlreadyExistsError} If a file stands there and `overwrite` is false.
 * @throws {PreconditionFailedError} If the file there is not the version `ifMatch`.
 */
export function requirePut(
  entry: Entry,
  condition: WriteCondition,
  key: string,
): void {
  if (entry?.kind === "folder") {
    throw new InvalidPathError("it is a folder", { path: key });
  }
  if (entry?.kind === "blocked") throw isBlocked(entry.by, key);
  if (condition.ifMatch !== null) {
    if (entry === null) {
      throw new PreconditionFailedError("it does not exist", { path: key });
    }
    requireMatch(entry.etag, condition.ifMatch, key);
  } else if (entry !== null && !condition.overwrite) {
    throw new AlreadyExistsError(undefined, { path: key });
  }
}

/**
 * Decides whether a folder may be made at `key` where `entry` stands, and returns whether
 * one is there. Hierarchical backends call it inside the step that makes it.
 *
 * @throws {InvalidPathError} If a file stands there, or above it.
 */
export function requireRoom(entry: Entry, key: string): boolean {
  if (entry?.kind === "file") {
    throw new InvalidPathError("it is a file", { path: key });
  }
  if (entry?.kind === "blocked") throw isBlocked(entry.by, key);
  return entry !== null;
}

function isBlocked(by: string, key: string): InvalidPathError {
  return new InvalidPathError(
    `${JSON.stringify(keyName(by))} above it is a file`,
    { path: key },
  );
}

/** Returns the error for a version that is not there. */
export function noVersion(key: string, versionId: string): NotFoundError {
  return new NotFoundError(
    `it has no version ${JSON.stringify(versionId)}`,
    { path: key },
  );
}

/**
 * Holds what was found to the version that was asked for: a service without versions
 * answers with the file as it is.
 *
 * @throws {CapabilityNotSupportedError} If it does not say that it is this one.
 */
export function requireVersion(
  { extra }: FileEntry,
  versionId: string,
  key: string,
): void {
  const told = extra?.["versionId"] ?? null;
  if (told === versionId) return;
  throw new CapabilityNotSupportedError(
    told === null
      ? "the answer does not tell its version, or CORS rules do not expose it"
      : `the answer has the version ${JSON.stringify(told)}`,
    { path: key, capability: "versions" },
  );
}

/**
 * Decides whether a file that is there is the version that the caller named. An `etag`
 * of `null` is one that the backend was not told.
 *
 * @throws {PreconditionFailedError} If `etag` is another one, or unknown.
 */
export function requireMatch(
  etag: string | null,
  ifMatch: string,
  key: string,
): void {
  // RFC 9110 §13.1.1: strong comparison, so a weak tag matches nothing.
  if (etag === ifMatch && !etag.startsWith("W/")) return;
  throw new PreconditionFailedError(
    etag === null
      ? "the answer does not tell its etag"
      : `its etag is ${etag}, not ${ifMatch}`,
    { path: key },
  );
}

/** Returns the error for a condition that the service found to be false. */
export function conditionFailed(
  condition: WriteCondition,
): AlreadyExistsError | PreconditionFailedError {
  return condition.ifMatch === null
    ? new AlreadyExistsError()
    : new PreconditionFailedError();
}

/** Returns the error for an upload in parts that the service does not know, or not any more. */
export function uploadGone(): NotFoundError {
  return new NotFoundError("the upload is gone");
}
