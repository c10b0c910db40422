import { assert, assertEquals, assertRejects } from "@std/assert";
import { Batch } from "../../../backends/indexeddb/batch.ts";
import { Database } from "../../../backends/indexeddb/database.ts";
import type { Transaction } from "../../../backends/indexeddb/transaction.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  isRemoteStoreError,
  QuotaExceededError,
} from "../../../mod.ts";
import {
  auditOf,
  fileRecord,
  imitate,
  keysOf,
  losing,
  NEW,
  newDatabase,
} from "./imitation.ts";

const put = (transaction: Transaction) => transaction.put("one", ["x", 0]);

/** A change that is refused when it is made again, and how often it was made. */
function changing(refusal: () => unknown) {
  const change = {
    runs: 0,
    async work(transaction: Transaction) {
      await transaction.get(["x", 0]);
      if (++change.runs > 1) throw refusal();
      put(transaction);
    },
  };
  return change;
}

Deno.test("IDB-008 a change whose answer was lost is in doubt where it is refused the second time, for whatever reason", async () => {
  const refusals = {
    QuotaExceeded: () => new DOMException("", "QuotaExceededError"),
    PermissionDenied: () => new DOMException("", "NotAllowedError"),
    BackendUnavailable: () => new DOMException("", "UnknownError"),
    AlreadyExists: () => new AlreadyExistsError(),
  };
  for (const [code, refusal] of Object.entries(refusals)) {
    const scope = imitate();
    const losses = { left: 1 };
    const database = newDatabase(losing(scope, losses));
    const change = changing(refusal);
    const error = await assertRejects(
      () => database.run("readwrite", change.work),
      BackendUnavailableError,
      "the change may have been made",
    );
    assert(error.inDoubt, code);
    assert(isRemoteStoreError(error.cause));
    assertEquals(error.cause.code, code);
    assertEquals([change.runs, losses.left], [2, 0]);
    await database.close();
    const other = newDatabase(scope);
    assertEquals(await keysOf(other), [["x", 0]], "it was made");
    await other.close();
  }
});

Deno.test("IDB-008 a change whose answer is lost each time is in doubt", async () => {
  // The connection ends before the first commit, or behind it.
  for (const early of [true, false]) {
    const losses = { left: early ? 1 : 2 };
    const database = newDatabase(losing(imitate(), losses));
    let runs = 0;
    const error = await assertRejects(
      () =>
        database.run("readwrite", (transaction) => {
          if (++runs === 1 && early) throw new DOMException("", "AbortError");
          put(transaction);
        }),
      BackendUnavailableError,
    );
    assertEquals([runs, losses.left, error.inDoubt], [2, 0, true]);
    await database.close();
  }
});

Deno.test("IDB-008 what nobody can see, and what has changed nothing, leaves no doubt", async () => {
  const full = () => new DOMException("", "QuotaExceededError");
  const staging = newDatabase(losing(imitate(), { left: 1 }));
  await assertRejects(
    () => staging.run("readwrite", changing(full).work, { isStaging: true }),
    QuotaExceededError,
  );
  await staging.close();
  const losses = { left: 1 };
  const looking = newDatabase(losing(imitate(), losses));
  let runs = 0;
  await assertRejects(
    () =>
      looking.run("readwrite", async (transaction) => {
        await transaction.get(["x", 0]);
        if (++runs > 1) throw new AlreadyExistsError();
      }),
    AlreadyExistsError,
  );
  assertEquals([runs, losses.left], [2, 0]);
  await looking.close();
});

Deno.test("IDB-008 an abort after a lost answer passes as it is", async () => {
  const reason = new Error("given up");
  const stop = new AbortController();
  const meanwhile = () => Promise.resolve(stop.abort(reason));
  const database = newDatabase(losing(imitate(), { left: 1, meanwhile }));
  const failure = await assertRejects(() =>
    database.run("readwrite", put, { signal: stop.signal })
  );
  assert(failure === reason);
  await database.close();
});

Deno.test("IDB-008 writes whose answer was lost, and which find no room the second time, are in doubt", async () => {
  for (const count of [1, 3]) {
    const scope = imitate();
    const losses = { left: 1 };
    let runs = 0;
    class Full extends Database {
      override run: Database["run"] = (mode, work, options) =>
        super.run(mode, (transaction, again) => {
          if (++runs > 1) throw new DOMException("", "QuotaExceededError");
          return work(transaction, again);
        }, options);
    }
    const database = new Full(
      "remote-store",
      "files",
      () => losing(scope, losses),
    );
    const batch = new Batch(database, "relaxed");
    const keys = Array.from({ length: count }, (_, at) => `f${at}`);
    const outcomes = await Promise.allSettled(keys.map((key) =>
      batch.put({
        record: fileRecord(key),
        rows: [new Uint8Array([1, 2, 3])],
        condition: NEW,
        signal: undefined,
      })
    ));
    for (const outcome of outcomes) {
      assert(outcome.status === "rejected");
      const { reason } = outcome;
      assert(isRemoteStoreError(reason), String(reason));
      assert(reason.code === "BackendUnavailable" && reason.inDoubt);
      assert(reason.cause instanceof QuotaExceededError);
    }
    await database.close();
    const other = newDatabase(scope);
    const { broken, orphans } = await auditOf(other);
    assertEquals([...broken, ...orphans], []);
    // The record of each, and what it holds.
    assertEquals((await keysOf(other)).length, 2 * count, "they were put");
    await other.close();
  }
});
