// This module is browser compatible.
import {
  BackendUnavailableError,
  InvalidArgumentError,
  isRemoteStoreError,
  RemoteStoreError,
  type RemoteStoreErrorCode,
  restate,
} from "./errors.ts";
import { type Mount, statement } from "./mount.ts";

/** A call on its way to the backend: what its errors will say. */
export interface Call {
  /** Where it goes. */
  readonly mount: Mount;
  /** The verb in messages: `read`, `write`, `list`. */
  readonly action: string;
  /** The store-relative path; `null` where the call has none. */
  readonly path: string | null;
  /** The store-relative destination of a move or copy. */
  readonly target?: string;
  /** The caller's signal. */
  readonly signal: AbortSignal | undefined;
}

/** Carries what the caller's own code threw through the boundary, unchanged. */
export class CallerFailure {
  /** What was thrown. */
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

/**
 * Runs `work` against the backend. Only this library's errors, the caller's own,
 * and the reason of an abort leave it.
 */
export async function cross<T>(
  call: Call,
  work: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  call.signal?.throwIfAborted();
  try {
    return await work(innerSignal(call));
  } catch (error) {
    throw toOutside(error, call);
  }
}

/** Returns the signal for the backend: the caller's, and that of a terminal close. */
export function innerSignal(call: Call): AbortSignal | undefined {
  const closing = call.mount.lifecycle.closing?.signal;
  if (closing === undefined) return call.signal;
  if (call.signal === undefined) return closing;
  return AbortSignal.any([call.signal, closing]);
}

// What a class says where the backend says nothing.
const REASONS: { readonly [C in RemoteStoreErrorCode]?: string } = {
  NotFound: "it does not exist",
  AlreadyExists: "it exists and overwrite is false",
  PreconditionFailed: "it is not the version that ifMatch names",
  PermissionDenied: "access is denied",
  InvalidPath: "the path is not valid here",
  DirectoryNotEmpty: "the folder is not empty and recursive is false",
  ResourceLocked: "another session holds a lock on it",
  BackendUnavailable: "the backend cannot be reached",
  IntegrityError: "the bytes do not match their digest",
  QuotaExceeded: "the store is full",
};

const BLANK = new RemoteStoreError().message;

/** Returns what the caller gets to see of an error that came out of the backend. */
export function toOutside(error: unknown, call: Call): unknown {
  const { mount, signal } = call;
  // By the signal and not by the error's name: a reason can be anything.
  if (signal?.aborted) return signal.reason;
  if (error instanceof CallerFailure) return error.reason;
  if (error instanceof InvalidArgumentError) return error;
  if (mount.lifecycle.closing?.signal.aborted) {
    const path = call.path;
    return new BackendUnavailableError(
      `Cannot ${statement(call.action, path)}: the backend was closed`,
      { path, backend: mount.backend.name, cause: harmless(error) },
    );
  }
  if (isRemoteStoreError(error)) {
    // Complete already: it comes from another store, or from this boundary.
    if (error.backend !== null) return error;
    const path = placeOf(error.path, error.code, call);
    const reason = error.message === BLANK
      ? REASONS[error.code] ?? BLANK
      : error.message;
    const outside = restate(error, sentence(reason, path, call), {
      path,
      backend: mount.backend.name,
      cause: harmless(error.cause),
    });
    return outside;
  }
  const reason = error instanceof Error && error.message.trim() !== ""
    ? `the backend failed: ${scrub(error.message)}`
    : "the backend failed";
  return new RemoteStoreError(sentence(reason, call.path, call), {
    path: call.path,
    backend: mount.backend.name,
    cause: harmless(error),
  });
}

function placeOf(
  key: string | null,
  code: RemoteStoreErrorCode,
  call: Call,
): string | null {
  if (key !== null) return call.mount.pathOf(key);
  const atTarget = code === "AlreadyExists" || code === "PreconditionFailed";
  return atTarget && call.target !== undefined ? call.target : call.path;
}

function sentence(reason: string, path: string | null, call: Call): string {
  const { action, target } = call;
  if (reason.startsWith("Cannot ")) return reason;
  if (target !== undefined && path === target) {
    return `Cannot ${statement(action, call.path)} to ${
      JSON.stringify(target)
    }: ${reason}`;
  }
  return `Cannot ${statement(action, path)}: ${reason}`;
}

/** Returns `text` with the user info, query and fragment of each URL cut away: they can hold signatures. */
export function scrub(text: string): string {
  return text.replace(
    /\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/?#@"'<>]*@)?([^\s?#"'<>()]*)(?:[?#][^\s"'<>()]*)?/gi,
    "$1$2",
  );
}

/** Returns `cause`, or a copy without its secrets where its text holds a URL that may carry some. */
export function harmless(cause: unknown): unknown {
  if (typeof cause === "string") return scrub(cause);
  if (!(cause instanceof Error)) return cause;
  const inner = harmless(cause.cause);
  const clean = scrub(cause.message) === cause.message &&
    scrub(cause.stack ?? "") === (cause.stack ?? "") && inner === cause.cause;
  if (clean) return cause;
  const copy = new Error(scrub(cause.message));
  copy.name = cause.name;
  if (inner !== undefined) copy.cause = inner;
  return copy;
}
