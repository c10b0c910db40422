// This module is browser compatible.
import type { Capability } from "./capability.ts";

/**
 * The stable name of what went wrong: the Python library's class name, letter
 * for letter. Codes do not change between major versions; messages may.
 */
export type RemoteStoreErrorCode =
  | "RemoteStoreError"
  | "NotFound"
  | "AlreadyExists"
  | "PreconditionFailed"
  | "PermissionDenied"
  | "InvalidPath"
  | "CapabilityNotSupported"
  | "DirectoryNotEmpty"
  | "ResourceLocked"
  | "BackendUnavailable"
  | "IntegrityError"
  | "QuotaExceeded"
  | "ContentTooLarge";

/** What an error of this library carries beside its message. */
export interface RemoteStoreErrorOptions {
  /** The path that the failure is about, as the store's caller writes it. */
  path?: string | null | undefined;
  /** The name of the backend that failed. */
  backend?: string | null | undefined;
  /** The platform's or the service's own error. */
  cause?: unknown;
}

// A registered symbol, because two copies of this package (or two realms) have
// two classes and `instanceof` tells them apart.
const BRAND: unique symbol = Symbol.for("@remote-store/core/error") as never;

/**
 * The base of every error that a store reports, and the error itself for a
 * failure that no other class names. Tell errors apart by `code`.
 *
 * @example Branch on the code
 * ```ts
 * import { isRemoteStoreError, Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * try {
 *   await store.readText("missing.txt");
 * } catch (error) {
 *   if (!isRemoteStoreError(error)) throw error;
 *   assertEquals(error.code, "NotFound");
 *   assertEquals(error.path, "missing.txt");
 * }
 * ```
 */
export class RemoteStoreError extends Error {
  /** The class name, a literal: it survives minifying. */
  override readonly name: string = "RemoteStoreError";
  /** What went wrong. */
  readonly code: RemoteStoreErrorCode = "RemoteStoreError";
  /** The path that the failure is about, store-relative; `null` where there is none. */
  readonly path: string | null;
  /** The backend's name; `null` where none was involved. */
  readonly backend: string | null;

