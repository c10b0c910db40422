// This module is browser compatible.
import {
  type CallOptions,
  InvalidArgumentError,
  type KnownOptions,
  METHOD_OPTIONS,
} from "../../mod.ts";
import { runLanes } from "./lanes.ts";
import {
  type BatchFailure,
  type BatchResult,
  collectable,
  failure,
  toResult,
} from "./outcomes.ts";

/** Items at hand, or coming: a listing's paths, the lines of a file. */
export type Items<T> = Iterable<T> | AsyncIterable<T>;

/** What every batch takes. */
export interface BatchOptions extends CallOptions {
  /**
   * How many calls are under way at once, at most. Given to `batchDelete`, it asks for
   * a call for each path instead of the backend's bulk delete.
   *
   * @default {6, the connections that browsers and Workers allow; 1 with stopOnError}
   */
  readonly concurrency?: number | undefined;
}

/** What batches that collect errors take. */
export interface CollectOptions extends BatchOptions {
  /**
   * Whether the first error ends the batch; it is in the result all the same.
   * Excludes a `concurrency` other than 1.
   *
   * @default {false}
   */
  readonly stopOnError?: boolean | undefined;
}

/** Options of {@linkcode batchCopy}, {@linkcode batchUpload} and {@linkcode batchDownload}. */
export interface BatchCopyOptions extends CollectOptions {
  /**
   * Whether existing files are replaced.
   *
   * @default {false}
   */
  readonly overwrite?: boolean | undefined;
}

/** The options that every batch knows. */
export const BATCH: KnownOptions<BatchOptions> = {
  ...METHOD_OPTIONS.call,
  concurrency: "number",
};
/** The options that batches that collect errors know. */
export const COLLECT: KnownOptions<CollectOptions> = {
  ...BATCH,
  stopOnError: "boolean",
};
/** The options of copies. */
export const BATCH_COPY: KnownOptions<BatchCopyOptions> = {
  ...COLLECT,
  overwrite: "boolean",
};

/** How many calls are under way at once by default. */
const CONCURRENCY = 6;

/** Works on items and collects the errors of the store. */
export async function collect<T>(
  items: Items<T>,
  options: CollectOptions,
  act: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<BatchResult<T>> {
  const { stopOnError = false, signal } = options;
  const tried: T[] = [];
  const failed: BatchFailure<T>[] = [];
  const lanes = lanesOf(options, stopOnError);
  await runLanes(
    checked(items),
    { lanes, signal },
    async (item, index, signal) => {
      try {
        await act(item, signal);
        tried[index] = item;
        return true;
      } catch (error) {
        failed.push(failure(item, index, collectable(error, signal)));
        tried[index] = item;
        return !stopOnError;
      }
    },
  );
  return toResult(tried, failed);
}

/** Refuses what is no list. */
export function checked<T>(items: Items<T>): Items<T> {
  // A single path is iterable too, by its characters.
  const iterable = typeof items === "object" && items !== null &&
    (Symbol.iterator in items || Symbol.asyncIterator in items);
  if (iterable) return items;
  throw new InvalidArgumentError("Cannot run the batch: its items are no list");
}

/** Returns how many calls may be under way at once. */
export function lanesOf(options: BatchOptions, oneByOne = false): number {
  const { concurrency = oneByOne ? 1 : CONCURRENCY } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new InvalidArgumentError(
      `Cannot run the batch: concurrency is ${concurrency}, at least 1 is needed`,
    );
  }
  if (!oneByOne || concurrency === 1) return concurrency;
  throw new InvalidArgumentError(
    "Cannot run the batch: stopOnError needs a concurrency of 1",
  );
}

/** Refuses an item that is no pair. */
export function requirePair<T extends readonly [unknown, unknown]>(
  action: string,
  what: string,
  pair: T,
): T {
  if (Array.isArray(pair) && pair.length === 2) return pair;
  throw new InvalidArgumentError(
    `Cannot ${action}: an item is no pair of ${what}`,
  );
}
