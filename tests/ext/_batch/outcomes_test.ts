import { assert, assertEquals, assertThrows } from "@std/assert";
import { CapabilityNotSupportedError, NotFoundError } from "@remote-store/core";
import {
  collectable,
  failure,
  toResult,
} from "../../../ext/_batch/outcomes.ts";

const { signal } = new AbortController();

Deno.test("collectable() returns errors of an item and throws those of the call", () => {
  const miss = new NotFoundError();
  assertEquals(collectable(miss, signal), miss);
  const gate = new CapabilityNotSupportedError("no", { capability: "delete" });
  assertThrows(() => collectable(gate, signal), CapabilityNotSupportedError);
  assertThrows(() => collectable(new TypeError("bug"), signal), TypeError);
});

Deno.test("collectable() throws whatever an abort has caused", () => {
  const reason = new NotFoundError();
  assertThrows(
    () => collectable(reason, AbortSignal.abort(reason)),
    NotFoundError,
  );
});

Deno.test("toResult() keeps the order of the input and freezes", () => {
  const error = new NotFoundError();
  const result = toResult(["a", "b", "c"], [
    failure("c", 2, error),
    failure("a", 0, error),
  ]);
  assertEquals(result.succeeded, ["b"]);
  assertEquals(result.failed.map(({ index }) => index), [0, 2]);
  assertEquals([result.allSucceeded, result.total], [false, 3]);
  assert(Object.isFrozen(result) && Object.isFrozen(result.failed[0]));
});
