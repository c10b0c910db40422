// This module is browser compatible.
import { onAbort } from "./signal.ts";

/** How long what is below may take to end after an abort, in milliseconds. */
const GRACE_MS = 1000;

/**
 * Waits for work that is to end by the signal. After an abort it has a second to do so, in
 * which it lets go of what it holds; what ignores the signal is left behind then. Rejects
 * with `signal.reason`, unchanged, if it fails once that is aborted. For functions of your
 * own over stores, iterators, handles and streams that are not yours.
 *
 * @example A function that ends, whatever the store does
 * ```ts
 * import { withGrace } from "@remote-store/core";
 * import { assertEquals } from "@std/assert";
 *
 * const deaf = new Promise<string>(() => {});
 * const signal = AbortSignal.abort("enough");
 * const error = await withGrace(deaf, signal).catch((reason) => reason);
 * assertEquals(error, "enough");
 * ```
 *
 * @param late Gets what the work gives once it has been left, to let it go.
 * @param milliseconds How long it may take after the abort.
 */
export async function withGrace<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  late: (value: T) => unknown = () => {},
  milliseconds: number = GRACE_MS,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let letGo = () => {};
  const left = new Promise<never>((_, reject) => {
    letGo = onAbort(signal, (reason) => {
      timer = setTimeout(() => {
        reject(reason);
        work.then(late).catch(() => {});
      }, milliseconds);
    });
  });
  try {
    return await Promise.race([work, left]);
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    letGo();
    clearTimeout(timer);
  }
}
