import { assertEquals } from "@std/assert";
import {
  denied,
  Refusal,
  toOwnRefusal,
  toRefusal,
} from "../../../ext/_sign/refusals.ts";
import {
  BackendUnavailableError,
  InvalidArgumentError,
  InvalidPathError,
  NotFoundError,
  PermissionDeniedError,
} from "../../../mod.ts";

Deno.test("SIGN-020 what goes wrong inside is told by its kind, and by nothing else", () => {
  const told = (error: unknown) => {
    const { code, status, message } = toRefusal(error);
    return [code, status, message.includes("secret")];
  };
  assertEquals(told(new Error("secret")), ["RemoteStoreError", 500, false]);
  assertEquals(told("secret"), ["RemoteStoreError", 500, false]);
  assertEquals(told(new PermissionDeniedError("secret")), [
    "PermissionDenied",
    403,
    false,
  ]);
  assertEquals(told(new BackendUnavailableError("secret")), [
    "BackendUnavailable",
    503,
    false,
  ]);
  assertEquals(told(new NotFoundError("secret")), ["NotFound", 404, false]);
  // What the asker has said himself, and what the application has.
  for (
    const [error, code] of [
      [new InvalidPathError("secret"), "InvalidPath"],
      [new InvalidArgumentError("secret"), "InvalidArgument"],
    ] as const
  ) {
    assertEquals(told(toOwnRefusal(error)), [code, 400, true]);
    assertEquals(told(error), [code, 400, false]);
  }
  assertEquals(told(toOwnRefusal(new NotFoundError("secret"))), [
    "NotFound",
    404,
    false,
  ]);
  const own = new Refusal("PermissionDenied", "no", 403);
  assertEquals(toRefusal(own), own);
  assertEquals(denied("list", "").message, "Cannot list: it is not allowed");
});
