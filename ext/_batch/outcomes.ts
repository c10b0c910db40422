// This module is browser compatible.
import { isRemoteStoreError, type RemoteStoreError } from "../../mod.ts";

/** An item that failed. Frozen. */
export interface BatchFailure<T> {
  /** The item, as it was passed. */
  readonly item: T;
  /** Its place in the input, from 0: two equal items are told apart by it. */
  readonly index: number;
  /** What went wrong. */
  readonly error: RemoteStoreError;
}

/** What became of the items. Frozen. */
export interface BatchResult<T> {
  /** What was done, in the order of the input. */
  readonly succeeded: readonly T[];
  /** What was not, in the order of the input. */
  readonly failed: readonly BatchFailure<T>[];
  /** Whether nothing failed. */
  readonly allSucceeded: boolean;
  /** How many items were tried. */
  readonly total: number;
}

/** Returns an error of an item; throws one of the whole call, which ends the batch. */
export function collectable(
  error: unknown,
  signal: AbortSignal,
): RemoteStoreError {
  if (
    !signal.aborted && isRemoteStoreError(error) &&
    error.code !== "CapabilityNotSupported"
  ) return error;
  throw error;
}

/** Returns what failed, with its place and its error. */
export function failure<T>(
  item: T,
  index: number,
  error: RemoteStoreError,
): BatchFailure<T> {
  return Object.freeze({ item, index, error });
}

/** Returns the result of what was tried; the place in `tried` is that in the input. */
export function toResult<T>(
  tried: readonly T[],
  failed: BatchFailure<T>[],
): BatchResult<T> {
  failed.sort((a, b) => a.index - b.index);
  const missed = new Set(failed.map(({ index }) => index));
  return Object.freeze({
    succeeded: Object.freeze(tried.filter((_, index) => !missed.has(index))),
    failed: Object.freeze(failed),
    allSucceeded: failed.length === 0,
    total: tried.length,
  });
}
