import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Mode,
  transact,
  type Transaction,
} from "../../../backends/indexeddb/transaction.ts";
import { imitate, keysOf, newDatabase } from "./imitation.ts";

Deno.test("IDB what a transaction changed is there when it resolves", async () => {
  const database = newDatabase();
  const work = async (transaction: Transaction) => {
    transaction.put("one", ["x", 0]);
    transaction.put("two", ["x", 1]);
    return await transaction.get(["x", 1]);
  };
  assertEquals(await database.run("readwrite", work), "two");
  assertEquals(await keysOf(database), [["x", 0], ["x", 1]]);
  await database.close();
});

Deno.test("IDB a transaction whose work fails changes nothing and gives its error", async () => {
  const database = newDatabase();
  const error = new TypeError("of the work");
  const failure = await assertRejects(() =>
    database.run("readwrite", (transaction) => {
      transaction.put("one", ["x", 0]);
      throw error;
    })
  );
  assert(failure === error);
  assertEquals(await keysOf(database), []);
  await database.close();
});

Deno.test("SIO-005 an abort undoes a transaction under way and passes as it is", async () => {
  const database = newDatabase();
  const giveUp = new AbortController();
  const reason = new DOMException("of the caller", "AbortError");
  const failure = await assertRejects(() =>
    database.run("readwrite", async (transaction) => {
      transaction.put("one", ["x", 0]);
      await transaction.get(["x", 0]);
      giveUp.abort(reason);
      await transaction.get(["x", 0]);
    }, { signal: giveUp.signal })
  );
  assert(failure === reason);
  assertEquals(await keysOf(database), []);
  await database.close();
});

Deno.test("IDB a span is read in the order of keys, in pages", async () => {
  const database = newDatabase();
  const found = await database.run("readwrite", async (transaction) => {
    for (const i of [2, 0, 1, 3]) transaction.put(i, ["x", i]);
    transaction.deleteAll({ lower: ["x", 3], upper: ["x", 9] });
    transaction.delete(["x", 9]);
    const span = { lower: ["x"], upper: ["x", []] };
    return [await transaction.getAll(span), await transaction.keys(span, 1)];
  });
  assertEquals(found, [[0, 1, 2], [["x", 0]]]);
  await database.close();
});

/** What an engine tells of a transaction: a failed request, then how it ended. */
function endsWith(end: "complete" | "abort") {
  const db = new EventTarget();
  const transaction: Record<string, unknown> = { db, error: null, abort() {} };
  queueMicrotask(async () => {
    // Past the listeners, as an engine's own thread would be.
    await new Promise((resolve) => setTimeout(resolve, 1));
    const error = new DOMException("", "QuotaExceededError");
    (transaction.onerror as (event: unknown) => void)({ target: { error } });
    (transaction[`on${end}`] as () => void)();
  });
  const store = { transaction } as unknown as IDBObjectStore;
  return <T>(_: unknown, work: (store: IDBObjectStore) => T | PromiseLike<T>) =>
    Promise.resolve(work(store));
}

for (const end of ["complete", "abort"] as const) {
  Deno.test(`IDB a request that failed fails its transaction, though Firefox tells of its ${end}`, async () => {
    const failure = await assertRejects(() =>
      transact(
        endsWith(end),
        "readwrite",
        () => {},
        () => imitate().IDBKeyRange,
        undefined,
        { begun() {}, stuck() {}, isHeldUp: false },
      ), DOMException);
    assertEquals(failure.name, "QuotaExceededError");
  });
}

Deno.test("IDB a transaction that an engine forgets with its connection is lost, and no endless wait", async () => {
  const db = new EventTarget();
  const transaction = { db, error: null, abort() {} };
  const store = { transaction } as unknown as IDBObjectStore;
  const endings: Promise<void>[] = [];
  const run = (mode: Mode, work: () => void | Promise<void>) =>
    transact(
      (_, callback) => Promise.resolve(callback(store)),
      mode,
      work,
      () => imitate().IDBKeyRange,
      undefined,
      {
        begun: (ended) => endings.push(ended),
        stuck() {},
        isHeldUp: false,
      },
    );
  await run("readonly", () => {});
  const lost = [
    run("readwrite", () => {}),
    run("readonly", () => new Promise<void>(() => {})),
  ];
  db.dispatchEvent(new Event("close"));
  for (const running of lost) {
    const failure = await assertRejects(() => running, DOMException);
    assertEquals(failure.name, "AbortError");
  }
  // Those that have answered end too, or close would wait.
  await Promise.all(endings);
});

Deno.test("IDB-003 a transaction is committed early where nothing of it can fail, and only there", async () => {
  const database = newDatabase();
  await database.run(
    "readwrite",
    (transaction) => transaction.put("one", ["x", 0]),
  );
  const { handle } = database;
  let commits = 0;
  const begin = handle!.transaction.bind(handle);
  handle!.transaction = (...args: Parameters<typeof begin>) => {
    const transaction = begin(...args);
    const commit = transaction.commit.bind(transaction);
    transaction.commit = () => {
      commits++;
      commit();
    };
    return transaction;
  };
  const committed = async (
    work: (transaction: Transaction) => void | Promise<void>,
    mode: Mode = "readwrite",
  ) => {
    commits = 0;
    await database.run(mode, work);
    return commits;
  };
  // A full disk refuses a put, and behind a commit the rest would be stored.
  assertEquals(
    await committed((transaction) => transaction.put("two", ["x", 1])),
    0,
  );
  assertEquals(
    await committed((transaction) => {
      transaction.put("three", ["x", 2]);
      transaction.delete(["x", 0]);
    }),
    0,
  );
  assertEquals(
    await committed((transaction) => transaction.delete(["x", 1])),
    1,
  );
  assertEquals(
    await committed(async (transaction) => {
      transaction.put("four", ["x", 3]);
      await transaction.get(["x", 3]);
      transaction.deleteAll({ lower: ["x", 2], upper: ["x", 2] });
    }),
    1,
  );
  assertEquals(
    await committed(async (transaction) => {
      await transaction.get(["x", 3]);
    }, "readonly"),
    0,
  );
  assertEquals(await keysOf(database), [["x", 3]]);
  await database.close();
});
