import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Attempt,
  byContent,
  inDoubt,
  isOlder,
  mine,
  NOT_MINE,
  settle,
  UNKNOWN,
  type Verdict,
} from "../../core/doubt.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  isRemoteStoreError,
  restate,
} from "../../core/errors.ts";

const refusal = new AlreadyExistsError();
const doubtful: Attempt<string> = { outcome: "doubtful", error: refusal };
const said = (verdict: Verdict<string>) => () => Promise.resolve(verdict);

Deno.test("DOUBT-001 what is done or refused is not looked for", async () => {
  const never = () => Promise.reject(new Error("looked"));
  const done: Attempt<string> = { outcome: "done", value: "v" };
  assertEquals(await settle(done, never, undefined), "v");
  const refused: Attempt<string> = { outcome: "refused", error: refusal };
  const error = await assertRejects(() => settle(refused, never, undefined));
  assertEquals(error, refusal);
});

Deno.test("DOUBT-002 a doubtful change is done, refused or in doubt, as the look proves", async () => {
  assertEquals(await settle(doubtful, said(mine("m")), undefined), "m");
  const not = await assertRejects(() =>
    settle(doubtful, said(NOT_MINE), undefined)
  );
  assertEquals(not, refusal);
  for (const prove of [said(UNKNOWN), null]) {
    const error = await assertRejects(
      () => settle(doubtful, prove, undefined),
      BackendUnavailableError,
      "the change may have been made",
    );
    assert(error.inDoubt);
    assertEquals(error.cause, refusal);
  }
});

Deno.test("DOUBT-003 a look that fails proves nothing, and one that is given up ends with the reason", async () => {
  const fails = () => Promise.reject(new Error("no network"));
  const error = await assertRejects(
    () => settle(doubtful, fails, undefined),
    BackendUnavailableError,
  );
  assertEquals(error.cause, refusal);
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  assertEquals(
    await assertRejects(() => settle(doubtful, fails, signal)),
    reason,
  );
});

Deno.test("DOUBT-004 equal bytes prove a create, and no other write", async () => {
  const create = { overwrite: false, ifMatch: null };
  const find = () => Promise.resolve("facts");
  assertEquals(await byContent(create, find), mine("facts"));
  assertEquals(await byContent(create, () => Promise.resolve(null)), UNKNOWN);
  const looked = () => Promise.reject(new Error("looked"));
  const swap = { overwrite: true, ifMatch: '"1"' };
  assertEquals(await byContent(swap, looked), UNKNOWN);
  const replace = { overwrite: true, ifMatch: null };
  assertEquals(await byContent(replace, looked), UNKNOWN);
});

Deno.test("DOUBT-005 a version is older than a call only by a clear margin of the service's clock", () => {
  const answered = 1_000_000;
  assert(isOlder(answered - 10_000, answered, 5_000));
  assert(
    !isOlder(answered - 6_000, answered, 5_000),
    "dates have no fractions",
  );
  assert(!isOlder(answered + 1, answered, 0));
  assert(!isOlder(null, answered, 0));
  assert(!isOlder(0, null, 0));
  assert(!isOlder(0, answered, -1), "the device's clock was set back");
});

Deno.test("DOUBT-006 doubt outlives the boundary", () => {
  const error = inDoubt(refusal);
  assert(isRemoteStoreError(error));
  const outside = restate(error, "Cannot write", { path: "a" });
  assert(outside instanceof BackendUnavailableError && outside.inDoubt);
  assert(!new BackendUnavailableError().inDoubt);
});
