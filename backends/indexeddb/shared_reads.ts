// This module is browser compatible.
import { isRemoteStoreError } from "../../core/errors.ts";
import { onAbort } from "../../core/signal.ts";
import type { Transaction } from "./transaction.ts";

type Work<T> = (transaction: Transaction) => T | Promise<T>;

/** Runs work that changes nothing, in a transaction of its own. */
export type RunRead = <T>(
  work: Work<T>,
  signal: AbortSignal | undefined,
) => Promise<T>;

/** One read, and what becomes of it. */
interface Read {
  /** Does it, and settles it where there is an answer. */
  run(transaction: Transaction): unknown;
  /** Does it once more, in a transaction of its own, where there was no answer. */
  alone(): void;
}

/** What shares a transaction. */
interface Group {
  /** What is read in it. */
  readonly reads: Read[];
  /** Ends the transaction when all have been given up. */
  readonly stop: AbortController;
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
  read<T>(work: Work<T>, signal: AbortSignal | undefined): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const group = this.#open ??= this.#begin();
    group.left++;
    // One promise: thousands of reads pay for each that stands in between.
    return new Promise((resolve, reject) => {
      let letGo: (() => void) | null = null;
      const settle = (act: () => void) => {
        if (letGo === null) return;
        letGo();
        letGo = null;
        group.left--;
        act();
      };
      letGo = onAbort(signal, (reason) =>
        settle(() => {
          if (group.left === 0) group.stop.abort(reason);
          reject(reason);
        }));
      const count = group.reads.push({
        async run(transaction) {
          try {
            const found = await work(transaction);
            settle(() => resolve(found));
          } catch (error) {
            // What the engine says may be about another one's request.
            if (isRemoteStoreError(error)) settle(() => reject(error));
          }
        },
        alone: () => settle(() => resolve(this.#run(work, signal))),
      });
      if (count === MOST) this.#open = null;
    });
  }

  #begin(): Group {
    const group: Group = { reads: [], stop: new AbortController(), left: 0 };
    queueMicrotask(() => this.#end(group));
    return group;
  }

  async #end(group: Group): Promise<void> {
    if (this.#open === group) this.#open = null;
    const { reads, stop } = group;
    if (reads.length > 1) {
      await this.#run(
        (transaction) =>
          Promise.all(
            transaction.gather(() =>
              reads.map((read) => read.run(transaction))
            ),
          ),
        stop.signal,
      ).catch(() => {});
    }
    for (const read of reads) read.alone();
  }
}
