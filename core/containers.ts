// This module is browser compatible.
import { NotFoundError } from "./errors.ts";

const CONTAINER_ERRORS = new WeakSet<object>();

/**
 * Returns the error for an absent bucket, container or database: every call that learns
 * of it rejects with it, with a `path` of `null`, and `missingOk` does not cover it. The
 * message names the container: `the bucket "reports" does not exist`. For a service's own
 * word only: an answer that cannot tell the container from the file is an absent file.
 */
export function containerNotFound(
  message: string,
  options: { backend?: string | null; cause?: unknown } = {},
): NotFoundError {
  const error = new NotFoundError(message, options);
  CONTAINER_ERRORS.add(error);
  return error;
}

/** Returns whether `error` was made by {@linkcode containerNotFound}. */
export function isContainerNotFound(error: unknown): boolean {
  return typeof error === "object" && error !== null &&
    CONTAINER_ERRORS.has(error);
}
