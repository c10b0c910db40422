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
  options: CallOptions | undefined,
): CacheKey {
  const { signal: _, ...asked } = options ?? {};
  const text = JSON.stringify(asked, Object.keys(asked).sort());
  return [LISTINGS, operation, root, path, text];
}

/** Returns a listing that comes out of the cache, or goes into it as a whole. */
export function cachedListing<T extends FileInfo | FolderEntry>(
  state: CacheState,
  key: CacheKey,
  signal: AbortSignal | undefined,
  uncached: AsyncIterable<T>,
  list: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncIterable<T> {
  async function* iterate(): AsyncGenerator<T> {
    const found = await state.through(
      key,
      signal,
      async (signal) => {
        const value: T[] = [];
        for await (const item of list(signal)) {
          // Remembered as too long: the next ones do not try again.
          if (value.length >= state.limits.maxListingSize) {
            return { value: null };
          }
          value.push(item);
        }
        return { value: Object.freeze(value) };
      },
    );
    if (found === null) return yield* uncached;
    for (const item of found) {
      signal?.throwIfAborted();
      yield ownCopy(item);
    }
  }
  return { [Symbol.asyncIterator]: iterate };
}
