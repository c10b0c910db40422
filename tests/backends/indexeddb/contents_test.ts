import { assertEquals } from "@std/assert";
import { release, share } from "../../../backends/indexeddb/contents.ts";
import {
  chunkKey,
  type Content,
  sharesKey,
} from "../../../backends/indexeddb/records.ts";
import { keysOf, newDatabase } from "./imitation.ts";

const OWN = {
  id: "c",
  chunkSize: 4,
  blobs: false,
  shared: false,
  offset: null,
};

const file = (content: Content) => ({ size: 3, content });

Deno.test("IDB a content goes with its only file", async () => {
  const database = newDatabase();
  await database.run("readwrite", async (transaction) => {
    transaction.put("bytes", chunkKey("c", 0));
    transaction.put("bytes", chunkKey("d", 0));
    await release(transaction, [file(OWN)]);
  });
  assertEquals(await keysOf(database), [["d", 0]]);
  await database.close();
});

Deno.test("IDB a shared content goes with the last of its files", async () => {
  const database = newDatabase();
  await database.run("readwrite", async (transaction) => {
    transaction.put("bytes", chunkKey("c", 0));
    const shared = await share(transaction, OWN);
    assertEquals(shared, { ...OWN, shared: true });
    assertEquals(await share(transaction, shared), shared);
    await release(transaction, [file(shared)]);
    await release(transaction, [file(shared)]);
  });
  assertEquals((await keysOf(database)).length, 2);
  await database.run(
    "readwrite",
    (transaction) => release(transaction, [file({ ...OWN, shared: true })]),
  );
  assertEquals(await keysOf(database), []);
  await database.close();
});

Deno.test("IDB files that go together are each counted", async () => {
  const database = newDatabase();
  const one = { ...OWN, id: "one", shared: true };
  const two = { ...OWN, id: "two", shared: true };
  await database.run("readwrite", (transaction) => {
    for (const { id } of [one, two, OWN]) {
      transaction.put("bytes", chunkKey(id, 0));
    }
    transaction.put(3, sharesKey("one"));
    transaction.put(2, sharesKey("two"));
    return release(transaction, [one, two, OWN, one, two].map(file));
  });
  const left = await database.run(
    "readonly",
    (transaction) => transaction.get(sharesKey("one")),
  );
  assertEquals(left, 1);
  assertEquals(await keysOf(database), [["one"], ["one", 0]]);
  await database.close();
});
