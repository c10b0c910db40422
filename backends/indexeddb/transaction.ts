// This module is browser compatible.
import { promisifyRequest, type UseStore } from "idb-keyval";
import { nameOf } from "./failures.ts";
import type { Span } from "./records.ts";
import type { IndexedDBKeyRange } from "./scope.ts";

/** Whether a transaction may change anything. */
export type Mode = "readonly" | "readwrite";

/**
 * One transaction, seen from the work that is done in it. It ends by itself when the
 * work awaits anything but its own answers.
 */
export class Transaction {
  readonly #store: IDBObjectStore;
  readonly #ranges: IndexedDBKeyRange;

  constructor(store: IDBObjectStore, ranges: IndexedDBKeyRange) {
    this.#store = store;
    this.#ranges = ranges;
  }

  /** Returns a record; `undefined` where there is none. */
  get<T>(key: IDBValidKey): Promise<T | undefined> {
    return promisifyRequest<T | undefined>(this.#store.get(key));
  }

  /** Returns the records of a span, in the order of their keys. */
  getAll<T>(span: Span, limit?: number): Promise<T[]> {
    return promisifyRequest<T[]>(
      this.#store.getAll(this.#range(span), limit),
    );
  }

  /** Returns the keys of a span. */
  keys(span: Span, limit?: number): Promise<IDBValidKey[]> {
    return promisifyRequest(this.#store.getAllKeys(this.#range(span), limit));
  }

  /** Puts a record. If it cannot be stored, the transaction fails. */
  put(value: unknown, key: IDBValidKey): void {
    this.#store.put(value, key);
  }

  /** Deletes a record. */
  delete(key: IDBValidKey): void {
    this.#store.delete(key);
  }

  /** Deletes the records of a span. */
  deleteAll(span: Span): void {
    this.#store.delete(this.#range(span));
  }

  #range({ lower, upper, openLower, openUpper }: Span): IDBKeyRange {
    return this.#ranges.bound(lower, upper, openLower, openUpper) as
      & IDBKeyRange
      & object;
  }
}

/**
 * Runs `work` in one transaction. Resolves when what it changed is stored, rejects
 * with the transaction's own error: idb-keyval's helpers reject with `null` where a
 * request has failed, a full disk in Firefox among them. `begun` is given the end of
 * the transaction, which can come later.
 */
export function transact<T>(
  useStore: UseStore,
  mode: Mode,
  work: (transaction: Transaction) => T | Promise<T>,
  ranges: () => IndexedDBKeyRange,
  signal: AbortSignal | undefined,
  begun: (ended: Promise<void>) => void,
): Promise<T> {
  return useStore(mode, async (store) => {
    const { transaction } = store;
    // The first request that failed says why. After it, Firefox reports an abort
    // without a reason, and can even report success.
    let failure: unknown = null;
    let lose = () => {};
    transaction.onerror = (event) => {
      const { error } = event.target as IDBRequest;
      // Of all requests that an abort ends, none is the reason of it.
      if (nameOf(error) !== "AbortError") failure ??= error;
    };
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () =>
        failure === null ? resolve() : reject(failure);
      transaction.onabort = () => reject(failure ?? transaction.error);
      lose = () => reject(new DOMException("", "AbortError"));
    });
    // Where a site's data is cleared, Chromium tells the connection and can forget
    // what runs on it.
    const { db } = transaction;
    db.addEventListener("close", lose);
    begun(
      ended.catch(() => {}).then(() => db.removeEventListener("close", lose)),
    );
    const undo = () => abort(transaction);
    signal?.addEventListener("abort", undo, { once: true });
    try {
      signal?.throwIfAborted();
      const working = work(new Transaction(store, ranges()));
      const result = await Promise.race([working, ended.then(() => working)]);
      if (mode === "readwrite") await ended;
      return result;
    } catch (error) {
      undo();
      await ended.catch(() => {});
      signal?.throwIfAborted();
      throw failure ?? transaction.error ?? error ??
        new DOMException("", "AbortError");
    } finally {
      signal?.removeEventListener("abort", undo);
    }
  });
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}
