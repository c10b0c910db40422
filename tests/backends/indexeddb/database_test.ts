import { assert, assertEquals, assertRejects } from "@std/assert";
import { get } from "idb-keyval";
import { Database } from "../../../backends/indexeddb/database.ts";
import type { IndexedDBScope } from "../../../backends/indexeddb/scope.ts";
import type { Transaction } from "../../../backends/indexeddb/transaction.ts";
import { BackendUnavailableError } from "../../../mod.ts";
import {
  hanging,
  holdStore,
  imitate,
  type Imitation,
  keysOf,
  loseConnection,
  newDatabase,
  SILENT,
} from "./imitation.ts";

const put = (transaction: Transaction) => transaction.put("one", ["x", 0]);

/** Opens a database as somebody else does. */
function openElse(
  { indexedDB }: Imitation,
  version: number,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("remote-store", version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

Deno.test("IDB a lost connection is opened again, and the work done again", async () => {
  const database = newDatabase();
  await database.run("readwrite", put);
  loseConnection(database);
  assertEquals(await keysOf(database), [["x", 0]]);
  let runs = 0;
  await database.run("readwrite", async (transaction) => {
    transaction.put("two", ["x", 1]);
    await transaction.get(["x", 0]);
    // What an engine answers whose connection breaks off.
    if (++runs === 1) throw new DOMException("", "UnknownError");
  });
  assertEquals(runs, 2);
  assertEquals((await keysOf(database)).length, 2);
  await database.close();
});

Deno.test("IDB a connection that is lost again and again is an error", async () => {
  const database = newDatabase();
  await assertRejects(
    () =>
      database.run("readonly", () => {
        throw new DOMException("", "UnknownError");
      }),
    BackendUnavailableError,
  );
  await database.close();
});

Deno.test("IDB another tab's upgrade waits for nobody, and the next call opens again", async () => {
  const scope = imitate();
  const database = newDatabase(scope);
  await database.run("readwrite", put);
  const other = await openElse(scope, 5);
  assertEquals(database.handle, null);
  assertEquals(await keysOf(database), [["x", 0]]);
  other.close();
  await database.close();
});

Deno.test("IDB a database of others gets the object store beside theirs", async () => {
  const scope = imitate();
  (await openElse(scope, 3)).close();
  const database = newDatabase(scope);
  assertEquals(await keysOf(database), []);
  assertEquals(database.handle?.version, 4);
  const second = new Database("remote-store", "second", () => scope);
  assertEquals(await keysOf(second), []);
  await database.run("readwrite", put);
  assertEquals(await keysOf(second), []);
  await database.close();
  await second.close();
});

Deno.test("IDB a tab that keeps an older version open is an error and no endless wait", async () => {
  const scope = imitate();
  const other = await openElse(scope, 3);
  const database = newDatabase(scope);
  await assertRejects(
    () => keysOf(database),
    BackendUnavailableError,
    "another tab keeps",
  );
  // The engine keeps the attempt, and every call behind it waits untold.
  await assertRejects(
    () => keysOf(database),
    BackendUnavailableError,
    "another tab keeps",
  );
  other.close();
  assertEquals(await keysOf(database), []);
  await database.close();
});

Deno.test("IDB a failed open is tried again at the next call", async () => {
  const scope = imitate();
  let fails = true;
  const flaky: IndexedDBScope = {
    ...scope,
    indexedDB: {
      open(name: string, version?: number) {
        if (!fails) return scope.indexedDB.open(name, version);
        throw new DOMException("", "UnknownError");
      },
    },
  };
  const database = newDatabase(flaky);
  await assertRejects(() => keysOf(database), BackendUnavailableError);
  fails = false;
  assertEquals(await keysOf(database), []);
  await database.close();
});

Deno.test("IDB close ends the connection, and a later call opens another", async () => {
  const scope = imitate();
  const database = newDatabase(scope);
  await database.close();
  await database.run("readwrite", put);
  await database.close();
  assertEquals(database.handle, null);
  const gone = scope.indexedDB.deleteDatabase("remote-store");
  await new Promise<void>((resolve, reject) => {
    gone.onsuccess = () => resolve();
    gone.onblocked = () => reject(new Error("still open"));
  });
  assertEquals(await keysOf(database), []);
  await database.close();
});

Deno.test("IDB idb-keyval's own functions work on the same store", async () => {
  const database = newDatabase();
  await database.run("readwrite", put);
  assertEquals(await get(["x", 0], database.useStore("relaxed")), "one");
  await database.close();
});

Deno.test("SIO-005 an abort ends a call that waits for the database", async () => {
  const database = newDatabase(SILENT);
  const reason = new Error("given up");
  const giveUp = new AbortController();
  const call = database.run("readonly", () => {}, { signal: giveUp.signal });
  giveUp.abort(reason);
  assert(await call.catch((error) => error) === reason);
});

Deno.test("IDB calls that lose their connection together share the next one", async () => {
  for (let hops = 0; hops < 24; hops++) {
    const scope = imitate();
    let opened = 0;
    const open = (name: string, version?: number) => {
      opened++;
      return scope.indexedDB.open(name, version);
    };
    const database = newDatabase({ ...scope, indexedDB: { open } });
    const { signal } = new AbortController();
    await keysOf(database);
    const calls = [0, 1, 2, 3].map((i) =>
      database.run("readwrite", async (transaction) => {
        transaction.put("one", ["x", i]);
        await transaction.get(["x", i]);
      }, { signal })
    );
    const all = Promise.all(calls);
    for (let hop = 0; hop < hops; hop++) {
      await (hop < 20
        ? Promise.resolve()
        : new Promise((resolve) => setTimeout(resolve, 0)));
    }
    loseConnection(database);
    await all;
    assert(opened <= 2, `${opened} were opened`);
    await database.close();
  }
});

Deno.test("STORE-013 a connection that was closed while it was opened is none", async () => {
  const database = newDatabase();
  const call = keysOf(database);
  await database.close();
  assertEquals(database.handle, null);
  assertEquals(await call, []);
  assertEquals(database.handle, null);
});

Deno.test("IDB close waits for no opening that nobody waits for", async () => {
  const database = newDatabase(SILENT);
  const giveUp = new AbortController();
  const call = database.run("readonly", () => {}, { signal: giveUp.signal });
  giveUp.abort(new Error("given up"));
  await assertRejects(() => call, Error, "given up");
  await database.close();
});

Deno.test("IDB a database that the browser threw away is told of once, and is there anew", async () => {
  const scope = imitate();
  const open = (name: string, version?: number) => {
    const request = scope.indexedDB.open(name, version);
    // Before the listener of the backend, as Chromium puts it into the event.
    request.addEventListener(
      "upgradeneeded",
      (event) => Object.assign(event, { dataLoss, dataLossMessage: "corrupt" }),
    );
    return request;
  };
  let dataLoss = "total";
  const told: string[] = [];
  const database = new Database(
    "remote-store",
    "files",
    () => ({ ...scope, indexedDB: { open } }),
    (reason) => told.push(reason),
  );
  await database.run("readwrite", put);
  assertEquals(told, ["corrupt"]);
  await database.close();
  assertEquals(await keysOf(database), [["x", 0]]);
  await database.close();
  dataLoss = "none";
  const fresh = new Database(
    "other",
    "files",
    () => ({ ...scope, indexedDB: { open } }),
    (reason) => told.push(reason),
  );
  assertEquals(await keysOf(fresh), []);
  assertEquals(told, ["corrupt"]);
  await fresh.close();
});

Deno.test("IDB-001 a transaction that the engine answers and does not end is an error, and its connection is left", async () => {
  for (const mode of ["readwrite", "readonly"] as const) {
    const hangs = { left: 0 };
    const database = newDatabase(hanging(imitate(), hangs));
    await database.run("readwrite", put);
    const before = database.handle;
    assert(before !== null);
    hangs.left = 1;
    const failure = await assertRejects(
      () => database.run("readwrite", put),
      BackendUnavailableError,
      "does not end it",
    );
    // It has been answered: the record may be there.
    assertEquals(failure.inDoubt, true);
    assertEquals(database.handle, null);
    assertEquals(
      await database.run(mode, (transaction) => transaction.get(["x", 0])),
      "one",
    );
    assert(database.handle !== before);
    await database.close();
  }
});

Deno.test("IDB-001 a request that failed ends its transaction, though the engine does not", async () => {
  const hangs = { left: 0 };
  const database = newDatabase(hanging(imitate(), hangs));
  await database.run("readwrite", put);
  hangs.left = 1;
  const failure = await assertRejects(
    () =>
      database.run("readwrite", async (transaction) => {
        // Not stored: no engine clones a function.
        transaction.put(() => {}, ["x", 1]);
        await transaction.get(["x", 0]);
      }),
    BackendUnavailableError,
    "does not end it",
  );
  assertEquals((failure.cause as Error).name, "DataCloneError");
  await database.close();
});

Deno.test("IDB-001 what one that hangs holds up is an error too, until it is over", async () => {
  const hangs = { left: 0 };
  const scope = hanging(imitate(), hangs);
  const database = newDatabase(scope);
  await database.run("readwrite", put);
  hangs.left = 1;
  await assertRejects(() => database.run("readwrite", put));
  const letGo = await holdStore(scope);
  for (const mode of ["readwrite", "readonly"] as const) {
    await assertRejects(
      () => database.run(mode, (transaction) => transaction.get(["x", 0])),
      BackendUnavailableError,
    );
  }
  await letGo();
  await database.run("readwrite", put);
  await database.close();
});

Deno.test("SIO-005 a tab that holds the database holds up no call that is given up", async () => {
  const scope = hanging(imitate(), { left: 0 });
  const database = newDatabase(scope);
  await database.run("readwrite", put);
  const letGo = await holdStore(scope);
  const giveUp = new AbortController();
  const call = database.run("readwrite", put, { signal: giveUp.signal });
  setTimeout(() => giveUp.abort("given up"), 10);
  assertEquals(await call.catch((reason) => reason), "given up");
  await letGo();
  await database.close();
});

Deno.test("IDB-007 hundreds of calls with one signal add one listener to it and one to the connection", async () => {
  const scope = imitate();
  let onConnection = 0;
  const open = (name: string, version?: number) => {
    const request = scope.indexedDB.open(name, version);
    request.addEventListener("success", () => {
      const db = request.result;
      const add = db.addEventListener.bind(db);
      db.addEventListener = (...args: unknown[]) => {
        onConnection++;
        (add as (...args: unknown[]) => void)(...args);
      };
    });
    return request;
  };
  const database = newDatabase({ ...scope, indexedDB: { open } });
  const { signal } = new AbortController();
  let onSignal = 0;
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (...args: unknown[]) => {
    onSignal++;
    (add as (...args: unknown[]) => void)(...args);
  };
  const read = () =>
    database.run("readonly", (transaction) => transaction.get(["x", 0]), {
      signal,
    });
  await Promise.all(Array.from({ length: 500 }, read));
  await Promise.all(Array.from({ length: 500 }, read));
  assertEquals(onConnection, 1);
  assert(onSignal <= 2, `${onSignal} listeners`);
  await database.close();
});
