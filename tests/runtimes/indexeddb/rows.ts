/**
 * What the backend is measured against: values in rows of an object store, with a
 * transaction each and nothing more.
 *
 * @module
 */

/** A database of rows. */
export class Rows {
  readonly #db: IDBDatabase;

  constructor(db: IDBDatabase) {
    this.#db = db;
  }

  /** Opens a new database. */
  static open(name: string): Promise<Rows> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onupgradeneeded = () => request.result.createObjectStore("rows");
      request.onsuccess = () => resolve(new Rows(request.result));
      request.onerror = () => reject(request.error);
    });
  }

  /** Puts a value in a transaction of its own. */
  put(key: IDBValidKey, value: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#db.transaction("rows", "readwrite", {
        durability: "relaxed",
      });
      transaction.objectStore("rows").put(value, key);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  }

  /** Reads a value in a transaction of its own. */
  get(key: IDBValidKey): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const transaction = this.#db.transaction("rows", "readonly");
      const request = transaction.objectStore("rows").get(key);
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  /** Reads all keys and values in one transaction, as `entries()` of idb-keyval does. */
  entries(): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      const transaction = this.#db.transaction("rows", "readonly");
      const store = transaction.objectStore("rows");
      const keys = store.getAllKeys();
      const values = store.getAll();
      transaction.oncomplete = () =>
        resolve(keys.result.map((key, i) => [key, values.result[i]]));
      transaction.onabort = () => reject(transaction.error);
    });
  }

  /** Closes and deletes the database. */
  async remove(): Promise<void> {
    const { name } = this.#db;
    this.#db.close();
    await removeDatabase(name);
  }
}

/** Deletes a database; ends when all connections to it are closed. */
export function removeDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

/** Upgrades a database, which others may have open, and returns its version. */
export function upgrade(name: string, version: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => {
      resolve(request.result.version);
      request.result.close();
    };
    request.onerror = () => reject(request.error);
  });
}
