import { assert, assertEquals, assertRejects } from "@std/assert";
import * as fake from "fake-indexeddb";
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { chunkKey, leaseKey } from "../../../backends/indexeddb/records.ts";
import type { IndexedDBScope } from "../../../backends/indexeddb/scope.ts";
import { BackendUnavailableError, NotFoundError, Store } from "../../../mod.ts";
import {
  auditOf,
  imitate,
  keysOf,
  losing,
  type Losses,
  newDatabase,
  SILENT,
} from "./imitation.ts";

Deno.test("IDB without IndexedDB the first use says so, and names the runtime", async () => {
  const store = new Store({ backend: new IndexedDBBackend() });
  const error = await assertRejects(
    () => store.write("a.txt", "A"),
    BackendUnavailableError,
  );
  assert(error.message.startsWith('Cannot write "a.txt": this runtime (Deno/'));
  await assertRejects(() => store.ping(), BackendUnavailableError);
  await store.close();
});

Deno.test("IDB two backends on one database see one store", async () => {
  const scope = imitate();
  const one = new Store({ backend: new IndexedDBBackend({ scope }) });
  const two = new Store({ backend: new IndexedDBBackend({ scope }) });
  await one.write("a.txt", "A");
  await two.move("a.txt", "b.txt");
  assertEquals(await one.readText("b.txt"), "A");
  const wins = await Promise.allSettled(
    [one, two, one, two].map((store) => store.write("race", "x")),
  );
  assertEquals(wins.filter(({ status }) => status === "fulfilled").length, 1);
  await one.close();
  await two.close();
});

Deno.test("IDB what a crash has left is swept at the first use", async () => {
  const scope = imitate();
  const database = newDatabase(scope);
  await database.run("readwrite", (transaction) => {
    transaction.put(0, leaseKey("dead"));
    transaction.put("bytes", chunkKey("dead", 0));
  });
  const backend = new IndexedDBBackend({ scope });
  const store = new Store({ backend });
  assertEquals(await store.exists("a"), false);
  await store.close();
  assertEquals(await keysOf(database), []);
  assertEquals(await backend.sweep(), 0);
  await backend.close();
  await database.close();
});

Deno.test("BE-019 copies share their content, and each goes its own way", async () => {
  const scope = imitate();
  const database = newDatabase(scope);
  const store = new Store({
    backend: new IndexedDBBackend({ scope, chunkSize: 4 }),
  });
  await store.write("a", new Uint8Array(1000).fill(1));
  const alone = (await keysOf(database)).length;
  await store.copy("a", "b");
  await store.copy("b", "c/d");
  // Two files, one folder and the count.
  assertEquals((await keysOf(database)).length, alone + 4);
  await store.write("a", "other", { overwrite: true });
  await store.delete("b");
  assertEquals((await store.readBytes("c/d")).length, 1000);
  await store.deleteFolder("c", { recursive: true });
  await store.delete("a");
  assertEquals(await keysOf(database), []);
  await store.close();
  await database.close();
});

Deno.test("BE-018 a source that went in between is NotFound, at the source", async () => {
  const backend = new IndexedDBBackend({ scope: imitate() });
  const request = {
    condition: { overwrite: true, ifMatch: null },
    source: {} as never,
    sourceNamed: false,
    stored: null,
    signal: undefined,
  };
  for (const transfer of ["copy", "move"] as const) {
    const error = await assertRejects(
      () => backend[transfer]("a", "b", request),
      NotFoundError,
    );
    assertEquals(error.path, "a");
  }
  await backend.close();
});

Deno.test("STORE-013 unwrap gives the connection while there is one", async () => {
  const backend = new IndexedDBBackend({ scope: imitate() });
  assertEquals(backend.unwrap(fake.IDBDatabase), null);
  await backend.ping({ signal: undefined });
  assertEquals(backend.unwrap(fake.IDBDatabase)?.name, "remote-store");
  assertEquals(backend.unwrap(Date), null);
  await backend.close();
  assertEquals(backend.unwrap(fake.IDBDatabase), null);
});

