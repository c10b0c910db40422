import { assert, assertEquals, assertRejects } from "@std/assert";
import { Packs } from "../../../backends/indexeddb/packs.ts";
import {
  chunkKey,
  nodeKey,
  type NodeRow,
  PACK_BYTES,
  sharesKey,
  toNode,
} from "../../../backends/indexeddb/records.ts";
import { NotFoundError, PreconditionFailedError } from "../../../mod.ts";
import { seeded } from "../../runtimes/seeded.ts";
import { auditOf, keysOf, newDatabase } from "./imitation.ts";
import { type Bytes, content, open, writeAll, writePack } from "./packed.ts";

Deno.test("IDB a pack is one record and its count, and no larger than it may be", async () => {
  const database = newDatabase();
  const size = PACK_BYTES / 2;
  const contents = await database.run("readwrite", (transaction) => {
    const packs = new Packs(transaction);
    packs.flush();
    const contents = [size, size, 1].map((size, i) =>
      packs.add(content(size, i))
    );
    packs.flush();
    packs.flush();
    return contents;
  });
  const ids = contents.map(({ id }) => id);
  assert(ids[0] === ids[1] && ids[1] !== ids[2]);
  assertEquals(contents.map(({ offset }) => offset), [0, size, 0]);
  const [pack, count, rest] = await database.run(
    "readonly",
    (transaction) =>
      Promise.all([
        transaction.get<Bytes>(chunkKey(ids[0] ?? "", 0)),
        transaction.get(sharesKey(ids[0] ?? "")),
        transaction.get<Bytes>(chunkKey(ids[2] ?? "", 0)),
      ]),
  );
  assertEquals(count, { files: 2, size: PACK_BYTES });
  assertEquals(
    pack,
    new Uint8Array([...content(size, 0), ...content(size, 1)]),
  );
  assertEquals(rest, content(1, 2));
  assertEquals((await keysOf(database)).length, 4);
  await database.close();
});

Deno.test("IDB 500 small files take a node each and 32 packs", async () => {
  await using opened = open();
  const { store, database } = opened;
  const files = Array.from(
    { length: 500 },
    (_, i) => [`f${i}`, content(1024, i)] as const,
  );
  await writeAll(store, files);
  assertEquals((await keysOf(database)).length, 500 + 2 * 32);
  const read = await Promise.all(files.map(([path]) => store.readBytes(path)));
  assertEquals(read, files.map(([, bytes]) => bytes));
});

Deno.test("IDB what is large, empty or alone stays out of the packs", async () => {
  await using opened = open();
  const { store, database } = opened;
  await writePack(store, 7);
  const alone = 7 * 2 + 1;
  assertEquals((await keysOf(database)).length, alone);
  const files = Array.from(
    { length: 8 },
    (_, i) => [`small${i}`, content(4096, i)] as const,
  );
  await writeAll(store, [
    ["empty", content(0, 0)],
    ["large", content(4097, 0)],
    ["rows", content(8193, 0)],
    ...files,
  ]);
  const [empty, large, rows, small] = [1, 2, 3, 8 + 2 * 2];
  assertEquals(
    (await keysOf(database)).length,
    alone + empty + large + rows + small,
  );
  assertEquals((await store.readBytes("empty")).length, 0);
  assertEquals((await store.readBytes("large")).length, 4097);
});

Deno.test("WR-001a each packed file has an etag of its own, which is the one that is told", async () => {
  await using opened = open();
  const { store } = opened;
  const results = await Promise.all(
    Array.from({ length: 40 }, (_, i) => store.write(`${i}`, content(999, i))),
  );
  assertEquals(new Set(results.map(({ etag }) => etag)).size, 40);
  for (const [i, { etag }] of results.entries()) {
    assertEquals((await store.getFileInfo(`${i}`)).etag, etag);
  }
  const { etag: of7 } = results[7] ?? {};
  const { etag: of8 } = results[8] ?? {};
  await assertRejects(
    () => store.write("8", "other", { ifMatch: of7 ?? "" }),
    PreconditionFailedError,
  );
  await store.write("8", "other", { ifMatch: of8 ?? "" });
  assertEquals(await store.readText("8"), "other");
});

