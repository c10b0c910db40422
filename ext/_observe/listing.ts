// This module is browser compatible.
import type { StoreStart } from "./event.ts";
import type { Reporter } from "./reporter.ts";

/** Returns a listing whose every iteration is an operation, reported when it ends. */
export function watchListing<T>(
  items: AsyncIterable<T>,
  reporter: Reporter,
  begin: () => StoreStart,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => new Iteration(items, reporter, begin),
  };
}

type Step<T> = IteratorResult<T> | Promise<never>;

/** Who waits for a step, or wants no more. */
interface Asker<T> {
  readonly leaving: boolean;
  readonly answer?: (step: Step<T>) => void;
}

const done = () => ({ done: true, value: undefined } as const);

class Iteration<T> implements AsyncIterator<T> {
  readonly #items: AsyncIterable<T>;
  readonly #reporter: Reporter;
  readonly #begin: () => StoreStart;
  #turn: Promise<unknown> = Promise.resolve();
  #asker: Asker<T> | null = null;
  #wake: (() => void) | null = null;
  /** What the next step gives where there is none to take. */
  #over: (() => Step<T>) | null = null;
  #count = 0;
  #complete = false;

  constructor(
    items: AsyncIterable<T>,
    reporter: Reporter,
    begin: () => StoreStart,
  ) {
    this.#items = items;
    this.#reporter = reporter;
    this.#begin = begin;
  }

  next(): Promise<IteratorResult<T>> {
    return this.#step(false);
  }

  return(): Promise<IteratorResult<T>> {
    return this.#step(true);
  }

  // One after another, as a generator takes them.
  #step(leaving: boolean): Promise<IteratorResult<T>> {
    const step = this.#turn.then(() => {
      const over = this.#over;
      if (over !== null) {
        // An error is thrown once.
        this.#over = done;
        return over();
      }
      return new Promise<IteratorResult<T>>((answer) => {
        this.#asker = { leaving, answer };
        if (this.#wake !== null) this.#wake();
        else if (leaving) this.#end(done);
        else this.#run();
      });
    });
    this.#turn = step.catch(() => {});
    return step;
  }

  #run(): void {
    const describe = () => ({ count: this.#count, complete: this.#complete });
    this.#reporter.run(this.#begin(), () => this.#work(), {
      describe,
      describeFailure: describe,
    }).then(
      () => this.#end(done),
      (error) => this.#end(() => Promise.reject(error)),
    );
  }

  // The operation is the iteration. All of its steps are taken here, so that they are
  // inside of what the hook around it has set up: a span, an asynchronous context.
  async #work(): Promise<void> {
    const items = this.#items[Symbol.asyncIterator]();
    while (!this.#asker?.leaving) {
      const step = await items.next();
      if (step.done) {
        this.#complete = true;
        return;
      }
      this.#count++;
      const woken = new Promise<void>((wake) => this.#wake = wake);
      const asker = this.#asker;
      this.#asker = null;
      asker?.answer?.(step);
      await woken;
    }
    await items.return?.();
  }

  #end(how: () => Step<T>): void {
    const answer = this.#asker?.answer;
    // What nobody waits for is told at the next step.
    this.#over = answer ? done : how;
    answer?.(how());
    // Where the hook has given up before: the items are let go.
    this.#asker = { leaving: true };
    this.#wake?.();
  }
}
