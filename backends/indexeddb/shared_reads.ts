// This module is browser compatible.
import { isRemoteStoreError } from "../../core/errors.ts";
import { untilAborted } from "../../core/signal.ts";
import type { Transaction } from "./transaction.ts";

type Work<T> = (transaction: Transaction) => T | Promise<T>;

/** Runs work that changes nothing, in a transaction of its own. */
export type RunRead = <T>(
  work: Work<T>,
  signal: AbortSignal | undefined,
) => Promise<T>;

/** What shares a transaction. */
interface Group {
  /** Each read; what it finds no answer to it leaves. */
  readonly reads: Work<void>[];
  /** Ends the transaction when all have been given up. */
  readonly stop: AbortController;
  /** Settles behind the transaction. */
  readonly ended: Promise<void>;
  /** How many wait. */
  left: number;
}

/** How many reads share a transaction at most: writes wait for its end. */
const MOST = 1000;

/**
 * Has the reads of one microtask share a transaction: engines take longer to begin one
 * the more of them there are. Each succeeds or fails for itself.
 */
export class SharedReads {
  readonly #run: RunRead;
  #open: Group | null = null;

  constructor(run: RunRead) {
    this.#run = run;
  }

  /** Runs work that changes nothing, and that may be run twice. */
  async read<T>(work: Work<T>, signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    const group = this.#open ??= this.#begin();
    const { promise, resolve } = Promise.withResolvers<() => T>();
    const count = group.reads.push(async (transaction) => {
      try {
        const found = await work(transaction);
        resolve(() => found);
      } catch (error) {
        // What the engine says may be about another one's request.
        if (isRemoteStoreError(error)) {
          resolve(() => {
            throw error;
          });
        }
      }
    });
    if (count === MOST) this.#open = null;
    group.left++;
    try {
      const either = Promise.race([promise, group.ended]);
      const answer = await untilAborted(either, signal);
      if (answer) return answer();
    } finally {
      if (--group.left === 0 && signal?.aborted) {
        group.stop.abort(signal.reason);
      }
    }
    return await this.#run(work, signal);
  }

  #begin(): Group {
    const reads: Work<void>[] = [];
    const stop = new AbortController();
    const ended = Promise.resolve().then(async () => {
      if (this.#open === group) this.#open = null;
      if (reads.length < 2) return;
      await this.#run(
        (transaction) => Promise.all(reads.map((read) => read(transaction))),
        stop.signal,
      ).catch(() => {});
    });
    const group: Group = { reads, stop, ended, left: 0 };
    return group;
  }
}
