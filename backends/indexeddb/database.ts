// This module is browser compatible.
import type { UseStore } from "idb-keyval";
import { BackendUnavailableError } from "../../core/errors.ts";
import { isLost, nameOf, toFault } from "./faults.ts";
import { type IndexedDBScope, requireScope } from "./scope.ts";
import { type Mode, transact, type Transaction } from "./transaction.ts";

/** When a change counts as stored: handed to the system, or on the disk. */
export type Durability = "relaxed" | "strict";

/** How often another tab may be faster in adding its object store. */
const UPGRADES = 5;

/**
 * A connection that is opened when it is needed: again after it was lost, closed by
 * another tab's upgrade, or could not be opened.
 */
export class Database {
  /** The name of the database. */
  readonly name: string;
  /** The name of the object store in it. */
  readonly storeName: string;
  readonly #scope: () => IndexedDBScope;
  readonly #running = new Set<Promise<void>>();
  #opening: Promise<IDBDatabase> | null = null;
  #open: IDBDatabase | null = null;

  constructor(name: string, storeName: string, scope: () => IndexedDBScope) {
    this.name = name;
    this.storeName = storeName;
    this.#scope = scope;
  }

  /** The connection, where there is one at present. */
  get handle(): IDBDatabase | null {
    return this.#open;
  }

  /**
   * Runs `work` in one transaction and resolves when a change is stored. Once more
   * on a new connection, where the old one was lost: so `work` starts from nothing.
   */
  async run<T>(
    mode: Mode,
    work: (transaction: Transaction) => T | Promise<T>,
    { signal, durability = "relaxed" }: {
      signal?: AbortSignal | undefined;
      durability?: Durability;
    } = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    const attempt = () =>
      transact(
        this.useStore(durability, signal),
        mode,
        work,
        () => this.#scope().IDBKeyRange,
        signal,
        (ended) => this.#track(ended),
      );
    try {
      try {
        return await attempt();
      } catch (error) {
        if (signal?.aborted || !isLost(error)) throw error;
        this.#drop();
        return await attempt();
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw toFault(error);
    }
  }

  /** The store function of idb-keyval, whose own functions can be used with it. */
  useStore(durability: Durability, signal?: AbortSignal): UseStore {
    return async (mode, callback) => {
      const db = await orAborted(this.#connect(), signal);
      const { storeName } = this;
      return callback(
        db.transaction(storeName, mode, { durability }).objectStore(storeName),
      );
    };
  }

  /** Closes the connection, as soon as the transactions under way have ended. */
  async close(): Promise<void> {
    const opening = this.#drop();
    await opening?.catch(() => {
      // Who asked for the connection has been told; there is nothing to close.
    });
    // The engine counts a connection as open for so long.
    await Promise.all(this.#running);
  }

  #drop(): Promise<IDBDatabase> | null {
    const opening = this.#opening;
    this.#forget(opening);
    opening?.then((db) => db.close(), () => {});
    return opening;
  }

  #track(ended: Promise<void>): void {
    this.#running.add(ended);
    void ended.then(() => this.#running.delete(ended));
  }

  #forget(opening: Promise<IDBDatabase> | null): void {
    if (this.#opening !== opening) return;
    this.#opening = null;
    this.#open = null;
  }

  #connect(): Promise<IDBDatabase> {
    if (this.#opening !== null) return this.#opening;
    const opening = this.#openStore((db) => {
      const forget = () => this.#forget(opening);
      db.onclose = forget;
      // Another tab wants to change or delete the database and waits for this one.
      db.onversionchange = () => {
        forget();
        db.close();
      };
      this.#open = db;
    });
    this.#opening = opening;
    // The next call tries again.
    opening.catch(() => this.#forget(opening));
    return opening;
  }

  async #openStore(adopt: (db: IDBDatabase) => void): Promise<IDBDatabase> {
    const { indexedDB } = requireScope(this.#scope);
    const factory = indexedDB as IDBFactory;
    let version: number | undefined;
    for (let tries = 0;; tries++) {
      try {
        const db = await this.#request(factory, version);
        if (db.objectStoreNames.contains(this.storeName)) {
          adopt(db);
          return db;
        }
        // The database is there, of another library or another store name.
        version = db.version + 1;
        db.close();
      } catch (error) {
        // Another tab was faster in upgrading it.
        if (nameOf(error) !== "VersionError" || tries >= UPGRADES) throw error;
        version = undefined;
      }
    }
  }

  #request(
    factory: IDBFactory,
    version: number | undefined,
  ): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = factory.open(this.name, version);
      let gaveUp = false;
      request.onupgradeneeded = () => {
        const db = request.result;
        if (!db.objectStoreNames.contains(this.storeName)) {
          db.createObjectStore(this.storeName);
        }
      };
      request.onsuccess = () => {
        if (gaveUp) request.result.close();
        else resolve(request.result);
      };
      request.onerror = () => reject(request.error);
      request.onblocked = () => {
        gaveUp = true;
        reject(
          new BackendUnavailableError(
            "another tab keeps an older version of the database open",
          ),
        );
      };
    });
  }
}

/** Returns what `promise` gives, unless the signal aborts first: opening can wait for other tabs. */
function orAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() =>
      signal.removeEventListener("abort", stop)
    );
  });
}
