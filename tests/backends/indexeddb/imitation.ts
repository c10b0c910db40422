/**
 * IndexedDB in memory, one for each test, and a look at its records.
 *
 * @module
 */
import * as fake from "fake-indexeddb";
import { Database } from "../../../backends/indexeddb/database.ts";
import type { FileRecord } from "../../../backends/indexeddb/records.ts";
import {
  type Audit,
  auditRecords,
  type Key,
} from "../../runtimes/indexeddb/audit.ts";
import type { IndexedDBScope } from "../../../backends/indexeddb/scope.ts";
import { watchOf } from "../../../backends/indexeddb/watch.ts";

/** An IndexedDB of its own. */
export interface Imitation extends IndexedDBScope {
  readonly indexedDB: IDBFactory;
}

/** Returns an IndexedDB with nothing in it. */
export function imitate(): Imitation {
  return { indexedDB: new fake.IDBFactory(), IDBKeyRange: fake.IDBKeyRange };
}

/** Returns a database that nobody has opened yet. */
export function newDatabase(scope: IndexedDBScope = imitate()): Database {
  return new Database("remote-store", "files", () => scope);
}

/** Returns the keys of all records. */
export async function keysOf(database: Database): Promise<unknown[]> {
  return await database.run(
    "readonly",
    (transaction) => transaction.keys({ lower: [0], upper: [[]] }),
  );
}

/** Compares all records, files with contents. */
export async function auditOf(database: Database): Promise<Audit> {
  const all = { lower: [0], upper: [[]] };
  return await database.run("readonly", async (transaction) => {
    const keys = await transaction.keys(all) as unknown as Key[];
    const values = await transaction.getAll(all);
    return auditRecords(keys.map((key, i) => [key, values[i]]));
  });
}

/** Returns a file's record. */
export function fileRecord(
  key: string,
  fields: Partial<FileRecord> = {},
): FileRecord {
  const id = `id of ${key}`;
  return {
    kind: "file",
    key,
    size: 3,
    lastModified: 1_789_000_000_000,
    etag: `"${id}"`,
    digest: null,
    contentType: null,
    metadata: null,
    extra: null,
    content: { id, chunkSize: 4, blobs: false, shared: false, offset: null },
    ...fields,
  };
}

/** The condition of a write that may replace. */
export const ANY = { overwrite: true, ifMatch: null };

/** The condition of a write that may only create. */
export const NEW = { overwrite: false, ifMatch: null };

/** Loses the connection as an engine does: what runs on it is aborted. */
export function loseConnection(database: Database): void {
  const { handle } = database;
  if (handle !== null) fake.forceCloseDatabase(handle as never);
}

/** How many answers of commits will be lost, and what happens between commit and loss. */
export interface Losses {
  left: number;
  meanwhile?: () => Promise<unknown>;
}

/**
 * Returns the same IndexedDB as it is where its process ends behind a commit: what was
 * changed is stored, and the page is told that the transaction was aborted.
 */
export function losing(
  { indexedDB, IDBKeyRange }: Imitation,
  losses: Losses,
): Imitation {
  const open = (name: string, version?: number) => {
    const request = indexedDB.open(name, version);
    request.addEventListener("success", () => loseOn(request.result, losses));
    return request;
  };
  return { indexedDB: { open } as IDBFactory, IDBKeyRange };
}

function loseOn(db: IDBDatabase, losses: Losses): void {
  const begin = db.transaction.bind(db);
  db.transaction = (...args: Parameters<typeof begin>) => {
    const transaction = begin(...args);
    if (args[1] !== "readwrite") return transaction;
    Object.defineProperty(transaction, "oncomplete", {
      set: (told: () => void) =>
        transaction.addEventListener("complete", async () => {
          if (losses.left-- <= 0) return told();
          await losses.meanwhile?.();
          transaction.onabort?.(new Event("abort"));
        }),
    });
    return transaction;
  };
}

/** How long a look at what hangs takes in tests. */
const TICK_MS = 4;

/**
 * Returns the same IndexedDB as an engine gives it that answers all requests of a
 * transaction that changes something, and then does not tell of its end. Connections of
 * it look sooner than others whether something hangs.
 */
export function hanging(
  { indexedDB, IDBKeyRange }: Imitation,
  hangs: { left: number },
): Imitation {
  const open = (name: string, version?: number) => {
    const request = indexedDB.open(name, version);
    request.addEventListener("success", () => {
      const db = request.result;
      watchOf(db, TICK_MS);
      const begin = db.transaction.bind(db);
      db.transaction = (...args: Parameters<typeof begin>) => {
        const transaction = begin(...args);
        if (args[1] !== "readwrite" || hangs.left-- <= 0) return transaction;
        for (const end of ["oncomplete", "onabort"]) {
          Object.defineProperty(transaction, end, { set() {} });
        }
        return transaction;
      };
    });
    return request;
  };
  return { indexedDB: { open } as IDBFactory, IDBKeyRange };
}

/** Holds a database's object store as a suspended tab does, until it is let go of. */
export async function holdStore(
  { indexedDB }: Imitation,
): Promise<() => Promise<void>> {
  const request = indexedDB.open("remote-store");
  await new Promise((resolve) => request.onsuccess = resolve);
  const transaction = request.result.transaction("files", "readwrite");
  const store = transaction.objectStore("files");
  let isHeld = true;
  const keep = () => {
    if (isHeld) store.get(["none"]).onsuccess = keep;
  };
  keep();
  return async () => {
    isHeld = false;
    await new Promise((resolve) => transaction.oncomplete = resolve);
    request.result.close();
  };
}

/** An IndexedDB that never answers. */
export const SILENT: IndexedDBScope = {
  ...imitate(),
  indexedDB: { open: () => ({}) },
};
