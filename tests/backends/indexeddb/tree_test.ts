import { assertEquals } from "@std/assert";
import { nodeKey, toNodeRow } from "../../../backends/indexeddb/records.ts";
import { Tree } from "../../../backends/indexeddb/tree.ts";
import type { Transaction } from "../../../backends/indexeddb/transaction.ts";
import { fileRecord, keysOf, newDatabase } from "./imitation.ts";

async function within<T>(
  work: (tree: Tree, transaction: Transaction) => Promise<T>,
): Promise<T> {
  const database = newDatabase();
  try {
    return await database.run(
      "readwrite",
      (transaction) => work(new Tree(transaction), transaction),
    );
  } finally {
    await database.close();
  }
}

Deno.test("BE-009 a file is put with the folders above it", async () => {
  const database = newDatabase();
  await database.run("readwrite", async (transaction) => {
    const tree = new Tree(transaction);
    await tree.load(["a/b/c.txt"]);
    await tree.putFile(fileRecord("a/b/c.txt"));
    await tree.load(["a/d.txt"]);
    await tree.putFile(fileRecord("a/d.txt"));
  });
  assertEquals(
    await keysOf(database),
    ["a", "a/b", "a/d.txt", "a/b/c.txt"].map(nodeKey),
  );
  await database.close();
});

Deno.test("ID-209 what lies below a file is blocked by it, however deep", async () => {
  await within(async (tree, transaction) => {
    transaction.put(toNodeRow(fileRecord("a/f")), nodeKey("a/f"));
    transaction.put(["a"], nodeKey("a"));
    const rows = [["a/f/x", "a/f"], ["a/f/x/y/z", "a/f"]] as const;
    for (const [key, by] of rows) {
      assertEquals(await tree.find(key), { kind: "blocked", by });
    }
    assertEquals(await tree.find("a/x/y"), null);
    assertEquals((await tree.find("a"))?.kind, "folder");
    assertEquals((await tree.find(""))?.kind, "folder");
    assertEquals((await tree.find("a/f"))?.kind, "file");
  });
});

Deno.test("IDB many keys are looked up together, those that exist and those that do not", async () => {
  await within(async (tree, transaction) => {
    const name = (i: number) => `d/${String(i).padStart(3, "0")}`;
    // More between the least and the greatest than one request tells of.
    for (let i = 0; i < 200; i += 2) {
      transaction.put(toNodeRow(fileRecord(name(i))), nodeKey(name(i)));
    }
    const wanted = Array.from({ length: 25 }, (_, i) => name(i * 7));
    await tree.load(wanted);
    for (const [i, key] of wanted.entries()) {
      assertEquals(tree.fileAt(key) !== null, i % 2 === 0, key);
      assertEquals(tree.entryAt(key)?.kind, i % 2 === 0 ? "file" : undefined);
    }
  });
});

Deno.test("IDB a file that is replaced or removed is seen so at once", async () => {
  await within(async (tree) => {
    await tree.load(["a"]);
    await tree.putFile(fileRecord("a"));
    assertEquals(tree.fileAt("a")?.size, 3);
    tree.amend(fileRecord("a", { size: 4 }));
    assertEquals(tree.fileAt("a")?.size, 4);
    tree.remove("a");
    assertEquals(tree.entryAt("a"), null);
  });
});
