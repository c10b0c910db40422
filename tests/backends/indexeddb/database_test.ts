import { assert, assertEquals, assertRejects } from "@std/assert";
import { get } from "idb-keyval";
import { Database } from "../../../backends/indexeddb/database.ts";
import type { IndexedDBScope } from "../../../backends/indexeddb/scope.ts";
import type { Transaction } from "../../../backends/indexeddb/transaction.ts";
import { BackendUnavailableError } from "../../../mod.ts";
import {
  imitate,
  type Imitation,
  keysOf,
  loseConnection,
  newDatabase,
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
  const silent: IndexedDBScope = {
    ...imitate(),
    indexedDB: { open: () => ({}) },
  };
  const database = newDatabase(silent);
  const reason = new Error("given up");
  const giveUp = new AbortController();
  const call = database.run("readonly", () => {}, { signal: giveUp.signal });
  giveUp.abort(reason);
  assert(await call.catch((error) => error) === reason);
});
