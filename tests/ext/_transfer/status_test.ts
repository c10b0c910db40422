import { assertEquals } from "@std/assert";
import {
  ContentTooLargeError,
  InvalidArgumentError,
  NotFoundError,
  QuotaExceededError,
  RemoteStoreError,
} from "@remote-store/core";
import { statusOf } from "../../../ext/_transfer/status.ts";

Deno.test("XFER-023 statusOf() tells the status of each code, and nothing of what is none", () => {
  assertEquals(statusOf(new NotFoundError()), 404);
  assertEquals(statusOf(new ContentTooLargeError()), 413);
  assertEquals(statusOf(new QuotaExceededError()), 507);
  assertEquals(statusOf(new RemoteStoreError()), 500);
  // Of a later version of this package.
  const later = Object.assign(new RemoteStoreError(), { code: "Novelty" });
  assertEquals(statusOf(later), 500);
  for (
    const other of [
      new InvalidArgumentError(),
      new DOMException("", "AbortError"),
      null,
      undefined,
      404,
    ]
  ) assertEquals(statusOf(other), null);
});
