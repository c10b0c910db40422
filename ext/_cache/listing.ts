// This module is browser compatible.
import type { CallOptions, FileInfo, FolderEntry } from "../../mod.ts";
import type { CacheKey } from "./backend.ts";
import type { CacheState } from "./state.ts";
import { LISTINGS, ownCopy } from "./values.ts";

/** Returns the key of a listing: what it was asked, but for the signal. */
export function listingKey(
  operation: string,
  root: string,
  path: string,
  options: CallOptions = {},
): CacheKey {
  const { signal: _, ...asked } = options;
  const text = JSON.stringify(asked, Object.keys(asked).sort());
  return [LISTINGS, operation, root, path, text];
}

/** Returns a listing that comes out of the cache, or goes into it as a whole. */
export function cachedListing<T extends FileInfo | FolderEntry>(
  state: CacheState,
  key: CacheKey,
  options: CallOptions,
  list: (options: CallOptions) => AsyncIterable<T>,
): AsyncIterable<T> {
  // Checks the arguments, here and now, and asks nothing.
  const uncached = list(options);
  async function* iterate(): AsyncGenerator<T> {
    const found = await state.through(
      key,
      options.signal,
      async (signal) => {
        const value: T[] = [];
        for await (const item of list({ ...options, signal })) {
          // Remembered as too long: the next ones do not try again.
          if (value.length >= state.limits.maxListingSize) {
            return { value: null };
          }
          value.push(item);
        }
        return { value };
      },
    );
    if (found === null) return yield* uncached;
    for (const item of found) {
      options.signal?.throwIfAborted();
      yield ownCopy(item);
    }
  }
  return { [Symbol.asyncIterator]: iterate };
}
