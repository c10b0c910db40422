// This module is browser compatible.
import {
  BackendUnavailableError,
  NotFoundError,
  PermissionDeniedError,
  PreconditionFailedError,
  RemoteStoreError,
} from "../../core/errors.ts";
import { isTransient } from "../_http/retry.ts";

/** Returns the error that a status means. */
export function toError(status: number): Error {
  const message = `the server answered ${status}`;
  if (status === 401 || status === 403) {
    return new PermissionDeniedError(message);
  }
  if (status === 404 || status === 410) return new NotFoundError(message);
  if (status === 412) return new PreconditionFailedError();
  return isTransient(status)
    ? new BackendUnavailableError(message)
    : new RemoteStoreError(message);
}
