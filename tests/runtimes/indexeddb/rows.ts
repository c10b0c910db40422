/**
 * What the backend is measured against: values in rows of an object store, with a
 * transaction each and nothing more.
 *
 * @module
 */

/** A database of rows. */
export class Rows {
  readonly #db: IDBDatabase;
  readonly #durability: "strict" | "relaxed";

  constructor(db: IDBDatabase, durability: "strict" | "relaxed") {
    this.#db = db;
    this.#durability = durability;
  }

  /** Opens a new database. */
  static open(
    name: string,
    durability: "strict" | "relaxed" = "relaxed",
  ): Promise<Rows> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onupgradeneeded = () => request.result.createObjectStore("rows");
      request.onsuccess = () => resolve(new Rows(request.result, durability));
      request.onerror = () => reject(request.error);
    });
  }

  /** Puts a value in a transaction of its own. */
  put(key: IDBValidKey, value: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#db.transaction("rows", "readwrite", {
        durability: this.#durability,
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
