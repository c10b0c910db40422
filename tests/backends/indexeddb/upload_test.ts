import { assertEquals, assertRejects } from "@std/assert";
import { Database } from "../../../backends/indexeddb/database.ts";
import { Leases } from "../../../backends/indexeddb/leases.ts";
import { type Parts, partsOfBytes } from "../../../backends/indexeddb/parts.ts";
import { leaseKey } from "../../../backends/indexeddb/records.ts";
import { Upload } from "../../../backends/indexeddb/upload.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  QuotaExceededError,
} from "../../../mod.ts";
import {
  ANY,
  fileRecord,
  imitate,
  keysOf,
  loseConnection,
  NEW,
  newDatabase,
} from "./imitation.ts";

const CONTENT = {
  id: "u",
  chunkSize: 4,
  blobs: false,
  shared: false,
  offset: null,
};

function upload(
  database: Database,
  parts: Parts = partsOfBytes(new Uint8Array(40), 16),
  condition = NEW,
  signal?: AbortSignal,
) {
  const leases = new Leases(database, () => undefined);
  return new Upload(database, leases, CONTENT, signal).run(
    [],
    parts,
    (size) => fileRecord("a", { size, content: CONTENT }),
    condition,
    "relaxed",
  );
}

/** Parts, with something that happens before one of them. */
function meanwhile(at: number, happens: () => unknown): Parts {
  const parts = partsOfBytes(new Uint8Array(64), 16);
  let count = 0;
  return {
    async next() {
      if (count++ === at) await happens();
      return await parts.next();
    },
  };
}

Deno.test("IDB an upload is seen when all of it is there, and its lease is gone", async () => {
  const database = newDatabase();
  let keys: unknown[] = [];
  const record = await upload(
    database,
    meanwhile(4, async () => keys = await keysOf(database)),
  );
  assertEquals(record.size, 64);
  assertEquals(keys.filter((key) => (key as unknown[])[0] === 1), []);
  assertEquals((await keysOf(database)).length, 17);
  await database.close();
});

Deno.test("AW-004 an upload that fails takes its parts away", async () => {
  const failure = new Error("of the source");
  const rows: [parts: Parts, wanted: unknown][] = [
    [meanwhile(0, () => Promise.reject(failure)), failure],
    [meanwhile(3, () => Promise.reject(failure)), failure],
  ];
  for (const [parts, wanted] of rows) {
    const database = newDatabase();
    assertEquals(await upload(database, parts).catch((e) => e), wanted);
    assertEquals(await keysOf(database), []);
    await database.close();
  }
});

Deno.test("SIO-005 an upload that is aborted takes its parts away", async () => {
  const database = newDatabase();
  const giveUp = new AbortController();
  const reason = new Error("given up");
  const parts = meanwhile(2, () => giveUp.abort(reason));
  const error = await upload(database, parts, NEW, giveUp.signal).catch((e) =>
    e
  );
  assertEquals(error, reason);
  assertEquals(await keysOf(database), []);
  await database.close();
});

Deno.test("AW-003 what came in between is seen by the commit", async () => {
  const database = newDatabase();
  await upload(database, meanwhile(9, () => {}), ANY);
  const before = await keysOf(database);
  const other = new Upload(
    database,
    new Leases(database, () => undefined),
    { ...CONTENT, id: "v" },
    undefined,
  );
  await assertRejects(
    () =>
      other.run(
        [],
        partsOfBytes(new Uint8Array(20), 16),
        (size) => fileRecord("a", { size, content: { ...CONTENT, id: "v" } }),
        NEW,
        "relaxed",
      ),
    AlreadyExistsError,
  );
  assertEquals(await keysOf(database), before);
  await database.close();
});

Deno.test("IDB an upload whose parts were swept is an error and never a broken file", async () => {
  const database = newDatabase();
  const parts = meanwhile(
    4,
    () => database.run("readwrite", (t) => t.delete(leaseKey("u"))),
  );
  await assertRejects(() => upload(database, parts), BackendUnavailableError);
  const nodes = (await keysOf(database)).filter((key) =>
    typeof (key as unknown[])[0] === "number"
  );
  assertEquals(nodes, []);
  await database.close();
});

Deno.test("IDB parts that an engine did not keep are an error and never a broken file", async () => {
  const database = newDatabase();
  const parts = meanwhile(
    4,
    () => database.run("readwrite", (t) => t.delete(["u", 2])),
  );
  await assertRejects(
    () => upload(database, parts),
    BackendUnavailableError,
    "kept 15 of 16 parts",
  );
  assertEquals(await keysOf(database), []);
  await database.close();
});

Deno.test("IDB a commit whose answer was lost counts as done", async () => {
  const database = newDatabase();
  await upload(database);
  const before = await keysOf(database);
  // The same commit once more, as after a lost connection.
  const leases = new Leases(database, () => undefined);
  const again = new Upload(database, leases, CONTENT, undefined);
  const record = fileRecord("a", { content: CONTENT });
  await again.run(
    [],
    partsOfBytes(new Uint8Array(0), 4),
    () => record,
    NEW,
    "relaxed",
  );
  assertEquals(await keysOf(database), before);
  await database.close();
});

Deno.test("IDB a full store in mid-stream is a QuotaExceededError, and its parts are gone", async () => {
  const scope = imitate();
  class Full extends Database {
    #left = 3;
    override run: Database["run"] = (mode, work, options) =>
      super.run(mode, (transaction, again) => {
        const own = transaction.put.bind(transaction);
        transaction.put = (value, key) => {
          if (this.#left-- <= 0) {
            throw new DOMException("", "QuotaExceededError");
          }
          own(value, key);
        };
        return work(transaction, again);
      }, options);
  }
  const database = new Full("remote-store", "files", () => scope);
  await assertRejects(() => upload(database), QuotaExceededError);
  assertEquals(await keysOf(database), []);
  await database.close();
});

Deno.test("IDB an upload whose parts were swept while its tab was frozen is an error, and leaves nothing", async () => {
  const HOUR_MS = 60 * 60 * 1000;
  const database = newDatabase();
  const leases = new Leases(database, () => undefined);
  let swept = 0;
  const parts = meanwhile(3, async () => {
    await database.run(
      "readwrite",
      (transaction) => transaction.put(Date.now() - HOUR_MS, leaseKey("u")),
    );
    // By two other tabs at once.
    const [one, two] = await Promise.all([leases.sweep(), leases.sweep()]);
    swept = one + two;
  });
  await assertRejects(() => upload(database, parts), BackendUnavailableError);
  assertEquals(swept, 1);
  assertEquals(await keysOf(database), []);
  await database.close();
});

Deno.test("SIO-005 an aborted upload does not wait for ever for a database that is gone", async () => {
  const scope = imitate();
  let silent = false;
  const open = (name: string, version?: number) =>
    silent ? {} : scope.indexedDB.open(name, version);
  const database = newDatabase({ ...scope, indexedDB: { open } });
  const giveUp = new AbortController();
  const reason = new Error("given up");
  const parts = meanwhile(3, () => {
    silent = true;
    loseConnection(database);
    setTimeout(() => giveUp.abort(reason), 10);
  });
  const { setTimeout } = globalThis;
  // So that the test need not wait.
  globalThis.setTimeout =
    ((act: () => void, ms: number) => setTimeout(act, ms / 100)) as never;
  try {
    const failure = await upload(database, parts, NEW, giveUp.signal)
      .catch((error) => error);
    assertEquals(failure, reason);
    await database.close();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
});
