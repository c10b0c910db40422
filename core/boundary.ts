// This module is browser compatible.
import { containerNotFound, isContainerNotFound } from "./backend.ts";
import {
  BackendUnavailableError,
  InvalidArgumentError,
  isRemoteStoreError,
  RemoteStoreError,
  type RemoteStoreErrorCode,
  restate,
  statement,
} from "./errors.ts";
import { type KnownOptions, requireKnown } from "./known_options.ts";
import type { Mount } from "./mount.ts";
import type { CallOptions } from "./options.ts";
import { harmless, scrub } from "./scrub.ts";
import { type CallEnd, follow, tieWeakly } from "./signal.ts";

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

/** A call about one file or folder. */
export interface KeyCall extends Call {
  readonly path: string;
  /** Where that is at the backend. */
  readonly key: string;
}

/** Begins a call about a file: refuses what is no path of one, then unknown options. */
export function beginFile<O extends CallOptions>(
  mount: Mount,
  action: string,
  path: string,
  options: O,
  known: KnownOptions<O>,
): KeyCall {
  const key = mount.fileKey(action, path);
  return begin(mount, action, path, options, known, key);
}

/** Begins a call about a file or folder, which may be the root. */
export function beginFolder<O extends CallOptions>(
  mount: Mount,
  action: string,
  path: string,
  options: O,
  known: KnownOptions<O>,
): KeyCall {
  const key = mount.folderKey(action, path);
  return begin(mount, action, path, options, known, key);
}

function begin<O extends CallOptions>(
  mount: Mount,
  action: string,
  path: string,
  options: O,
  known: KnownOptions<O>,
  key: string,
): KeyCall {
  requireKnown(action, path, options, known);
  const { signal } = options;
  return { mount, action, path: mount.pathOf(key), key, signal };
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
  const { signal, release } = hold(call);
  try {
    signal?.throwIfAborted();
    return await work(signal);
  } catch (error) {
    throw toOutside(error, call);
  } finally {
    release();
  }
}

/** What a call holds until it has ended, its body included: its lease on the backend. */
export interface Held {
  /** The signal for the backend: the caller's, and the end of a terminal close. */
  readonly signal: AbortSignal | undefined;
  /** Lets go of both. */
  release(): void;
  /**
   * From here on `owner` alone keeps what is held: who drops it unread, and forgets to
   * cancel it, leaves nothing behind at the caller's signal or at the backend.
   */
  entrust(owner: object): void;
}

/**
 * Returns the signal for the backend. Each call has one of its own: Workers refuse a
 * signal that was made in another request, and a store is there for many. `outlives`
 * says that the call hands out what can be entrusted.
 */
export function hold(call: Call, outlives = false): Held {
  const { signal, mount } = call;
  if (mount.lifecycle.calls === null && !(outlives && signal)) {
    return signal ? { ...NOTHING, signal } : NOTHING;
  }
  const own = new AbortController();
  const held = {
    signal: own.signal,
    release: attach(call, own),
    entrust(owner: object) {
      held.release();
      held.release = tieWeakly(owner, own, attach, call);
    },
  };
  return held;
}

const NOTHING: Held = { signal: undefined, release() {}, entrust() {} };

/** Ties a controller to what can end a call, and returns what unties it. */
export function attach({ mount, signal }: Call, own: CallEnd): () => void {
  const { calls, closed } = mount.lifecycle;
  if (closed) own.abort();
  calls?.add(own);
  const letGo = follow(signal, own);
  return () => {
    calls?.delete(own);
    letGo();
  };
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
  if (mount.lifecycle.closed) {
    return mount.error(
      BackendUnavailableError,
      call.action,
      call.path,
      "the backend is closed",
      { cause: harmless(error) },
    );
  }
  return place(error, call);
}

/** Returns a failure at one of the keys that a call is about, with the path of that. */
export function placeAt(error: unknown, call: Call, key: string): unknown {
  return place(error, { ...call, path: call.mount.pathOf(key) });
}

/** Returns a failure of the backend as an error of this library, with what it is about. */
export function place(error: unknown, call: Call): RemoteStoreError {
  const backend = call.mount.backend.name;
  if (!isRemoteStoreError(error)) {
    const said = error instanceof Error ? String(error.message).trim() : "";
    const reason = said === ""
      ? "the backend failed"
      : `the backend failed: ${scrub(said)}`;
    const options = { path: call.path, backend, cause: harmless(error) };
    return new RemoteStoreError(sentence(reason, call.path, call), options);
  }
  // Complete already: it comes from another store, or from this boundary.
  const isPlaced = error.path !== null || call.path === null ||
    isContainerNotFound(error);
  if (error.backend !== null && isPlaced) return error;
  if (isContainerNotFound(error)) {
    const said = sentence(scrub(error.message), call.path, call);
    return containerNotFound(said, { backend, cause: harmless(error.cause) });
  }
  const path = placeOf(error.path, error.code, call);
  const reason = error.message === BLANK
    ? REASONS[error.code] ?? BLANK
    : scrub(error.message);
  return restate(error, sentence(reason, path, call), {
    path,
    backend: error.backend ?? backend,
    cause: harmless(error.cause),
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
