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
import type { HttpFailure } from "../_http/answer.ts";
import type { HttpRequest } from "../_http/client.ts";
import { readIf, text } from "../_http/document.ts";
import { parseDate } from "../_http/headers.ts";
import { isTransient } from "../_http/retry.ts";
import { saying } from "../_http/saying.ts";

/** What a failure says: its code, and a message that may repeat a signature. */
interface Said {
  readonly code: string | null;
  readonly message: string | null;
}

const NOTHING: Said = { code: null, message: null };

function readSaid(said: string): Said {
  if (/^\s*\{/.test(said)) return readJson(said);
  const found = readIf(said, "Error", { Code: text, Message: text });
  return found === null
    ? NOTHING
    : { code: found.Code, message: found.Message };
}

// The Data Lake endpoint's form.
function readJson(said: string): Said {
  try {
    const { error } = JSON.parse(said);
    const { code, message } = error;
    return typeof code === "string" && typeof message === "string"
      ? { code, message }
      : NOTHING;
  } catch {
    return NOTHING;
  }
}

/** Returns the service's word for a failure: from the field, from XML, from JSON. */
export function failureCode({ headers, text }: HttpFailure): string | null {
  return headers.get("x-ms-error-code") || readSaid(text).code;
}

/** Returns the service's time, as a failure's own words tell it. */
export function failureTime({ text }: HttpFailure): number | null {
  const { message } = readSaid(text);
  const time = /(?:^|\n)\s*Time:\s*(\S+Z)\s*$/.exec(message ?? "")?.[1];
  return parseDate(time ?? null);
}

const NO_CONTAINER = /^(?:Container|Filesystem)(?:NotFound|BeingDeleted)$/;

/** Returns whether a failure is about the container and no file in it. */
export function isNoContainer(failure: HttpFailure): boolean {
  return NO_CONTAINER.test(failureCode(failure) ?? "");
}

// The last one is what a copy says where there is nothing at its source.
const ABSENT =
  /^(?:Blob|Path|SourcePath|Resource|RenameDestinationParentPath)NotFound$|^CannotVerifyCopySource$/;

/**
 * Returns whether a failure says that there is no such file. Without a word it is the
 * answer to a HEAD, behind CORS rules that hide the field: there a miss is a miss.
 */
export function isAbsent(failure: HttpFailure): boolean {
  if (failure.status !== 404) return false;
  const code = failureCode(failure);
  return code === null || ABSENT.test(code);
}

/**
 * Returns whether a request was not received, or not all of it: RFC 9110 §15.5.9, RFC 6585
 * §4, and Azure's word for it ("unable to receive requests", Common REST API error codes).
 * The service's own time-out says nothing of the kind.
 */
export function isUnreceived(failure: HttpFailure): boolean {
  const { status } = failure;
  return status === 408 || status === 429 ||
    failureCode(failure) === "ServerBusy";
}

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
  412: PreconditionFailedError,
};

/**
 * Returns the error for a failure. Says the service's word, never its text: that may repeat
 * a signature.
 */
export function toError(
  failure: HttpFailure,
  container: string,
  request?: HttpRequest,
): RemoteStoreError {
  const { status, headers } = failure;
  const code = failureCode(failure);
  const said = saying(status, code, request?.method);
  const id = headers.get("x-ms-request-id");
  const cause = new Error(
    `the service answered ${said}${id ? `; request ${id}` : ""}`,
  );
  if (isNoContainer(failure)) {
    const name = JSON.stringify(container);
    return containerNotFound(`the container ${name} does not exist`, { cause });
  }
  const named = BY_CODE.find(([words]) => words.test(code ?? ""))?.[1];
  const Class = named ??
    (isAbsent(failure) ? NotFoundError : BY_STATUS[status]);
  if (Class !== undefined) {
    const denied = Class === PermissionDeniedError;
    const why = denied ? `access is denied (${said})` : undefined;
    return new Class(why, { cause });
  }
  const Rest = isTransient(status) ? BackendUnavailableError : RemoteStoreError;
  return new Rest(cause.message, { cause });
}

/** Returns whether a failure says that what was asked for is the id of no version. */
export function isNoVersion(
  failure: HttpFailure,
  versionId: string | null,
): boolean {
  return versionId !== null &&
    failureCode(failure) === "InvalidQueryParameterValue";
}

/** Returns whether an error is the refusal of a condition of what was to be put. */
export function isConflict(error: Error): boolean {
  return error instanceof AlreadyExistsError ||
    error instanceof PreconditionFailedError;
}
