// This module is browser compatible.
import { onAbort } from "../../core/signal.ts";

/** One who waits, between the one before and the one behind. */
interface Waiter {
  enter: () => void;
  before: Waiter | null;
  behind: Waiter | null;
}

/**
 * Lets a number in at once, and the others in the order in which they came. Who is
 * aborted leaves the line.
 */
export class Semaphore {
  #free: number;
  // A chain, as who leaves stands anywhere in the line.
  #first: Waiter | null = null;
  #last: Waiter | null = null;

  /** @param places How many are in at once; `Infinity` for no bound. */
  constructor(places: number) {
    this.#free = places;
  }

  /** Whether anybody waits. */
  get isAwaited(): boolean {
    return this.#first !== null;
  }

  /**
   * Takes a place: `null` where there is one now. To be left once.
   *
   * @throws The signal's reason, and no place is taken.
   */
  enter(signal: AbortSignal | undefined): Promise<void> | null {
    signal?.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return null;
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        enter() {
          release();
          resolve();
        },
        before: this.#last,
        behind: null,
      };
      if (this.#last === null) this.#first = waiter;
      else this.#last.behind = waiter;
      this.#last = waiter;
      const release = onAbort(signal, (reason) => {
        this.#take(waiter);
        reject(reason);
      });
    });
  }

  /** Gives a place back: to the first in the line. */
  leave(): void {
    this.#free++;
    if (this.#first !== null) this.admit();
  }

  /** Lets the first in the line in, be there a place or not: one that is missing is made up for later. */
  admit(): void {
    const first = this.#first;
    if (first === null) return;
    this.#free--;
    this.#take(first);
    first.enter();
  }

  #take(waiter: Waiter): void {
    const { before, behind } = waiter;
    if (before === null) this.#first = behind;
    else before.behind = behind;
    if (behind === null) this.#last = before;
    else behind.before = before;
  }
}
