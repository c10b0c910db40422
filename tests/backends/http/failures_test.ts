import { assertEquals } from "@std/assert";
import { isRemoteStoreError } from "../../../core/errors.ts";
import { toError } from "../../../backends/http/failures.ts";

Deno.test("HTTP-ERR-001 toError() maps the status", () => {
  const codes = [401, 403, 404, 410, 412, 503, 418].map((status) => {
    const error = toError(status);
    return isRemoteStoreError(error) ? error.code : null;
  });
  assertEquals(codes, [
    "PermissionDenied",
    "PermissionDenied",
    "NotFound",
    "NotFound",
    "PreconditionFailed",
    "BackendUnavailable",
    "RemoteStoreError",
  ]);
});