Deno.test("SEEK-001 every range of a packed file is exact, and no neighbor shows", async () => {
  await using opened = open();
  const { store } = opened;
  await writePack(store);
  for (const i of [0, 1, 9]) {
    const bytes = content(100 + i, i);
    const size = bytes.length;
    assertEquals((await store.getFileInfo(`p/${i}`)).size, size);
    for (const offset of [0, 1, size - 1, size, size + 1]) {
      for (const length of [0, 1, 50, size, 20_000]) {
        const part = await store.readBytes(`p/${i}`, {
          range: { offset, length },
        });
        assertEquals(part, bytes.slice(offset, offset + length));
        assertEquals(part.buffer.byteLength, part.byteLength);
      }
      const suffix = await store.readBytes(`p/${i}`, {
        range: { suffix: offset },
      });
      assertEquals(
        suffix,
        offset === 0 ? bytes.slice(size) : bytes.slice(-offset),
      );
      assertEquals(suffix.buffer.byteLength, suffix.byteLength);
    }
  }
});

Deno.test("MEM-010 a stream of a packed file outlives the file and its pack", async () => {
  await using opened = open();
  const { store, database } = opened;
  await writePack(store);
  const overwritten = await store.read("p/3");
  const deleted = await store.read("p/4");
  await store.write("p/3", "other", { overwrite: true });
  await store.deleteFolder("p", { recursive: true });
  assertEquals(await keysOf(database), []);
  for (const [stream, i] of [[overwritten, 3], [deleted, 4]] as const) {
    const { value } = await stream.getReader().read();
    assertEquals(value, content(100 + i, i));
    // MEM-011: not a view of the pack, which would show its neighbors.
    assertEquals(value?.buffer.byteLength, value?.byteLength);
  }
});

Deno.test("IDB a pack goes with the last of its files, however that goes", async () => {
  await using opened = open();
  const { store, database } = opened;
  await writePack(store, 8);
  await store.copy("p/0", "copies/0");
  await store.copy("copies/0", "p/1", { overwrite: true });
  await store.move("p/2", "moved");
  await store.move("p/3", "p/4", { overwrite: true });
  await store.write("p/5", "other", { overwrite: true });
  await store.delete("p/6");
  const { orphans, broken } = await auditOf(database);
  assertEquals([...orphans, ...broken], []);
  for (
    const [path, i] of [
      ["p/0", 0],
      ["copies/0", 0],
      ["p/1", 0],
      ["moved", 2],
      ["p/4", 3],
      ["p/7", 7],
    ] as const
  ) assertEquals(await store.readBytes(path), content(100 + i, i));
  const infos = await Promise.all(
    ["p/0", "copies/0", "p/1"].map((path) => store.getFileInfo(path)),
  );
  assertEquals(new Set(infos.map(({ etag }) => etag)).size, 3);
  await store.deleteFolder("p", { recursive: true });
  assertEquals(await store.readBytes("moved"), content(102, 2));
  await store.delete("moved");
  assertEquals(await store.readBytes("copies/0"), content(100, 0));
  await store.deleteFolder("copies", { recursive: true });
  assertEquals(await keysOf(database), []);
});

Deno.test("IDB a pack is overwritten by another pack, and goes", async () => {
  await using opened = open();
  const { store, database } = opened;
  await writePack(store);
  const before = await keysOf(database);
  await writePack(store);
  const after = await keysOf(database);
  assertEquals(after.length, before.length);
  assert(JSON.stringify(after) !== JSON.stringify(before));
});