  /** Creates the error; a blank message is replaced. */
  constructor(message?: string, options: RemoteStoreErrorOptions = {}) {
    super(
      message?.trim() ? message : "the operation failed",
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.path = options.path ?? null;
    this.backend = options.backend ?? null;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Returns name, message, and what the message leaves out of path and backend. */
  override toString(): string {
    const facts = [];
    if (
      this.path !== null && !this.message.includes(JSON.stringify(this.path))
    ) {
      facts.push(`path ${JSON.stringify(this.path)}`);
    }
    if (this.backend !== null) facts.push(`backend ${this.backend}`);
    const suffix = facts.length > 0 ? ` (${facts.join(", ")})` : "";
    return `${this.name}: ${this.message}${suffix}`;
  }
}

/** The file or folder does not exist. */
export class NotFoundError extends RemoteStoreError {
  /** The class name. */
  override readonly name: "NotFoundError" = "NotFoundError";
  /** What went wrong. */
  override readonly code: "NotFound" = "NotFound";
}

/** The target exists and `overwrite` is false. */
export class AlreadyExistsError extends RemoteStoreError {
  /** The class name. */
  override readonly name: "AlreadyExistsError" = "AlreadyExistsError";
  /** What went wrong. */
  override readonly code: "AlreadyExists" = "AlreadyExists";
}

/** The file is not the version that `ifMatch` names. */
export class PreconditionFailedError extends RemoteStoreError {
  /** The class name. */
  override readonly name: "PreconditionFailedError" = "PreconditionFailedError";
  /** What went wrong. */
  override readonly code: "PreconditionFailed" = "PreconditionFailed";
}

/** The credentials or an access rule refuse the operation. */
export class PermissionDeniedError extends RemoteStoreError {
  /** The class name. */
  override readonly name: "PermissionDeniedError" = "PermissionDeniedError";
  /** What went wrong. */
  override readonly code: "PermissionDenied" = "PermissionDenied";
}

/** The path is malformed, outside the store, or names the wrong kind of node. */
export class InvalidPathError extends RemoteStoreError {
  /** The class name. */
  override readonly name: "InvalidPathError" = "InvalidPathError";
  /** What went wrong. */
  override readonly code: "InvalidPath" = "InvalidPath";
}

/** The backend does not declare what the call or one of its options needs. */
export class CapabilityNotSupportedError extends RemoteStoreError {
  /** The class name. */
  override readonly name: "CapabilityNotSupportedError" =
    "CapabilityNotSupportedError";
  /** What went wrong. */
  override readonly code: "CapabilityNotSupported" = "CapabilityNotSupported";
  /** The capability that is missing; `null` where none has a name for it. */
  readonly capability: Capability | null;

  /** Creates the error for a missing capability. */
  constructor(
    message?: string,
    options: RemoteStoreErrorOptions & { capability?: Capability | null } = {},
  ) {
    super(message, options);
    this.capability = options.capability ?? null;
  }
}

/** The folder has content and `recursive` is false. */
export class DirectoryNotEmptyError extends RemoteStoreError {
  /** The class name. */
  override readonly name: "DirectoryNotEmptyError" = "DirectoryNotEmptyError";
  /** What went wrong. */
  override readonly code: "DirectoryNotEmpty" = "DirectoryNotEmpty";
}

/** Another session holds a lock on the file. Not retried. */
export class ResourceLockedError extends RemoteStoreError {
  /** The class name. */
  override readonly name: "ResourceLockedError" = "ResourceLockedError";
  /** What went wrong. */
  override readonly code: "ResourceLocked" = "ResourceLocked";
}

/**
 * The service cannot be reached, is overloaded, or the backend is closed. Of a call that
 * changes something, `inDoubt` tells whether the change may have been made.
 */
export class BackendUnavailableError extends RemoteStoreError {
  /** The class name. */
  override readonly name: "BackendUnavailableError" = "BackendUnavailableError";
  /** What went wrong. */
  override readonly code: "BackendUnavailable" = "BackendUnavailable";
  /**
   * Whether the answer to a change was lost and nothing proves what became of it: look
   * before it is made again. Of a call on one file, `false` says that nothing was changed.
   * A recursive `deleteFolder`, or a `deleteMany` that rejects, goes on from file to file:
   * one that fails midway has deleted what came before, whatever it says here.
   */
  readonly inDoubt: boolean;

  /** Creates the error. */
  constructor(
    message?: string,
    options: RemoteStoreErrorOptions & { inDoubt?: boolean } = {},
  ) {
    super(message, options);
    this.inDoubt = options.inDoubt ?? false;
  }
}

/** The bytes do not match their digest. */
export class IntegrityError extends RemoteStoreError {
  /** The class name. */
  override readonly name: "IntegrityError" = "IntegrityError";
  /** What went wrong. */
  override readonly code: "IntegrityError" = "IntegrityError";
}

/** The store is full. Not retried. */
export class QuotaExceededError extends RemoteStoreError {
  /** The class name. */
  override readonly name: "QuotaExceededError" = "QuotaExceededError";
  /** What went wrong. */
  override readonly code: "QuotaExceeded" = "QuotaExceeded";
}

/** The content has more bytes than the write's `maxSize`; nothing was written. */
export class ContentTooLargeError extends RemoteStoreError {
  /** The class name. */
  override readonly name: "ContentTooLargeError" = "ContentTooLargeError";
  /** What went wrong. */
  override readonly code: "ContentTooLarge" = "ContentTooLarge";
}

/** Every error class of this library, discriminated by `code`. */
export type AnyRemoteStoreError =
  | (RemoteStoreError & { readonly code: "RemoteStoreError" })
  | NotFoundError
  | AlreadyExistsError
  | PreconditionFailedError
  | PermissionDeniedError
  | InvalidPathError
  | CapabilityNotSupportedError
  | DirectoryNotEmptyError
  | ResourceLockedError
  | BackendUnavailableError
  | IntegrityError
  | QuotaExceededError
  | ContentTooLargeError;

/**
 * A mistake in the call itself: a malformed option, content of a wrong type.
 * Outside the family of {@linkcode RemoteStoreError}, because no store state
 * makes the call right.
 */
export class InvalidArgumentError extends TypeError {
  /** The class name. */
  override readonly name: "InvalidArgumentError" = "InvalidArgumentError";
}

/** Returns an action with the path it is about, as messages say it. */
export function statement(action: string, path: string | null): string {
  return path === null ? action : `${action} ${JSON.stringify(path)}`;
}

/** Returns the error for a call that is wrong in itself. */
export function refusal(
  action: string,
  path: string | null,
  why: string,
): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot ${statement(action, path)}: ${why}`);
}

/** Refuses a call that is wrong in itself. */
export function refuse(
  action: string,
  path: string | null,
  why: string,
): never {
  throw refusal(action, path, why);
}

/**
 * Returns whether `value` is an error of this library, also one of another copy
 * of the package.
 *
 * @example Tell our errors from others
 * ```ts
 * import { isRemoteStoreError, NotFoundError } from "@remote-store/core";
 * import { assert } from "@std/assert";
 *
 * assert(isRemoteStoreError(new NotFoundError()));
 * assert(!isRemoteStoreError(new TypeError()));
 * ```
 */
export function isRemoteStoreError(
  value: unknown,
): value is AnyRemoteStoreError {
  return typeof value === "object" && value !== null &&
    (value as { [BRAND]?: unknown })[BRAND] === true;
}

const CLASSES: {
  readonly [C in RemoteStoreErrorCode]: new (
    message?: string,
    options?: RemoteStoreErrorOptions,
  ) => RemoteStoreError;
} = {
  RemoteStoreError,
  NotFound: NotFoundError,
  AlreadyExists: AlreadyExistsError,
  PreconditionFailed: PreconditionFailedError,
  PermissionDenied: PermissionDeniedError,
  InvalidPath: InvalidPathError,
  CapabilityNotSupported: CapabilityNotSupportedError,
  DirectoryNotEmpty: DirectoryNotEmptyError,
  ResourceLocked: ResourceLockedError,
  BackendUnavailable: BackendUnavailableError,
  IntegrityError,
  QuotaExceeded: QuotaExceededError,
  ContentTooLarge: ContentTooLargeError,
};

/**
 * Returns an error of the same class with another message and place. A new
 * object, because a backend may reject several calls with one error.
 */
export function restate(
  error: AnyRemoteStoreError,
  message: string,
  options: RemoteStoreErrorOptions,
): RemoteStoreError {
  // What the class adds; the others take no notice of it.
  const { cause, capability, inDoubt } = error as Partial<
    CapabilityNotSupportedError & BackendUnavailableError
  >;
  const Class = CLASSES[error.code] ?? RemoteStoreError;
  const own = { capability, inDoubt };
  return new Class(message, { cause, ...options, ...own });
}
