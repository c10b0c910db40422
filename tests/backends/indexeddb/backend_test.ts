import { assert, assertEquals, assertRejects } from "@std/assert";
import * as fake from "fake-indexeddb";
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import { chunkKey, leaseKey } from "../../../backends/indexeddb/records.ts";
import { BackendUnavailableError, NotFoundError, Store } from "../../../mod.ts";
import { imitate, keysOf, newDatabase } from "./imitation.ts";

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
