import { assertEquals, assertRejects } from "@std/assert";
import { attempt, look } from "../../../backends/r2/attempts.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  PermissionDeniedError,
  RetryPolicy,
} from "../../../mod.ts";
import { createFake, LOST, numbered } from "./setup.ts";

const { settings } = createFake();

/** Fails with each error in turn, then answers. */
function failing(...errors: Error[]): () => Promise<string> {
  return () => {
    const error = errors.shift();
    return error === undefined
      ? Promise.resolve("answer")
      : Promise.reject(error);
  };
}

Deno.test("R2-007: attempt() repeats what may succeed later, as often as the policy says", async () => {
  const busy = numbered(10058);
  const twice = failing(busy, numbered(10043));
  assertEquals(await look(settings, undefined, twice), "answer");
  await assertRejects(
    () => look(settings, undefined, failing(busy, busy, busy)),
    BackendUnavailableError,
    "(10058)",
  );
  await assertRejects(
    () => look(settings, undefined, failing(numbered(10003))),
    PermissionDeniedError,
  );
});

Deno.test("R2-006: attempt() tells whether an attempt before may have changed something", async () => {
  const told = async (...errors: Error[]) => {
    const run = failing(...errors);
    return (await attempt(settings, "change", undefined, run)).doubtful;
  };
  assertEquals(await told(), false);
  assertEquals(await told(numbered(10058)), false);
  assertEquals(await told(new Error(LOST)), true);
  assertEquals(await told(numbered(10001), numbered(10058)), true);
  const seen = failing(new Error(LOST));
  const { doubtful } = await attempt(settings, "look", undefined, seen);
  assertEquals(doubtful, false);
});

Deno.test("R2-006: attempt() is in doubt where a change may have been made, and says what it was refused with", async () => {
  const lost = new Error(LOST);
  const cases: [Error[], string][] = [
    [[lost, lost, lost], "BackendUnavailable"],
    [[lost, numbered(10003)], "PermissionDenied"],
  ];
  for (const [errors, code] of cases) {
    const error = await assertRejects(
      () => attempt(settings, "change", undefined, failing(...errors)),
      BackendUnavailableError,
      "the change may have been made",
    );
    assertEquals((error.cause as AlreadyExistsError).code as string, code);
  }
  const refused = await assertRejects(
    () =>
      attempt(
        { ...settings, retry: RetryPolicy.disabled() },
        "change",
        undefined,
        failing(numbered(10058)),
      ),
    BackendUnavailableError,
  );
  assertEquals(refused.message, "R2 failed: call: what R2 says of it (10058)");
});

Deno.test("R2-015: an abort ends the wait at once, and what is under way is nobody's", async () => {
  const stop = new AbortController();
  const { promise, reject } = Promise.withResolvers<string>();
  const waiting = look(settings, stop.signal, () => promise);
  stop.abort("enough");
  assertEquals(await waiting.catch((reason) => reason), "enough");
  reject(new Error("late"));
  const never = () => Promise.reject(new Error("was called"));
  const other = look(settings, stop.signal, never);
  assertEquals(await other.catch((reason) => reason), "enough");
});
