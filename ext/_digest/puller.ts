// This module is browser compatible.
import { toBytes } from "./bytes.ts";

/** What chunks are pulled from: a stream's reader, or an iterable in its shape. */
export interface Puller {
  /** Returns the next chunk. */
  read(): Promise<{ readonly done: boolean; readonly value?: unknown }>;
  /** Gives up what is left. */
  cancel(reason: unknown): Promise<void>;
}

/** Returns the chunks of an iterable. */
export function pullIterable(iterable: AsyncIterable<unknown>): Puller {
  const iterator = iterable[Symbol.asyncIterator]();
  return {
    async read() {
      const { done, value } = await iterator.next();
      // A stream gives its chunks away; a generator may fill its buffer again.
      return done
        ? { done: true }
        : { done: false, value: toBytes(value)?.slice() ?? value };
    },
    async cancel(reason) {
      // Not awaited: behind a pending next() a generator never gets to it.
      const returned = iterator.return?.(reason);
      returned?.catch?.(() => {});
      await undefined;
    },
  };
}
