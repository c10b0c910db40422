// This module is browser compatible.
import { containerNotFound } from "../../core/backend.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  DirectoryNotEmptyError,
  IntegrityError,
  InvalidPathError,
  NotFoundError,
  PermissionDeniedError,
  PreconditionFailedError,
  RemoteStoreError,
  ResourceLockedError,
} from "../../core/errors.ts";
import type { HttpFailure } from "../_http/sending.ts";
import { isTransient } from "../_http/retry.ts";
import { elementText } from "../_http/xml.ts";

/** Returns the service's word for a failure: from the field, from XML, from JSON. */
export function failureCode(failure: HttpFailure): string | null {
  const { headers, text } = failure;
  const field = headers.get("x-ms-error-code");
  if (field) return field;
  const json = /^\s*\{\s*"error"\s*:\s*\{\s*"code"\s*:\s*"(\w+)"/.exec(text);
  return json?.[1] ?? elementText(text, "Code");
}

const NO_CONTAINER = /^(?:Container|Filesystem)(?:NotFound|BeingDeleted)$/;

// What a word of the service means, whatever the status beside it.
const BY_CODE: readonly (readonly [RegExp, typeof RemoteStoreError])[] = [
  [/^Lease/, ResourceLockedError],
  [/NotEmpty$/, DirectoryNotEmptyError],
  [/AlreadyExists$/, AlreadyExistsError],
  [/^PublicAccessNotPermitted$|ImmutableDueToPolicy$/, PermissionDeniedError],
  [/^Md5Mismatch$/, IntegrityError],
  // The last three: a file where a folder would have to be, or the other way round.
  [
    /^Invalid(?:Uri|ResourceName|DestinationPath|SourceOrDestinationResourceType)$|^PathConflict$/,
    InvalidPathError,
  ],
];

const BY_STATUS: Readonly<Record<number, typeof RemoteStoreError>> = {
  401: PermissionDeniedError,
  403: PermissionDeniedError,
  404: NotFoundError,
  412: PreconditionFailedError,
};

/** Returns whether a failure is about the container and no file in it. */
export function isNoContainer(failure: HttpFailure): boolean {
  return NO_CONTAINER.test(failureCode(failure) ?? "");
}

/** Returns the error for a failure. Says the service's word, never its text: that may repeat a signature. */
export function toError(failure: HttpFailure): RemoteStoreError {
  const { status, headers } = failure;
  const code = failureCode(failure);
  const said = code === null ? `${status}` : `${status} ${code}`;
  const id = headers.get("x-ms-request-id");
  const cause = new Error(
    `the service answered ${said}${id === null ? "" : `, request ${id}`}`,
  );
  if (isNoContainer(failure)) {
    return containerNotFound("the container does not exist", { cause });
  }
  const named = BY_CODE.find(([words]) => words.test(code ?? ""))?.[1];
  const Class = named ?? BY_STATUS[status];
  if (Class === PermissionDeniedError) {
    return new Class(`access is denied (${said})`, { cause });
  }
  if (Class !== undefined) return new Class(undefined, { cause });
  const Rest = isTransient(status) ? BackendUnavailableError : RemoteStoreError;
  return new Rest(cause.message, { cause });
}
