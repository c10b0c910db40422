// This module is browser compatible.
import type { UseStore } from "idb-keyval";
import { inDoubt, isInDoubt } from "../../core/doubt.ts";
import { BackendUnavailableError } from "../../core/errors.ts";
import { untilAborted } from "../../core/signal.ts";
import { isLost, nameOf, toFault } from "./failures.ts";
import { type IndexedDBScope, requireScope } from "./scope.ts";
import { SharedReads } from "./shared_reads.ts";
import { within } from "./storage.ts";
import { type Mode, transact, type Transaction } from "./transaction.ts";

/** When a change counts as stored: handed to the system, or on the disk. */
export type Durability = "relaxed" | "strict";

/** How long a call waits for an upgrade that another tab holds up. */
const BLOCKED_MS = 300;

/** How often another tab may be faster in adding its object store. */
const UPGRADES = 5;

/** How a transaction is run. */
export interface RunOptions {
  /** Aborted when the caller gives up. */
  readonly signal?: AbortSignal | undefined;
  /** When a change counts as stored; `"relaxed"` by default. */
  readonly durability?: Durability;
  /**
   * Whether it changes nothing that anybody can see, such as the parts of a file that
   * is not put yet: then a lost answer leaves no doubt.
   */
  readonly isStaging?: boolean;
}

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
  readonly #onDataLoss: (reason: string) => void;
  readonly #reads = new SharedReads((work, signal) =>
    this.run("readonly", work, { signal })
  );
  readonly #running = new Set<Promise<unknown>>();
  /** The ends of what the engine lets hang, where they have not come yet. */
  readonly #stuck = new Set<Promise<void>>();
  #opening: Promise<IDBDatabase> | null = null;
  #open: IDBDatabase | null = null;
  /** The end of an upgrade that was given up, for which the engine goes on waiting. */
  #blocked: Promise<boolean> = Promise.resolve(true);

  constructor(
    name: string,
    storeName: string,
    scope: () => IndexedDBScope,
    onDataLoss: (reason: string) => void = () => {},
  ) {
    this.name = name;
    this.storeName = storeName;
    this.#scope = scope;
    this.#onDataLoss = onDataLoss;
  }

  /** The connection, where there is one at present. */
  get handle(): IDBDatabase | null {
    return this.#open;
  }

  /**
   * Runs `work` in one transaction and resolves when a change is stored. Once more
   * on a new connection, where the old one was lost: so `work` starts from nothing. It
   * is told with `again` whether the first time may have been stored nevertheless.
   *
   * @throws An error that is `inDoubt`, if a change may have been stored, and running it
   * once more was refused for whatever reason, or lost as well.
   */
  async run<T>(
    mode: Mode,
    work: (transaction: Transaction, again: boolean) => T | Promise<T>,
    { signal, durability = "relaxed", isStaging = false }: RunOptions = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    // Whether the commit of a change can have been lost.
    let mayBeStored = false;
    const attempt = (again = false) =>
      transact(
        this.useStore(durability, signal),
        mode,
        async (transaction) => {
          const result = await work(transaction, again);
          if (transaction.hasChanges) mayBeStored = !isStaging;
          return result;
        },
        () => this.#scope().IDBKeyRange,
        signal,
        {
          begun: (ended) => this.#track(ended),
          stuck: (ended) => this.#leave(ended),
          isHeldUp: this.#stuck.size > 0,
        },
      );
    try {
      const first = attempt();
      const opening = this.#opening;
      try {
        return await first;
      } catch (error) {
        if (signal?.aborted || !isLost(error)) throw error;
        // Another call may have a new one already.
        if (this.#opening === opening) this.#drop();
      }
      const again = mayBeStored;
      try {
        return await attempt(again);
      } catch (error) {
        signal?.throwIfAborted();
        const isDoubtful = again || (mayBeStored && isLost(error));
        if (!isDoubtful || isInDoubt(error)) throw error;
        throw inDoubt(toFault(error));
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw toFault(error);
    }
  }

  /**
   * Runs `work` that changes nothing, in one transaction with what else is read in the
   * same microtask; in one of its own where that fails. So it starts from nothing.
   */
  read<T>(
    work: (transaction: Transaction) => T | Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    return this.#reads.read(work, signal);
  }

  /** The store function of idb-keyval, whose own functions can be used with it. */
  useStore(durability: Durability, signal?: AbortSignal): UseStore {
    return async (mode, callback) => {
      const db = this.#open ?? await this.#opened(signal);
      const { storeName } = this;
      return callback(
        db.transaction(storeName, mode, { durability }).objectStore(storeName),
      );
    };
  }

  /** Closes the connection, as soon as the transactions under way have ended. */
  async close(): Promise<void> {
    // Who waits for the connection gets it first.
    await Promise.all(this.#running);
    this.#drop();
    // The engine counts a connection as open for so long.
    await Promise.all(this.#running);
  }

  #opened(signal: AbortSignal | undefined): Promise<IDBDatabase> {
    // Opening can wait for other tabs.
    const connected = untilAborted(this.#connect(), signal);
    this.#track(connected);
    return connected;
  }

  /** Goes on with another connection than the one that has a transaction without an end. */
  #leave(ended: Promise<void>): void {
    this.#drop();
    this.#stuck.add(ended);
    ended.then(() => this.#stuck.delete(ended));
  }

  #drop(): void {
    const opening = this.#opening;
    this.#forget(opening);
    opening?.then((db) => db.close(), () => {});
  }

  #track(running: Promise<unknown>): void {
    const ended = running.catch(() => {}).then(() => {
      this.#running.delete(ended);
    });
    this.#running.add(ended);
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
      if (this.#opening === opening) this.#open = db;
    });
    this.#opening = opening;
    // The next call tries again.
    opening.catch(() => this.#forget(opening));
    return opening;
  }

  async #openStore(adopt: (db: IDBDatabase) => void): Promise<IDBDatabase> {
    const { indexedDB } = requireScope(this.#scope);
    const factory = indexedDB as IDBFactory;
    // An opening would wait behind it, and not be told.
    if (!await within(BLOCKED_MS, () => this.#blocked)) throw blocked();
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
      let unblock: (() => void) | null = null;
      request.onupgradeneeded = (event) => {
        const { dataLoss, dataLossMessage = "" } = event as DataLossEvent;
        // Not here: what it throws would undo the upgrade.
        if (dataLoss === "total") {
          queueMicrotask(() => this.#onDataLoss(dataLossMessage));
        }
        const db = request.result;
        if (!db.objectStoreNames.contains(this.storeName)) {
          db.createObjectStore(this.storeName);
        }
      };
      request.onsuccess = () => {
        if (unblock === null) return resolve(request.result);
        request.result.close();
        unblock();
      };
      request.onerror = () => {
        unblock?.();
        reject(request.error);
      };
      request.onblocked = () => {
        this.#blocked = new Promise((ended) => unblock = () => ended(true));
        reject(blocked());
      };
    });
  }
}

/** What Chromium tells beyond the standard. */
interface DataLossEvent extends Event {
  readonly dataLoss?: string;
  readonly dataLossMessage?: string;
}

function blocked(): BackendUnavailableError {
  return new BackendUnavailableError(
    "another tab keeps an older version of the database open",
  );
}
