// This module is browser compatible.
import type { Database } from "./database.ts";
import { contentSpan, type Lease, leaseKey, LEASES } from "./records.ts";

/** What holds a name for as long as this page lives. A `LockManager` is one. */
export interface Locks {
  /** Runs `held` with the lock; with `null` where it is taken and `ifAvailable`. */
  request<T>(
    name: string,
    options: { readonly ifAvailable?: boolean },
    held: (lock: unknown) => Promise<T>,
  ): Promise<T>;
}

/** How long an upload may stand still where there are no locks to tell that it lives. */
export const LEASE_MS = 60 * 60 * 1000;

/**
 * Tells uploads under way, in this tab or another, from what a crash or a closed tab
 * has left. An upload holds a Web Lock, which ends with its page; where there are no
 * locks, on pages that came by plain http, it renews a date.
 */
export class Leases {
  readonly #database: Database;
  readonly #locks: () => Locks | undefined;

  constructor(database: Database, locks: () => Locks | undefined) {
    this.#database = database;
    this.#locks = locks;
  }

  /** Holds the lock of an upload; resolves to what lets it go. */
  hold(id: string): Promise<() => void> {
    const locks = this.#locks();
    if (locks === undefined) return Promise.resolve(() => {});
    return new Promise((resolve, reject) => {
      locks.request(
        this.#name(id),
        {},
        () => new Promise<void>((release) => resolve(release)),
      ).catch(reject);
    });
  }

  /** Deletes what uploads have left that nobody goes on with, and returns how many. */
  async sweep(signal?: AbortSignal): Promise<number> {
    const keys = await this.#database.run(
      "readonly",
      (transaction) => transaction.keys(LEASES),
      { signal },
    );
    let swept = 0;
    for (const key of keys) {
      const id = Array.isArray(key) ? String(key[1]) : "";
      if (await this.#sweepOne(id)) swept++;
    }
    return swept;
  }

  /** Deletes what an upload has stored, unless its file was put; returns whether it did. */
  discard(id: string, signal?: AbortSignal): Promise<boolean> {
    return this.#discardIf(id, () => true, signal);
  }

  async #sweepOne(id: string): Promise<boolean> {
    const locks = this.#locks();
    if (locks === undefined) {
      return await this.#discardIf(
        id,
        (renewed) => Date.now() - renewed >= LEASE_MS,
      );
    }
    return await locks.request(
      this.#name(id),
      { ifAvailable: true },
      (lock) => lock === null ? Promise.resolve(false) : this.discard(id),
    );
  }

  // The commit takes the lease away: where there is one, nobody reads the content.
  #discardIf(
    id: string,
    isLeft: (lease: Lease) => boolean,
    signal?: AbortSignal,
  ): Promise<boolean> {
    return this.#database.run("readwrite", async (transaction) => {
      const lease = await transaction.get<Lease>(leaseKey(id));
      if (lease === undefined || !isLeft(lease)) return false;
      transaction.deleteAll(contentSpan(id));
      transaction.delete(leaseKey(id));
      return true;
    }, { signal, isStaging: true });
  }

  #name(id: string): string {
    return `remote-store ${this.#database.name}/${this.#database.storeName} ${id}`;
  }
}

/** Returns the runtime's own locks. */
export function ownLocks(): Locks | undefined {
  return (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks;
}
