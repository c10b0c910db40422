// This module is browser compatible.
import { promisifyRequest, type UseStore } from "idb-keyval";
import { onAbort } from "../../core/signal.ts";
import { nameOf, stuck } from "./failures.ts";
import { GatheredNodes } from "./gathered_nodes.ts";
import type { Span } from "./records.ts";
import type { IndexedDBKeyRange } from "./scope.ts";
import { FAILING_TICKS, SETTLING_TICKS, Wait, watchOf } from "./watch.ts";

/** Whether a transaction may change anything. */
export type Mode = "readonly" | "readwrite";

/**
 * One transaction, seen from the work that is done in it. It ends by itself when the
 * work awaits anything but its own answers.
 */
export class Transaction {
  readonly #store: IDBObjectStore;
  readonly #ranges: IndexedDBKeyRange;
  #last: IDBRequest | null = null;
  #lastPut: IDBRequest | null = null;
  #hasChanges = false;
  #gathered: GatheredNodes | null = null;

  constructor(store: IDBObjectStore, ranges: IndexedDBKeyRange) {
    this.#store = store;
    this.#ranges = ranges;
  }

  /** The request that is answered last, of those that were made. */
  get last(): IDBRequest | null {
    return this.#last;
  }

  /** Whether nothing is under way that the engine may have no room for. */
  get isStored(): boolean {
    // Requests are answered in their order.
    return this.#lastPut?.readyState !== "pending";
  }

  /** Whether anything was asked of it that changes what is stored. */
  get hasChanges(): boolean {
    return this.#hasChanges;
  }

  /** Returns a record; `undefined` where there is none. */
  get<T>(key: IDBValidKey): Promise<T | undefined> {
    const found = this.#gathered?.want(key) ?? this.#ask(this.#store.get(key));
    return found as Promise<T | undefined>;
  }

  /** Runs `asking`, and asks together for the nodes that it gets before it waits. */
  gather<T>(asking: () => T): T {
    const gathered = this.#gathered = new GatheredNodes(this);
    try {
      return asking();
    } finally {
      this.#gathered = null;
      gathered.ask();
    }
  }

  /** Returns the records of a span, in the order of their keys. */
  getAll<T>(span: Span, limit?: number): Promise<T[]> {
    return this.#ask<T[]>(this.#store.getAll(this.#range(span), limit));
  }

  /** Returns the keys of a span. */
  keys(span: Span, limit?: number): Promise<IDBValidKey[]> {
    return this.#ask(this.#store.getAllKeys(this.#range(span), limit));
  }

  /** Puts a record. If it cannot be stored, the transaction fails. */
  put(value: unknown, key: IDBValidKey): void {
    this.#last = this.#lastPut = this.#store.put(value, key);
    this.#hasChanges = true;
  }

  /** Deletes a record. */
  delete(key: IDBValidKey): void {
    this.#last = this.#store.delete(key);
    this.#hasChanges = true;
  }

  /** Deletes the records of a span. */
  deleteAll(span: Span): void {
    this.#last = this.#store.delete(this.#range(span));
    this.#hasChanges = true;
  }

  #ask<T>(request: IDBRequest<T>): Promise<T> {
    this.#last = request;
    return promisifyRequest<T>(request);
  }

  #range({ lower, upper, openLower, openUpper }: Span): IDBKeyRange {
    return this.#ranges.bound(lower, upper, openLower, openUpper) as
      & IDBKeyRange
      & object;
  }
}

/** What is told of a transaction's course. */
export interface Course {
  /** Its end, which can come later than its result. */
  readonly begun: (ended: Promise<void>) => void;
  /** That the engine lets it hang, and its end if that ever comes. */
  readonly stuck: (ended: Promise<void>) => void;
  /** Whether one that hangs may hold this one up. */
  readonly isHeldUp: boolean;
}

/**
 * Runs `work` in one transaction. Resolves when what it changed is stored, rejects
 * with the transaction's own error: idb-keyval's helpers reject with `null` where a
 * request has failed, a full disk in Firefox among them. An engine that answers and
 * then does not end the transaction is given up.
 */
export function transact<T>(
  useStore: UseStore,
  mode: Mode,
  work: (transaction: Transaction) => T | Promise<T>,
  ranges: () => IndexedDBKeyRange,
  signal: AbortSignal | undefined,
  course: Course,
): Promise<T> {
  return useStore(mode, async (store) => {
    const { transaction } = store;
    const watch = watchOf(transaction.db);
    // The first request that failed says why. After it, Firefox reports an abort
    // without a reason, and can even report success.
    let failure: unknown = null;
    let lose: (reason: unknown) => void = () => {};
    const own = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () =>
        failure === null ? resolve() : reject(failure);
      transaction.onabort = () => reject(failure ?? transaction.error);
    });
    const wait = new Wait((reason) => lose(reason));
    transaction.onerror = (event) => {
      const { error } = event.target as IDBRequest;
      // Of all requests that an abort ends, none is the reason of it.
      if (nameOf(error) !== "AbortError") failure ??= error;
      watch.limit(wait, FAILING_TICKS);
    };
    const ended = new Promise<void>((resolve, reject) => {
      lose = reject;
      own.then(resolve, reject);
    });
    watch.add(wait);
    course.begun(
      ended.catch(() => {}).then(() => {
        watch.remove(wait);
        if (wait.isStuck) course.stuck(own.catch(() => {}));
      }),
    );
    const undo = () => {
      abort(transaction);
      watch.limit(wait, FAILING_TICKS);
    };
    const letGo = onAbort(signal, undo);
    try {
      signal?.throwIfAborted();
      const wrapper = new Transaction(store, ranges());
      const working = work(wrapper);
      if (course.isHeldUp) {
        watch.limit(wait, FAILING_TICKS);
        wrapper.last?.addEventListener("success", () => wait.ticks = Infinity);
      }
      const result = await Promise.race([working, ended.then(() => working)]);
      const settle = () => watch.limit(wait, SETTLING_TICKS);
      if (wrapper.last?.readyState !== "pending") settle();
      else wrapper.last.addEventListener("success", settle, { once: true });
      if (mode === "readwrite") {
        if (failure === null && wrapper.isStored) commit(transaction);
        await ended;
      }
      return result;
    } catch (error) {
      undo();
      await ended.catch(() => {});
      signal?.throwIfAborted();
      if (wait.isStuck) {
        throw stuck(failure ?? error, mode === "readwrite");
      }
      throw failure ?? transaction.error ?? error ??
        new DOMException("", "AbortError");
    } finally {
      letGo();
    }
  });
}

/** Has the engine store what was changed, though this page be stopped before it hears of it. */
function commit(transaction: IDBTransaction): void {
  try {
    transaction.commit?.();
  } catch {
    // It has ended already.
  }
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}
