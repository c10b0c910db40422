import { assertEquals } from "@std/assert";
import type { Database } from "../../../backends/indexeddb/database.ts";
import {
  Leases,
  type Locks,
  ownLocks,
} from "../../../backends/indexeddb/leases.ts";
import { chunkKey, leaseKey } from "../../../backends/indexeddb/records.ts";
import { keysOf, newDatabase } from "./imitation.ts";

const HOUR_MS = 60 * 60 * 1000;

/** Locks that several tabs share. */
class SharedLocks implements Locks {
  readonly #held = new Set<string>();

  async request<T>(
    name: string,
    options: { readonly ifAvailable?: boolean },
    held: (lock: unknown) => Promise<T>,
  ): Promise<T> {
    if (this.#held.has(name)) {
      assertEquals(options.ifAvailable, true, "an id is held once");
      return await held(null);
    }
    this.#held.add(name);
    try {
      return await held({ name });
    } finally {
      this.#held.delete(name);
    }
  }
}

async function leave(database: Database, id: string, renewed = Date.now()) {
  await database.run("readwrite", (transaction) => {
    transaction.put(renewed, leaseKey(id));
    transaction.put("bytes", chunkKey(id, 0));
  });
}

Deno.test("IDB a sweep takes what nobody holds, and leaves what another tab holds", async () => {
  const database = newDatabase();
  const locks = new SharedLocks();
  const one = new Leases(database, () => locks);
  const two = new Leases(database, () => locks);
  await leave(database, "dead");
  await leave(database, "alive");
  const release = await one.hold("alive");
  assertEquals(await two.sweep(), 1);
  assertEquals((await keysOf(database)).length, 2);
  release();
  await Promise.resolve();
  assertEquals(await two.sweep(), 1);
  assertEquals(await keysOf(database), []);
  await database.close();
});

Deno.test("IDB without locks a sweep takes what was not renewed for an hour", async () => {
  const database = newDatabase();
  const leases = new Leases(database, () => undefined);
  await leave(database, "dead", Date.now() - HOUR_MS - 1);
  await leave(database, "alive", Date.now() - HOUR_MS / 2);
  (await leases.hold("alive"))();
  assertEquals(await leases.sweep(), 1);
  assertEquals(await keysOf(database), [[0, "alive"], ["alive", 0]]);
  await database.close();
});

Deno.test("IDB a content whose file was put is never discarded", async () => {
  const database = newDatabase();
  const leases = new Leases(database, () => undefined);
  await leave(database, "put");
  // What the commit does.
  await database.run(
    "readwrite",
    (transaction) => transaction.delete(leaseKey("put")),
  );
  assertEquals(await leases.discard("put"), false);
  assertEquals(await keysOf(database), [["put", 0]]);
  await database.close();
});

Deno.test("IDB the runtime's own locks hold a name once", async () => {
  const database = newDatabase();
  const leases = new Leases(database, ownLocks);
  await leave(database, "own");
  const release = await leases.hold("own");
  if (ownLocks() !== undefined) assertEquals(await leases.sweep(), 0);
  release();
  await database.close();
});
