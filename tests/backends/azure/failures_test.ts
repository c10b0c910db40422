import { assert, assertEquals } from "@std/assert";
import { isContainerNotFound } from "../../../core/backend.ts";
import type { AnyRemoteStoreError } from "../../../core/errors.ts";
import {
  failureCode,
  failureTime,
  isAbsent,
  isConflict,
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
  [404, "CannotVerifyCopySource", "NotFound"],
  [404, "SomethingElse", "RemoteStoreError"],
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
    const error = toError(
      failure(status, code),
      "files",
    ) as AnyRemoteStoreError;
    assertEquals(error.code, expected, `${status} ${code}`);
    assert(error.cause instanceof Error);
  }
});

Deno.test("AZ-025 toError() tells an absent container from an absent file", () => {
  assert(
    isContainerNotFound(toError(failure(404, "ContainerNotFound"), "files")),
  );
  assert(!isContainerNotFound(toError(failure(404, "BlobNotFound"), "files")));
  assert(isNoContainer(failure(404, "FilesystemNotFound")));
});

Deno.test("SEC-001 toError() repeats nothing that the service has written", () => {
  const text =
    "<Error><Code>AuthenticationFailed</Code><AuthenticationErrorDetail>sig=secret</AuthenticationErrorDetail></Error>";
  const error = toError(failure(403, null, text), "files");
  assert(
    !JSON.stringify([error.message, String(error.cause)]).includes("secret"),
  );
  assert(error.message.includes("AuthenticationFailed"));
});

Deno.test("AZ-025 failureCode() reads the field, XML with a byte order mark, and JSON", () => {
  assertEquals(
    failureCode(failure(404, "A", "<Error><Code>B</Code></Error>")),
    "A",
  );
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

Deno.test("AZ-042 an absence is said in the service's words; a HEAD has none", () => {
  for (
    const code of ["BlobNotFound", "PathNotFound", "ResourceNotFound", null]
  ) {
    assert(isAbsent(failure(404, code)), `${code}`);
  }
  for (
    const code of ["ContainerNotFound", "AccountNotFound", "QueueNotFound"]
  ) {
    assert(!isAbsent(failure(404, code)), code);
  }
  assert(!isAbsent(failure(403, "BlobNotFound")));
});

Deno.test("AZ-042 the error of an absent container names it, and no path", () => {
  const error = toError(failure(404, "ContainerNotFound"), "back-up");
  assert(error.message.includes('"back-up"'));
  assertEquals(error.path, null);
});

Deno.test("AZ-025 failureCode() takes nothing from a page, a part of a document or other JSON", () => {
  const texts = [
    "<html><Code>A</Code></html>",
    "<Error><Code>A</Code>",
    '{"code":"A"}',
    '{"error":null}',
    '{"error":{"code":1,"message":"m"}}',
    '{"error":{"code":"A"',
  ];
  for (const text of texts) {
    assertEquals(failureCode(failure(404, null, text)), null);
  }
});

Deno.test("TIME-003 failureTime() reads the service's own time, in both forms", () => {
  const message =
    "Server failed to authenticate the request.\nRequestId:5f2bb9f2-0000-0000-0000-000000000000\nTime:2026-06-26T12:00:00.1234567Z";
  const time = Date.UTC(2026, 5, 26, 12, 0, 0, 123);
  const xml =
    `\uFEFF<Error><Code>A</Code><Message>${message}</Message></Error>`;
  assertEquals(failureTime(failure(403, "A", xml)), time);
  const json = JSON.stringify({ error: { code: "A", message } });
  assertEquals(failureTime(failure(403, "A", json)), time);
  for (const text of ["", "<html>Time:2026-06-26T12:00:00Z</html>"]) {
    assertEquals(failureTime(failure(403, "A", text)), null);
  }
});

Deno.test("AZ-025 isConflict() tells a refused condition from other refusals", () => {
  assert(isConflict(toError(failure(412, "ConditionNotMet"), "files")));
  assert(isConflict(toError(failure(409, "BlobAlreadyExists"), "files")));
  assert(!isConflict(toError(failure(412, "LeaseIdMissing"), "files")));
});