Deno.test("RES-010 native paths begin with the names of database and store", () => {
  const backend = new IndexedDBBackend({
    databaseName: "d",
    storeName: "s",
    scope: imitate(),
  });
  assertEquals(backend.nativePath("a/b"), "d/s/a/b");
  assertEquals(backend.nativePath(""), "d/s");
  assertEquals(backend.toKey("d/s/a/b"), "a/b");
  assertEquals(backend.toKey("d/sx/a"), "d/sx/a");
  assertEquals(backend.describe(), { databaseName: "d", storeName: "s" });
});

/** A store whose next change is done, but told as lost after something has happened. */
function lossy(meanwhile?: (other: Store) => Promise<unknown>) {
  const scope = imitate();
  const open = (scope: IndexedDBScope) =>
    new Store({
      backend: new IndexedDBBackend({
        scope,
        chunkSize: 1000,
        representation: "bytes",
      }),
    });
  const other = open(scope);
  const losses: Losses = {
    left: 0,
    meanwhile: async () => await meanwhile?.(other),
  };
  const store = open(losing(scope, losses));
  return {
    store,
    scope,
    other,
    lose: () => losses.left = 1,
    async close() {
      assert(losses.left < 1, "an answer was lost");
      const database = newDatabase(scope);
      const { orphans, broken } = await auditOf(database);
      assertEquals([...orphans, ...broken], []);
      for (const one of [store, other, database]) await one.close();
    },
  };
}

Deno.test("IDB a move, copy or deletion whose answer was lost counts as done", async () => {
  const { store, other, lose, close } = lossy();
  await store.write("a", "A");
  const { etag } = await store.getFileInfo("a");
  lose();
  await store.move("a", "b");
  assertEquals((await other.getFileInfo("b")).etag, etag);
  assertEquals(await other.exists("a"), false);
  lose();
  await store.copy("b", "c");
  assertEquals(await other.readText("c"), "A");
  lose();
  await store.copy("b", "c", { overwrite: true });
  lose();
  await store.delete("b");
  assertEquals(await other.exists("b"), false);
  lose();
  await assertRejects(() => store.delete("b"), NotFoundError);
  lose();
  await store.delete("c");
  await close();
});

Deno.test("IDB what is refused after a lost answer is in doubt, and names the refusal", async () => {
  const { store, lose, close } = lossy(async (other) => {
    await other.write("b", "theirs", { overwrite: true });
  });
  await store.write("a", "A");
  lose();
  const error = await assertRejects(
    () => store.move("a", "b"),
    BackendUnavailableError,
    'Cannot move "a": the answer was lost',
  );
  assertEquals(error.path, "a");
  assert(error.cause instanceof NotFoundError);
  await close();
});

Deno.test("IDB an upload whose answer was lost counts as done, though another tab replaced its file", async () => {
  for (const overwrite of [true, false]) {
    const { store, other, scope, lose, close } = lossy((other) =>
      other.write("a", "theirs", { overwrite: true })
    );
    const database = newDatabase(scope);
    let chunks = 0;
    const content = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (chunks++ < 8) return controller.enqueue(new Uint8Array(1000));
        // All but the commit has been stored: eight rows, and their lease.
        while ((await keysOf(database)).length < 9);
        lose();
        controller.close();
      },
    }, { highWaterMark: 0 });
    const { size } = await store.write("a", content, { overwrite });
    assertEquals(size, 8000);
    assertEquals(await other.readText("a"), "theirs");
    await close();
    await database.close();
  }
});

Deno.test("IDB a database that never opens holds up no close once its calls are given up", async () => {
  const store = new Store({ backend: new IndexedDBBackend({ scope: SILENT }) });
  const giveUp = new AbortController();
  const { signal } = giveUp;
  const calls = [
    store.exists("a", { signal }),
    store.write("a", "A", { signal }),
    store.write("a", new Blob(["A"]), { signal }),
    store.delete("a", { signal }),
  ].map((call) => call.catch((error) => error));
  const reason = new Error("given up");
  await new Promise((resolve) => setTimeout(resolve, 0));
  giveUp.abort(reason);
  for (const failure of await Promise.all(calls)) assert(failure === reason);
  await store.close();
});
