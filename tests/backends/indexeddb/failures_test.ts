import { assert, assertEquals } from "@std/assert";
import {
  isLost,
  nameOf,
  toFault,
} from "../../../backends/indexeddb/failures.ts";
import { isRemoteStoreError, NotFoundError } from "../../../mod.ts";

Deno.test("BE-021 what IndexedDB reports is told by name and keeps its cause", () => {
  const rows: [name: string, code: string][] = [
    ["QuotaExceededError", "QuotaExceeded"],
    ["SecurityError", "PermissionDenied"],
    ["NotAllowedError", "PermissionDenied"],
    ["AbortError", "BackendUnavailable"],
    ["InvalidStateError", "BackendUnavailable"],
    ["UnknownError", "BackendUnavailable"],
    ["VersionError", "BackendUnavailable"],
    ["TimeoutError", "BackendUnavailable"],
    ["TransactionInactiveError", "BackendUnavailable"],
    ["NotReadableError", "BackendUnavailable"],
  ];
  for (const [name, code] of rows) {
    const cause = new DOMException("", name);
    const fault = toFault(cause);
    assert(isRemoteStoreError(fault), name);
    assertEquals(fault.code, code, name);
    assert(fault.cause === cause);
    assert(fault.message !== "");
  }
});

Deno.test("BE-021 our own errors, and what has no counterpart, stay as they are", () => {
  for (const error of [new NotFoundError(), new TypeError("x"), null, "x"]) {
    assert(toFault(error) === error);
  }
});

Deno.test("IDB a lost connection is told from other failures", () => {
  assert(isLost(new DOMException("", "InvalidStateError")));
  assert(isLost(new DOMException("", "AbortError")));
  assert(!isLost(new DOMException("", "QuotaExceededError")));
  assert(!isLost(new NotFoundError()));
  assertEquals(nameOf(undefined), "");
});
