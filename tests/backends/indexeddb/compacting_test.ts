import { assert, assertEquals } from "@std/assert";
import type { Database } from "../../../backends/indexeddb/database.ts";
import type { CompactRow } from "../../../backends/indexeddb/records.ts";
import type { Store } from "../../../mod.ts";
import { seeded } from "../../runtimes/seeded.ts";
import { auditOf, keysOf } from "./imitation.ts";
import { content, open, writeAll, writePack } from "./packed.ts";

/** How many bytes the packs of a database have. */
async function packBytes(database: Database): Promise<number> {
  const span = { lower: [""], upper: [[]] };
  const rows = await database.run(
    "readonly",
    (transaction) => transaction.getAll<unknown>(span),
  );
  return rows.reduce<number>(
    (sum, row) =>
      row instanceof Uint8Array
        ? sum + row.byteLength
        : typeof row === "object" && row !== null && "bytes" in row
        ? sum + (row as CompactRow).bytes.byteLength
        : sum,
    0,
  );
}

Deno.test("IDB-006 a pack takes at most twice what its files need, however they go", async () => {
  const ways = [
    (store: Store, path: string) => store.delete(path),
    (store: Store, path: string) => store.write(path, "", { overwrite: true }),
    (store: Store, path: string) =>
      store.move("empty", path, { overwrite: true })
        .then(() => store.write("empty", "")),
  ];
  for (const [number, go] of ways.entries()) {
    await using opened = open();
    const { store, database } = opened;
    const random = seeded(number);
    const sizes = Array.from({ length: 60 }, () => 1 + random(2000));
    await writeAll(store, [
      ["empty", content(0, 0)],
      ...sizes.map((size, i) => [`p/${i}`, content(size, i)] as const),
    ]);
    const left = new Set(sizes.keys());
    while (left.size > 1) {
      const i = [...left][random(left.size)]!;
      await go(store, `p/${i}`);
      left.delete(i);
      let needed = 0;
      for (const i of left) needed += sizes[i]!;
      const taken = await packBytes(database);
      assert(taken <= 2 * needed, `${taken} bytes for ${needed}`);
      const { orphans, broken } = await auditOf(database);
      assertEquals([...orphans, ...broken], []);
    }
    for (const i of left) {
      const bytes = content(sizes[i]!, i);
      assertEquals(await store.readBytes(`p/${i}`), bytes);
      const range = { offset: 1, length: 5 };
      assertEquals(
        await store.readBytes(`p/${i}`, { range }),
        bytes.slice(1, 6),
      );
    }
  }
});

Deno.test("IDB-006 a compacted pack keeps what copies share, and its etags", async () => {
  await using opened = open();
  const { store, database } = opened;
  await writePack(store);
  const { etag } = await store.getFileInfo("p/5");
  await store.copy("p/5", "copy/a");
  await store.copy("copy/a", "copy/b");
  await store.copy("p/2", "copy/c");
  await store.delete("p/2");
  const gone = [0, 1, 3, 4, 6, 7, 8, 9].map((i) => `p/${i}`);
  assertEquals((await store.deleteMany(gone)).size, 0);
  assertEquals(await packBytes(database), 105 + 102);
  assertEquals((await store.getFileInfo("p/5")).etag, etag);
  await store.delete("p/5");
  await store.delete("copy/a");
  assertEquals(await store.readBytes("copy/b"), content(105, 5));
  assertEquals(await store.readBytes("copy/c"), content(102, 2));
  await store.delete("copy/b");
  // Half of it: that is not more than half.
  assertEquals(await store.readBytes("copy/c"), content(102, 2));
  assertEquals(await packBytes(database), 102);
});

Deno.test("IDB-006 a stream that was begun before a compaction goes on", async () => {
  await using opened = open();
  const { store } = opened;
  await writePack(store);
  const stream = await store.read("p/9");
  await store.deleteMany(
    Array.from({ length: 9 }, (_, i) => `p/${i}`),
  );
  assertEquals(await new Response(stream).bytes(), content(109, 9));
});

Deno.test("IDB-006 a pack has no more files than may be noted as gone", async () => {
  await using opened = open();
  const { store, database } = opened;
  const files = Array.from(
    { length: 600 },
    (_, i) => [`${i}`, content(1, i)] as const,
  );
  await writeAll(store, files);
  assertEquals((await keysOf(database)).length, 600 + 2 * 3);
  // From the one end to the other, and what is between.
  for (let i = 0; i < 600; i += 3) await store.delete(`${i}`);
  for (const [path, bytes] of files) {
    if (Number(path) % 3 === 0) continue;
    assertEquals(await store.readBytes(path), bytes);
  }
});
