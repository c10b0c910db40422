import { assert, assertEquals, assertRejects } from "@std/assert";
import { Batch, type SmallPut } from "../../../backends/indexeddb/batch.ts";
import { Database } from "../../../backends/indexeddb/database.ts";
import { Tree } from "../../../backends/indexeddb/tree.ts";
import {
  contentSpan,
  type FileRecord,
  PACK_BYTES,
} from "../../../backends/indexeddb/records.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  InvalidPathError,
  QuotaExceededError,
} from "../../../mod.ts";
import {
  ANY,
  auditOf,
  fileRecord,
  imitate,
  keysOf,
  losing,
  NEW,
  newDatabase,
  SILENT,
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
  // Of each its node, then the bytes of the last one, and a pack with its count.
  assertEquals((await keysOf(database)).length, 51 + 1 + 2);
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

/** So many that they are packed: `f0`, `f1`, … */
function puts(count = 10): SmallPut[] {
  return Array.from({ length: count }, (_, i) => put(`f${i}`));
}

/** Returns the files that stand at the keys of some puts. */
async function filesAt(
  database: Database,
  puts: readonly SmallPut[],
): Promise<(FileRecord | null)[]> {
  const keys = puts.map(({ record }) => record.key);
  return await database.run("readonly", async (transaction) => {
    const tree = new Tree(transaction);
    await tree.load(keys);
    return keys.map((key) => tree.fileAt(key));
  });
}

/** Requires that every content has its files, and as many as it counts. */
async function assertSound(database: Database): Promise<void> {
  const { orphans, broken } = await auditOf(database);
  assertEquals([...orphans, ...broken], []);
}

Deno.test("IDB a packed file is told as it is stored", async () => {
  const database = newDatabase();
  const batch = new Batch(database, "relaxed");
  const all = puts();
  const stored = await Promise.all(all.map((one) => batch.put(one)));
  assert(stored.every(({ content }) => content.offset !== null));
  assertEquals(await filesAt(database, all), stored);
  await database.close();
});

Deno.test("IDB a refused write leaves no bytes in a pack, and one that is replaced at once is not counted", async () => {
  const database = newDatabase();
  const batch = new Batch(database, "relaxed");
  await batch.put(put("there"));
  const giveUp = AbortSignal.abort(new Error("given up"));
  const outcomes = await Promise.allSettled([
    ...puts(),
    put("there"),
    put("f0/below"),
    put("aborted", { signal: giveUp }),
    put("f1", { condition: ANY, rows: [new Uint8Array([7, 8, 9])] }),
    put("f1"),
  ].map((one) => batch.put(one)));
  assertEquals(
    outcomes.slice(10).map(({ status }) => status),
    ["rejected", "rejected", "rejected", "fulfilled", "rejected"],
  );
  await assertSound(database);
  const [file] = await filesAt(database, [put("f1")]);
  const { id = "", offset = null } = file?.content ?? {};
  assertEquals(offset, 30);
  const [count, row] = await database.run(
    "readonly",
    (transaction) => transaction.getAll<unknown>(contentSpan(id)),
  );
  assertEquals(count, { files: 10, size: 33, gone: [3, 3] });
  assertEquals((row as Uint8Array).length, 33);
  assertEquals([...(row as Uint8Array).slice(30)], [7, 8, 9]);
  await database.close();
});

Deno.test("IDB a pack of which each file was replaced at once is not kept", async () => {
  const database = newDatabase();
  const batch = new Batch(database, "relaxed");
  const quarter = new Uint8Array(PACK_BYTES / 4);
  const large = (key: string) => {
    const one = put(key, { condition: ANY, rows: [quarter] });
    return { ...one, record: { ...one.record, size: quarter.length } };
  };
  const keys = ["a", "b", "c", "d"];
  await Promise.all([...keys, ...keys].map((key) => batch.put(large(key))));
  await assertSound(database);
  assertEquals((await keysOf(database)).length, 4 + 2);
  await database.close();
});

Deno.test("IDB a packed batch whose answer was lost counts as done", async () => {
  const scope = imitate();
  class Twice extends Database {
    override run: Database["run"] = async (mode, work, options) => {
      await super.run(mode, work, options);
      return await super.run(mode, work, options);
    };
  }
  const batch = new Batch(
    new Twice("remote-store", "files", () => scope),
    "relaxed",
  );
  const all = puts();
  const twice = put("f3", { condition: ANY });
  const stored = await Promise.all(
    [...all, twice].map((one) => batch.put(one)),
  );
  const database = newDatabase(scope);
  await assertSound(database);
  stored[3] = stored.pop() ?? fileRecord("f3");
  assertEquals(await filesAt(database, all), stored);
  await database.close();
});

Deno.test("IDB a packed batch that was aborted with its connection is put by the next", async () => {
  const scope = imitate();
  class Second extends Database {
    override run: Database["run"] = async (mode, work, options) => {
      const lost = new Error("lost");
      await assertRejects(
        () =>
          super.run(mode, async (transaction, again) => {
            await work(transaction, again);
            throw lost;
          }, options),
        Error,
        "lost",
      );
      return await super.run(mode, work, options);
    };
  }
  const batch = new Batch(
    new Second("remote-store", "files", () => scope),
    "relaxed",
  );
  const all = puts();
  const stored = await Promise.all(all.map((one) => batch.put(one)));
  const database = newDatabase(scope);
  await assertSound(database);
  assertEquals(await filesAt(database, all), stored);
  await database.close();
});

Deno.test("IDB files whose pack finds no room are each put alone, and told so", async () => {
  const scope = imitate();
  class Full extends Database {
    override run: Database["run"] = (mode, work, options) =>
      super.run(mode, (transaction, again) => {
        const own = transaction.put.bind(transaction);
        let left = 20;
        transaction.put = (value, key) => {
          left -= value instanceof Uint8Array ? value.length : 0;
          if (left < 0) throw new DOMException("", "QuotaExceededError");
          own(value, key);
        };
        return work(transaction, again);
      }, options);
  }
  const batch = new Batch(
    new Full("remote-store", "files", () => scope),
    "relaxed",
  );
  const large = put("large", { rows: [new Uint8Array(21)] });
  const all = puts();
  const refused = assertRejects(() => batch.put(large), QuotaExceededError);
  const stored = await Promise.all(all.map((one) => batch.put(one)));
  await refused;
  assert(stored.every(({ content }) => content.offset === null));
  const database = newDatabase(scope);
  await assertSound(database);
  assertEquals(await filesAt(database, all), stored);
  assertEquals((await keysOf(database)).length, 20);
  await database.close();
});

/** A batch whose next commit is done, but told as lost after something has happened. */
function lossy(meanwhile: (other: Database) => Promise<unknown>) {
  const scope = imitate();
  const other = newDatabase(scope);
  const losses = { left: 0, meanwhile: () => meanwhile(other) };
  const database = newDatabase(losing(scope, losses));
  return {
    batch: new Batch(database, "relaxed"),
    other,
    lose: () => losses.left = 1,
    async close() {
      assert(losses.left < 1, "an answer was lost");
      await database.close();
      await other.close();
    },
  };
}

Deno.test("IDB writes of one file whose answer was lost leave the last of them whole", async () => {
  for (const first of [ANY, NEW]) {
    const { batch, other, lose, close } = lossy(() => Promise.resolve());
    lose();
    const both = [put("a", { condition: first }), put("a", { condition: ANY })];
    const stored = await Promise.all(both.map((one) => batch.put(one)));
    await assertSound(other);
    assertEquals(await filesAt(other, [put("a")]), stored.slice(1));
    await close();
  }
});

Deno.test("IDB a content that another tab moved on before the answer was lost stays one file's", async () => {
  const { batch, other, lose, close } = lossy(async (other) => {
    const [file] = await filesAt(other, [put("a")]);
    await other.run("readwrite", async (transaction) => {
      const tree = new Tree(transaction);
      await tree.load(["a", "b"]);
      tree.remove("a");
      await tree.putFile({ ...file ?? fileRecord("a"), key: "b" });
    });
  });
  lose();
  await batch.put(put("a"));
  await assertSound(other);
  await close();
});

const replace = (other: Database) =>
  new Batch(other, "relaxed").put(put("a", { condition: ANY }));

Deno.test("IDB a write whose answer was lost, and whose file another tab replaced, is known by its neighbors", async () => {
  const { batch, other, lose, close } = lossy(replace);
  lose();
  const outcomes = await Promise.allSettled(
    ["a", "b", "b"].map((key) => batch.put(put(key))),
  );
  assertEquals(
    outcomes.map((one) => one.status === "rejected" ? one.reason.code : "done"),
    ["done", "done", "AlreadyExists"],
  );
  await assertSound(other);
  await close();
});

Deno.test("CAS-001 a write alone whose answer was lost, and whose file another tab replaced, is in doubt and no conflict", async () => {
  const { batch, other, lose, close } = lossy(replace);
  const { etag } = await batch.put(put("b"));
  lose();
  const created = await assertRejects(
    () => batch.put(put("a")),
    BackendUnavailableError,
    "the change may have been made",
  );
  assert(created.cause instanceof AlreadyExistsError);
  // What is refused for certain stays so.
  const ifMatch = { overwrite: true, ifMatch: etag };
  const before = await assertRejects(() => batch.put(put("b")));
  assert(before instanceof AlreadyExistsError);
  lose();
  await batch.put(put("b", { condition: ifMatch }));
  lose();
  await assertRejects(
    () => batch.put(put("b", { condition: ifMatch })),
    Error,
    "its etag is",
  );
  await assertSound(other);
  await close();
});

Deno.test("SIO-005 an abort ends a small write that waits for the database, and no other", async () => {
  const batch = new Batch(newDatabase(SILENT), "relaxed");
  const reason = new Error("given up");
  const giveUp = new AbortController();
  let ended = false;
  void batch.put(put("beside")).finally(() => ended = true);
  const failure = batch.put(put("a", { signal: giveUp.signal }))
    .catch((error) => error);
  await new Promise((resolve) => setTimeout(resolve, 0));
  giveUp.abort(reason);
  assert(await failure === reason);
  assert(!ended);
});

Deno.test("SIO-005 a transaction of which every write was given up changes nothing, and holds up no close", async () => {
  const database = newDatabase(SILENT);
  const batch = new Batch(database, "relaxed");
  const reason = new Error("given up");
  const giveUp = new AbortController();
  const { signal } = giveUp;
  const writes = puts(3).map((one) => batch.put({ ...one, signal }));
  const failures = writes.map((one) => one.catch((error) => error));
  await new Promise((resolve) => setTimeout(resolve, 0));
  giveUp.abort(reason);
  assertEquals(await Promise.all(failures), [reason, reason, reason]);
  await database.close();
});
