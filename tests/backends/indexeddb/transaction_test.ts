import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Transaction } from "../../../backends/indexeddb/transaction.ts";
import { keysOf, newDatabase } from "./imitation.ts";

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