Deno.test("IDB sweeping leaves packs alone", async () => {
  await using opened = open();
  const { store, backend, database } = opened;
  await writePack(store);
  const before = await keysOf(database);
  assertEquals(await backend.sweep(), 0);
  assertEquals(await keysOf(database), before);
});

Deno.test("IDB a file whose pack was lost is an error and never other bytes", async () => {
  const { store, database } = open();
  await writePack(store);
  const row = await database.run(
    "readonly",
    (transaction) => transaction.get<NodeRow>(nodeKey("p/3")),
  );
  const node = toNode(row ?? ["p/3"]);
  assert(node.kind === "file" && node.content.offset === 100 + 101 + 102);
  const { id } = node.content;
  await database.run("readwrite", (transaction) => {
    transaction.delete(chunkKey(id, 0));
    transaction.delete(sharesKey(id));
  });
  await assertRejects(() => store.readBytes("p/3"), Error, "lost");
  assertEquals((await auditOf(database)).broken.length, 11);
  await store.close();
  await database.close();
});

Deno.test("IDB whatever is done to packed files, each has its content and each pack its count", async () => {
  await using opened = open();
  const { store, database } = opened;
  const random = seeded(20_261_127);
  const model = new Map<string, Bytes>();
  const anyPath = () => `${"abc"[random(3)]}/${random(12)}`;
  const anyFile = () => [...model.keys()][random(model.size)];
  const steps: (() => Promise<void>)[] = [
    async () => {
      // Some of them twice, in their order.
      const files = Array.from(
        { length: 4 + random(40) },
        (_, i) => [anyPath(), content(random(1500), i + random(99))] as const,
      );
      await writeAll(store, files);
      for (const [path, bytes] of files) model.set(path, bytes);
    },
    async () => {
      // Those that are there are refused.
      const files = Array.from(
        { length: 12 },
        (_, i) => [anyPath(), content(random(1500), i)] as const,
      );
      await Promise.allSettled(
        files.map(([path, bytes]) => store.write(path, bytes)),
      );
      for (const [path, bytes] of files) {
        if (!model.has(path)) model.set(path, bytes);
      }
    },
    async () => {
      const path = anyPath();
      const bytes = content(random(9000), random(99));
      await store.write(path, bytes, { overwrite: true });
      model.set(path, bytes);
    },
    async () => {
      const path = anyFile();
      if (path === undefined) return;
      await store.delete(path);
      model.delete(path);
    },
    async () => {
      const paths = new Set(Array.from({ length: 6 }, anyFile));
      await Promise.all(
        [...paths].map((path) =>
          path === undefined ? undefined : store.delete(path)
        ),
      );
      for (const path of paths) model.delete(path ?? "");
    },
    ...(["move", "copy"] as const).map((transfer) => async () => {
      const from = anyFile();
      const to = anyPath();
      if (from === undefined || from === to) return;
      await store[transfer](from, to, { overwrite: true });
      model.set(to, model.get(from) ?? content(0, 0));
      if (transfer === "move") model.delete(from);
    }),
    async () => {
      if (random(4) > 0) return;
      const folder = "abc"[random(3)];
      await store.deleteFolder(folder ?? "a", { recursive: true })
        .catch((error) => assert(error instanceof NotFoundError));
      for (const path of [...model.keys()]) {
        if (path.startsWith(`${folder}/`)) model.delete(path);
      }
    },
  ];
  for (let step = 0; step < 80; step++) {
    await steps[random(steps.length)]?.();
    const { orphans, broken } = await auditOf(database);
    assertEquals([...orphans, ...broken], [], `step ${step}`);
    const paths = [...model.keys()];
    const found = await Promise.all(paths.map((path) => store.readBytes(path)));
    for (const [i, path] of paths.entries()) {
      assertEquals(found[i], model.get(path), `step ${step}, ${path}`);
    }
  }
  for (const folder of "abc") {
    await store.deleteFolder(folder, { recursive: true, missingOk: true });
  }
  assertEquals(await keysOf(database), []);
});
