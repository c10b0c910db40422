import { assert, assertEquals, assertRejects } from "@std/assert";
import { deleteKeys } from "../../../backends/indexeddb/deleting.ts";
import { IndexedDBBackend } from "../../../backends/indexeddb/mod.ts";
import {
  BackendUnavailableError,
  isRemoteStoreError,
  Store,
} from "../../../mod.ts";
import {
  auditOf,
  imitate,
  type Imitation,
  losing,
  newDatabase,
  SILENT,
} from "./imitation.ts";

const OPTIONS = { signal: undefined, durability: "relaxed" } as const;

/** A store over an IndexedDB of its own that counts transactions which change something. */
function open(scope: Imitation = imitate()) {
  let changes = 0;
  const open = (name: string, version?: number) => {
    const request = scope.indexedDB.open(name, version);
    request.addEventListener("success", () => {
      const db = request.result;
      const begin = db.transaction.bind(db);
      db.transaction = (...args: Parameters<typeof begin>) => {
        if (args[1] === "readwrite") changes++;
        return begin(...args);
      };
    });
    return request;
  };
  const counted = { ...scope, indexedDB: { open } };
  const backend = new IndexedDBBackend({
    scope: counted,
    durability: "relaxed",
  });
  return { store: new Store({ backend }), scope, changes: () => changes };
}

async function writeMany(store: Store, count: number): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, i) => `d/${i % 9}/${i}`);
  await Promise.all(paths.map((path) => store.write(path, path)));
  return paths;
}

Deno.test("IDB-004 files are deleted a thousand in a transaction, and what is absent is told", async () => {
  const { store, scope, changes } = open();
  const paths = await writeMany(store, 2100);
  const before = changes();
  const failed = await store.deleteMany([...paths, "none", "d/1"]);
  assertEquals([...failed.keys()].sort(), ["d/1", "none"]);
  const codes = [...failed.values()].map((error) =>
    isRemoteStoreError(error) ? error.code : error
  );
  assertEquals(codes.sort(), ["InvalidPath", "NotFound"]);
  assertEquals(changes() - before, 3);
  const database = newDatabase(scope);
  const { orphans, broken, records } = await auditOf(database);
  assertEquals([orphans, broken], [[], []]);
  // The folders stay.
  assertEquals(records, 10);
  await database.close();
  await store.close();
});

Deno.test("IDB-004 a deletion whose answer was lost has deleted what it found", async () => {
  const scope = imitate();
  const { store } = open(scope);
  await writeMany(store, 20);
  await store.close();
  const losses = { left: 1 };
  const database = newDatabase(losing(scope, losses));
  const failed = await deleteKeys(
    database,
    ["d/0/0", "d/1/1", "d/1/2"],
    OPTIONS,
  );
  assert(losses.left < 0, "there was a second time");
  assertEquals([...failed.keys()], ["d/1/2"]);
  await database.close();
});

Deno.test("SIO-005 an abort ends a deletion of many, and passes as it is", async () => {
  const { store } = open();
  const paths = await writeMany(store, 1500);
  const reason = new Error("given up");
  const failure = await assertRejects(() =>
    store.deleteMany(paths, { signal: AbortSignal.abort(reason) })
  );
  assert(failure === reason);
  assert(await store.exists(paths[0]!));
  await store.close();
});

Deno.test("IDB-004 a database that is gone is asked once, and every file is told of", async () => {
  let asked = 0;
  const scope = {
    ...SILENT,
    indexedDB: {
      open() {
        asked++;
        throw new DOMException("", "UnknownError");
      },
    },
  };
  const database = newDatabase(scope);
  const keys = Array.from({ length: 2500 }, (_, i) => `${i}`);
  const failed = await deleteKeys(database, keys, OPTIONS);
  assertEquals(failed.size, 2500);
  for (const error of failed.values()) {
    assert(error instanceof BackendUnavailableError);
  }
  // Once more, because what is lost is tried on another connection.
  assertEquals(asked, 2);
});

Deno.test("IDB-008 files whose deletion was lost each time are in doubt, those behind them are not", async () => {
  const scope = imitate();
  const { store } = open(scope);
  await writeMany(store, 1);
  await store.close();
  const losses = { left: 2 };
  const database = newDatabase(losing(scope, losses));
  // A second tab puts it again before the first one hears of its commit.
  const keys = ["d/0/0", ...Array.from({ length: 2500 }, (_, i) => `${i}`)];
  const other = open(scope).store;
  Object.assign(losses, {
    meanwhile: () => other.write("d/0/0", "again", { overwrite: true }),
  });
  const failed = await deleteKeys(database, keys, OPTIONS);
  const doubtful = [...failed].filter(([, error]) =>
    error instanceof BackendUnavailableError && error.inDoubt
  );
  assertEquals(failed.size, keys.length);
  assertEquals(doubtful.map(([key]) => key), keys.slice(0, 1000));
  await other.close();
  await database.close();
});
