import { assert, assertEquals, assertRejects } from "@std/assert";
import { change, look } from "../../../backends/r2/attempts.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  isRemoteStoreError,
  PermissionDeniedError,
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

Deno.test("R2-007: look() repeats what may succeed later, as often as the policy says", async () => {
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

const refusal = () => new AlreadyExistsError();

/** Changes something by calls that fail with each error in turn, then answer. */
function told(value: string | null, ...errors: Error[]) {
  const run = failing(...errors);
  const end = async () => {
    await run();
    return value;
  };
  return change(settings, undefined, end, refusal);
}

Deno.test("R2-006: change() tells done, refused and doubtful apart", async () => {
  const [lost, busy] = [new Error(LOST), numbered(10058)];
  assertEquals(await told("x"), { outcome: "done", value: "x" });
  assertEquals(await told("x", lost), { outcome: "done", value: "x" });
  const cases: [Error[], "refused" | "doubtful", string][] = [
    [[], "refused", "AlreadyExists"],
    [[busy], "refused", "AlreadyExists"],
    [[lost], "doubtful", "AlreadyExists"],
    [[numbered(10001), busy], "doubtful", "AlreadyExists"],
    [[numbered(10003)], "refused", "PermissionDenied"],
    [[lost, numbered(10003)], "doubtful", "PermissionDenied"],
    [[lost, lost, lost], "doubtful", "BackendUnavailable"],
    [[busy, busy, busy], "refused", "BackendUnavailable"],
  ];
  for (const [errors, outcome, code] of cases) {
    const attempt = await told(null, ...errors);
    assert(attempt.outcome !== "done");
    const { error } = attempt;
    assert(isRemoteStoreError(error));
    assertEquals([attempt.outcome, error.code as string], [outcome, code]);
  }
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
