// This module is browser compatible.
import {
  type OpenFile,
  type OpenOptions,
  type StoreLike,
  withGrace,
} from "../../mod.ts";

/** Opens a file, and cancels what comes when nobody waits for it any more. */
export function opened(
  store: Pick<StoreLike, "open">,
  path: string,
  options: OpenOptions & { readonly missingOk?: false | undefined },
): Promise<OpenFile> {
  const { signal } = options;
  return withGrace(
    store.open(path, options),
    signal,
    ({ body }) => body?.cancel(signal?.reason),
  );
}

/**
 * Waits for work that may heed no signal: an abort ends the wait with its reason. What
 * the work gives all the same goes to `late`, so that it can be let go.
 */
export function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  late?: (value: T) => unknown,
): Promise<T> {
  return withGrace(work, signal, late, 0);
}
