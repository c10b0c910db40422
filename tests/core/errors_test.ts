import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertNotStrictEquals,
  assertStrictEquals,
} from "@std/assert";
import * as core from "../../mod.ts";
import { restate } from "../../core/errors.ts";

const CLASSES = {
  RemoteStoreError: core.RemoteStoreError,
  NotFound: core.NotFoundError,
  AlreadyExists: core.AlreadyExistsError,
  PreconditionFailed: core.PreconditionFailedError,
  PermissionDenied: core.PermissionDeniedError,
  InvalidPath: core.InvalidPathError,
  CapabilityNotSupported: core.CapabilityNotSupportedError,
  DirectoryNotEmpty: core.DirectoryNotEmptyError,
  ResourceLocked: core.ResourceLockedError,
  BackendUnavailable: core.BackendUnavailableError,
  IntegrityError: core.IntegrityError,
  QuotaExceeded: core.QuotaExceededError,
  ContentTooLarge: core.ContentTooLargeError,
} satisfies Record<core.RemoteStoreErrorCode, unknown>;

Deno.test("ERR-001 every class carries code, name, path, backend and cause", () => {
  for (const [code, Class] of Object.entries(CLASSES)) {
    const cause = new TypeError("x");
    const error = new Class("went wrong", { path: "a", backend: "b", cause });
    assertInstanceOf(error, core.RemoteStoreError);
    assertInstanceOf(error, Error);
    assertEquals([error.code, error.name], [code, Class.name]);
    assertEquals([error.path, error.backend, error.message], [
      "a",
      "b",
      "went wrong",
    ]);
    assertStrictEquals(error.cause, cause);
    assert(core.isRemoteStoreError(error));
  }
});

Deno.test("ERR-001 what is not given is null, and no cause is no property", () => {
  const error = new core.NotFoundError();
  assertEquals([error.path, error.backend], [null, null]);
  assertEquals("cause" in error, false);
});

Deno.test("ERR-008 no concrete class derives from another", () => {
  for (const Class of Object.values(CLASSES)) {
    if (Class === core.RemoteStoreError) continue;
    assertStrictEquals(Object.getPrototypeOf(Class), core.RemoteStoreError);
  }
});

Deno.test("ERR-009 a blank message is replaced", () => {
  for (const blank of [undefined, "", "  \n"]) {
    assertEquals(
      new core.RemoteStoreError(blank).message,
      "the operation failed",
    );
  }
});

Deno.test("ERR-009 the text carries what the message leaves out", () => {
  const place = { path: "a.txt", backend: "s3" };
  assertEquals(
    `${new core.NotFoundError("gone", place)}`,
    'NotFoundError: gone (path "a.txt", backend s3)',
  );
  assertEquals(
    `${new core.NotFoundError('Cannot read "a.txt": gone', place)}`,
    'NotFoundError: Cannot read "a.txt": gone (backend s3)',
  );
  assertEquals(`${new core.NotFoundError("gone")}`, "NotFoundError: gone");
});

Deno.test("ERR-006 a missing capability is named", () => {
  const options = { capability: "glob" } as const;
  assertEquals(
    new core.CapabilityNotSupportedError("x", options).capability,
    "glob",
  );
  assertEquals(new core.CapabilityNotSupportedError("x").capability, null);
});

Deno.test("ERR-001 a second copy of the package makes errors that are recognised", async () => {
  const copy = await import(`../../core/errors.ts?copy=${1}`).catch(() =>
    null
  ) as
    | typeof core
    | null;
  assert(copy !== null);
  const foreign = new copy.NotFoundError("gone");
  assertEquals(foreign instanceof core.RemoteStoreError, false);
  assert(core.isRemoteStoreError(foreign));
});

Deno.test("ERR-001 nothing else is recognised", () => {
  const others = [
    new Error(),
    { code: "NotFound" },
    null,
    undefined,
    "NotFound",
    5,
    new core.InvalidArgumentError("x"),
  ];
  for (const other of others) {
    assertEquals(core.isRemoteStoreError(other), false);
  }
});

Deno.test("ERR an argument error is a TypeError outside of the family", () => {
  const error = new core.InvalidArgumentError("x");
  assertInstanceOf(error, TypeError);
  assertEquals(error instanceof core.RemoteStoreError, false);
  assertEquals(error.name, "InvalidArgumentError");
});

Deno.test("restate() keeps class, cause and capability in a new object", () => {
  for (const [code, Class] of Object.entries(CLASSES)) {
    const error = new Class("old", { cause: "c" }) as core.AnyRemoteStoreError;
    const again = restate(error, "new", { path: "p", backend: "b" });
    assertNotStrictEquals(again, error);
    assertStrictEquals(again.constructor, Class);
    assertEquals([again.code, again.message, again.path, again.cause], [
      code,
      "new",
      "p",
      "c",
    ]);
  }
  const missing = new core.CapabilityNotSupportedError("x", {
    capability: "read",
  });
  const again = restate(missing, "y", {});
  assertInstanceOf(again, core.CapabilityNotSupportedError);
  assertEquals(again.capability, "read");
});

Deno.test("ERR code discriminates the union", () => {
  const error: unknown = new core.CapabilityNotSupportedError("x", {
    capability: "list",
  });
  assert(core.isRemoteStoreError(error));
  // This compiles only because the code narrows the class.
  const capability = error.code === "CapabilityNotSupported"
    ? error.capability
    : null;
  assertEquals(capability, "list");
});
