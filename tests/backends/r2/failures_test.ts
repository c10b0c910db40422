import { assert, assertEquals } from "@std/assert";
import { failureCode, judge } from "../../../backends/r2/failures.ts";
import { isContainerNotFound } from "../../../core/backend.ts";
import {
  InvalidArgumentError,
  isRemoteStoreError,
  NotFoundError,
} from "../../../mod.ts";
import { LOST, numbered } from "./setup.ts";

Deno.test("R2-017: failureCode() reads the number at the end, of messages of several lines too", () => {
  assertEquals(failureCode(numbered(10012)), 10012);
  assertEquals(
    failureCode(new Error("put: it did not match.\nIt was (3)\nno: x (10037)")),
    10037,
  );
  assertEquals(failureCode(new Error(LOST)), null);
  assertEquals(failureCode(new Error("(10012) comes first")), null);
  assertEquals(failureCode("put (10012)"), null);
});

Deno.test("R2-017: judge() names what R2's page of error codes names", () => {
  const codes: readonly [number, string][] = [
    [10002, "PermissionDenied"],
    [10003, "PermissionDenied"],
    [10042, "PermissionDenied"],
    [10069, "PermissionDenied"],
    [10006, "NotFound"],
    [10007, "NotFound"],
    [10020, "InvalidPath"],
    [10037, "IntegrityError"],
    [10031, "PreconditionFailed"],
    [10011, "RemoteStoreError"],
    [10013, "RemoteStoreError"],
    [10048, "RemoteStoreError"],
    [100100, "RemoteStoreError"],
    [19999, "RemoteStoreError"],
  ];
  for (const [number, code] of codes) {
    const cause = numbered(number);
    const { error, transient, doubtful } = judge(cause);
    assert(isRemoteStoreError(error));
    assertEquals([error.code, error.cause], [code as typeof error.code, cause]);
    assertEquals([transient, doubtful], [false, false], `${number}`);
  }
  assert(isContainerNotFound(judge(numbered(10006)).error));
  assert(judge(numbered(10012)).error instanceof InvalidArgumentError);
});

Deno.test("R2-007: judge() knows what may succeed later, R2-006: and what may have been done", () => {
  const codes: readonly [Error, boolean][] = [
    [numbered(10001), true],
    [numbered(10043), true],
    [numbered(10054), true],
    [numbered(0), true],
    [new Error(LOST), true],
    // Turned away, so nothing was done.
    [numbered(10058), false],
  ];
  for (const [thrown, doubt] of codes) {
    const { error, transient, doubtful } = judge(thrown);
    assert(isRemoteStoreError(error));
    assertEquals(error.code, "BackendUnavailable");
    assertEquals([transient, doubtful], [true, doubt], thrown.message);
  }
});

Deno.test("R2-017: judge() leaves errors of this library and of the runtime's arguments as they are", () => {
  for (
    const error of [
      new NotFoundError(),
      new InvalidArgumentError("x"),
      new TypeError("no known length"),
    ]
  ) {
    assertEquals(judge(error), { error, transient: false, doubtful: false });
  }
});
