import { assert, assertEquals, assertRejects } from "@std/assert";
import { Batch, type SmallPut } from "../../../backends/indexeddb/batch.ts";
import { Database } from "../../../backends/indexeddb/database.ts";
import { AlreadyExistsError, InvalidPathError } from "../../../mod.ts";
import {
  ANY,
  fileRecord,
  imitate,
  keysOf,
  NEW,
  newDatabase,
} from "./imitation.ts";

function put(key: string, fields: Partial<SmallPut> = {}): SmallPut {
  const record = fileRecord(key);
  return {
    record: {
      ...record,
      content: { ...record.content, id: crypto.randomUUID() },
    },
    rows: [new Uint8Array([1, 2, 3])],
    condition: NEW,
    signal: undefined,
    ...fields,
  };
}

/** Counts its transactions. */
class Counting extends Database {
  count = 0;
  override run: Database["run"] = (...args) => {
    this.count++;
    return super.run(...args);
  };
}

Deno.test("IDB writes of one microtask share a transaction", async () => {
  const scope = imitate();
  const database = new Counting("remote-store", "files", () => scope);
  const batch = new Batch(database, "relaxed");
  await Promise.all(
    Array.from({ length: 50 }, (_, i) => batch.put(put(`${i}`))),
  );
  assertEquals(database.count, 1);
  await batch.put(put("later"));
  assertEquals(database.count, 2);
  assertEquals((await keysOf(database)).length, 102);
  await database.close();
});

Deno.test("IDB a transaction takes no more bytes than other tabs can wait for", async () => {
  const scope = imitate();
  const database = new Counting("remote-store", "files", () => scope);
  const batch = new Batch(database, "relaxed");
  const large = (i: number) => {
    const one = put(`${i}`);
    return { ...one, record: { ...one.record, size: 5 * 1024 * 1024 } };
  };
  await Promise.all([0, 1, 2, 3].map((i) => batch.put(large(i))));
  assertEquals(database.count, 2);
  await database.close();
});

Deno.test("IDB each write of a transaction is refused for itself, and sees those before it", async () => {
  const database = newDatabase();
  const batch = new Batch(database, "relaxed");
  const giveUp = AbortSignal.abort(new Error("given up"));
  const outcomes = await Promise.allSettled([
    batch.put(put("a")),
    batch.put(put("a")),
    batch.put(put("a", { condition: ANY })),
    batch.put(put("a/b")),
    batch.put(put("c", { signal: giveUp })),
    batch.put(put("d", { rows: [] })),
  ]);
  const errors = outcomes.map((one) =>
    one.status === "rejected" ? one.reason : null
  );
  assertEquals(errors.map((error) => error?.constructor ?? null), [
    null,
    AlreadyExistsError,
    null,
    InvalidPathError,
    Error,
    null,
  ]);
  // Two nodes and the bytes of one: the replaced content went with its file.
  assertEquals((await keysOf(database)).length, 3);
  await database.close();
});

Deno.test("IDB a write that cannot be stored fails no other", async () => {
  const database = newDatabase();
  const batch = new Batch(database, "relaxed");
  // A function cannot be cloned.
  const bad = put("bad", { rows: [(() => {}) as never] });
  const good = batch.put(put("good"));
  await assertRejects(() => batch.put(bad), DOMException);
  await good;
  assert((await keysOf(database)).length === 2);
  await database.close();
});
