import { assert, assertEquals } from "@std/assert";
import { isContainerNotFound } from "../../../core/backend.ts";
import type { AnyRemoteStoreError } from "../../../core/errors.ts";
import {
  failureCode,
  isNoContainer,
  toError,
} from "../../../backends/azure/failures.ts";

const failure = (
  status: number,
  code: string | null,
  text = "",
  headers: Record<string, string> = {},
) => ({
  status,
  headers: new Headers(
    code === null ? headers : { ...headers, "x-ms-error-code": code },
  ),
  text,
});

const ERRORS: readonly (readonly [
  status: number,
  code: string | null,
  error: AnyRemoteStoreError["code"],
])[] = [
  [404, "BlobNotFound", "NotFound"],
  [404, "PathNotFound", "NotFound"],
  [404, "ResourceNotFound", "NotFound"],
  [404, null, "NotFound"],
  [404, "ContainerNotFound", "NotFound"],
  [404, "FilesystemNotFound", "NotFound"],
  [409, "ContainerBeingDeleted", "NotFound"],
  [409, "BlobAlreadyExists", "AlreadyExists"],
  [409, "PathAlreadyExists", "AlreadyExists"],
  [409, "DirectoryNotEmpty", "DirectoryNotEmpty"],
  [409, "DirectoryIsNotEmpty", "DirectoryNotEmpty"],
  [409, "LeaseAlreadyPresent", "ResourceLocked"],
  [409, "LeaseIdMismatchWithBlobOperation", "ResourceLocked"],
  [412, "LeaseIdMissing", "ResourceLocked"],
  [412, "ConditionNotMet", "PreconditionFailed"],
  [412, null, "PreconditionFailed"],
  [401, "InvalidAuthenticationInfo", "PermissionDenied"],
  [403, "AuthenticationFailed", "PermissionDenied"],
  [403, "AuthorizationPermissionMismatch", "PermissionDenied"],
  [403, null, "PermissionDenied"],
  [409, "PublicAccessNotPermitted", "PermissionDenied"],
  [409, "BlobImmutableDueToPolicy", "PermissionDenied"],
  [409, "PathConflict", "InvalidPath"],
  [400, "InvalidResourceName", "InvalidPath"],
  [400, "Md5Mismatch", "IntegrityError"],
  [408, null, "BackendUnavailable"],
  [429, null, "BackendUnavailable"],
  [500, "InternalError", "BackendUnavailable"],
  [500, "OperationTimedOut", "BackendUnavailable"],
  [503, "ServerBusy", "BackendUnavailable"],
  [400, null, "RemoteStoreError"],
  [411, "MissingContentLengthHeader", "RemoteStoreError"],
  [409, "SnapshotsPresent", "RemoteStoreError"],
];

Deno.test("AZ-025 toError() maps status and code", () => {
  for (const [status, code, expected] of ERRORS) {
    const error = toError(failure(status, code)) as AnyRemoteStoreError;
    assertEquals(error.code, expected, `${status} ${code}`);
    assert(error.cause instanceof Error);
  }
});

Deno.test("AZ-025 toError() tells an absent container from an absent file", () => {
  assert(isContainerNotFound(toError(failure(404, "ContainerNotFound"))));
  assert(!isContainerNotFound(toError(failure(404, "BlobNotFound"))));
  assert(isNoContainer(failure(404, "FilesystemNotFound")));
});

Deno.test("SEC-001 toError() repeats nothing that the service has written", () => {
  const text =
    "<Error><Code>AuthenticationFailed</Code><AuthenticationErrorDetail>sig=secret</AuthenticationErrorDetail></Error>";
  const error = toError(failure(403, null, text));
  assert(
    !JSON.stringify([error.message, String(error.cause)]).includes("secret"),
  );
  assert(error.message.includes("AuthenticationFailed"));
});

Deno.test("AZ-025 failureCode() reads the field, XML with a byte order mark, and JSON", () => {
  assertEquals(failureCode(failure(404, "A", "<Code>B</Code>")), "A");
  assertEquals(
    failureCode(failure(404, null, "\uFEFF<Error><Code>B</Code></Error>")),
    "B",
  );
  assertEquals(
    failureCode(failure(404, null, '{"error":{"code":"C","message":"m"}}')),
    "C",
  );
  assertEquals(failureCode(failure(400, null, "")), null);
});
