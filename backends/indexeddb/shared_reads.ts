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

/** A read that waits for its answer. */
interface Waiting {
  /** Whether nobody waits any more. */
  isOver: boolean;
  /** Reads along with others; what it finds no answer to is left for {@linkcode alone}. */
  within(transaction: Transaction): Promise<void>;
  /** Reads in a transaction of its own. */
  alone(): Promise<void>;
}

/** What will share a transaction. */
interface Group {
  readonly reads: Waiting[];
  /** How many are not over. */
  left: number;
  /** Ends the transaction when all have been given up; `null` where none can be. */
  stop: AbortController | null;
}

function newGroup(): Group {
  return { reads: [], left: 0, stop: null };
}

/** How many reads share a transaction at most: writes wait for its end. */
const MOST = 1000;

/**
 * Has the reads of one microtask share a transaction: engines take longer to begin one
 * the more of them there are. Each succeeds or fails for itself.
 */
export class SharedReads {
  readonly #run: RunRead;
  #group = newGroup();

  constructor(run: RunRead) {
    this.#run = run;
  }

  /** Runs work that changes nothing, and that may be run twice. */
  async read<T>(work: Work<T>, signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    const group = this.#group;
    let letGo = () => {};
    try {
      return await new Promise<T>((resolve, reject) => {
        const over = (settle: () => void) => {
          if (!one.isOver) group.left--;
          one.isOver = true;
          settle();
        };
        const one: Waiting = {
          isOver: false,
          within: async (transaction) => {
            try {
              const found = await work(transaction);
              over(() => resolve(found));
            } catch (error) {
              // What the engine says may be about another one's request.
              if (isRemoteStoreError(error)) over(() => reject(error));
            }
          },
          alone: () =>
            this.#run(work, signal).then(
              (found) => over(() => resolve(found)),
              (error) => over(() => reject(error)),
            ),
        };
        if (signal) {
          const stop = group.stop ??= new AbortController();
          letGo = onAbort(signal, (reason) => {
            over(() => reject(reason));
            if (group.left === 0) stop.abort(reason);
          });
        }
        group.left++;
        const count = group.reads.push(one);
        if (count === 1) queueMicrotask(() => this.#flush(group));
        else if (count === MOST) this.#flush(group);
      });
    } finally {
      letGo();
    }
  }

  #flush(group: Group): void {
    // It was full before its microtask came.
    if (this.#group !== group) return;
    this.#group = newGroup();
    void this.#answer(group);
  }

  async #answer({ reads, stop }: Group): Promise<void> {
    const waiting = () => reads.filter(({ isOver }) => !isOver);
    if (reads.length > 1) {
      await this.#run(
        (transaction) =>
          Promise.all(waiting().map((one) => one.within(transaction))),
        stop?.signal,
      ).catch(() => {});
    }
    await Promise.all(waiting().map((one) => one.alone()));
  }
}
