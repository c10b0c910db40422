import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import {
  containerNotFound,
  isRemoteStoreError,
  NotFoundError,
} from "../../mod.ts";
import { isContainerNotFound } from "../../core/backend.ts";

Deno.test("BE-021 an absent container is a NotFound that the kernel knows", () => {
  const cause = new Error("404");
  const error = containerNotFound("the bucket does not exist", { cause });
  assertInstanceOf(error, NotFoundError);
  assert(isContainerNotFound(error));
  assert(isRemoteStoreError(error));
  assertEquals([error.message, error.cause], [
    "the bucket does not exist",
    cause,
  ]);
});

Deno.test("BE-021 nothing else is taken for it", () => {
  for (
    const other of [
      new NotFoundError("the bucket does not exist"),
      null,
      undefined,
      "x",
      {},
    ]
  ) {
    assertEquals(isContainerNotFound(other), false);
  }
});
