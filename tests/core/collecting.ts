/**
 * What is left of objects that nobody holds, and who listens to a signal.
 *
 * @module
 */
import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";

setFlagsFromString("--expose-gc");
const gc: () => void = runInNewContext("gc");

/** Collects garbage until all that was registered is gone, or nothing more goes. */
export async function collect(watch: Watch): Promise<number> {
  for (let round = 0; round < 10 && watch.left > 0; round++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  // Who else is told of a collection is told in turns of the loop of their own.
  for (let turn = 0; turn < 10; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return watch.left;
}

/** Counts the objects that are still there. */
export class Watch {
  /** How many of those added have not been collected. */
  left = 0;
  readonly #registry = new FinalizationRegistry(() => this.left--);

  /** Watches an object, without holding it. */
  add(one: object): void {
    this.left++;
    this.#registry.register(one, null);
  }
}

/** A signal that lives long, and knows how many listen to it. */
export class LongLived {
  /** What aborts it. */
  readonly controller = new AbortController();
  /** The listeners that were added and not removed. */
  listeners = 0;

  constructor() {
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    const known = new Set<unknown>();
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      if (!known.has(given[1])) this.listeners++;
      known.add(given[1]);
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      if (known.delete(given[1])) this.listeners--;
      remove(...given);
    };
  }

  /** The signal. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }
}
