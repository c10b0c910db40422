// This module is browser compatible.
import { attach, type Call, toOutside } from "./boundary.ts";
import type { Passage } from "./paging.ts";

/** Begins a walk: yields arrays of items, and sends what it asks through the passage. */
export type Produce<T> = (passage: Passage) => AsyncGenerator<readonly T[]>;

/**
 * Returns an iterable whose every iteration is a walk of its own. Leaving it early ends
 * the requests in flight. One that is dropped is forgotten: between requests neither the
 * caller's signal nor the backend knows of it.
 */
export function iterate<T>(
  call: Call,
  produce: Produce<T>,
): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => iteratorOf(call, produce) };
}

/**
 * An iteration: hands out the items of the page at hand, without a generator for each.
 * From the second page on the next one, and no other, is asked for meanwhile.
 */
function iteratorOf<T>(
  call: Call,
  produce: Produce<T>,
): AsyncIterator<T> {
  const stop = new AbortController();
  const rest = produce(passageOf(call, stop));
  let isLeft = false;
  let page: readonly T[] = [];
  let at = 0;
  let pages = 0;
  let ahead: Promise<IteratorResult<readonly T[]>> | null = null;
  let loading: Promise<IteratorResult<T>> | null = null;
  let waiting = 0;
  const take = (): IteratorResult<T> => ({
    done: false,
    value: page[at++] as T,
  });
  const load = async (): Promise<IteratorResult<T>> => {
    try {
      if (!isLeft) call.mount.reach(call.signal);
      while (at >= page.length) {
        const step = ahead ?? rest.next();
        ahead = null;
        const { done, value } = await step;
        if (done) {
          isLeft = true;
          return { done, value };
        }
        page = value;
        at = 0;
        // Who takes a second page wants them all; most take the first alone.
        if (++pages < 2) continue;
        ahead = rest.next();
        ahead.catch(() => {});
      }
      return take();
    } catch (error) {
      // Left by the caller, so there is nobody to tell.
      if (!isLeft || call.signal?.aborted) {
        isLeft = true;
        page = [];
        stop.abort();
        rest.return(undefined).catch(() => {});
        throw toOutside(error, call);
      }
      return { done: true, value: undefined };
    } finally {
      // Here, and not when the promise settles: the next call comes before that is known.
      if (--waiting === 0) loading = null;
    }
  };
  return {
    next() {
      // What has ended ends with what is at hand, too: else it would look like the end.
      const isEnded = call.signal?.aborted || call.mount.lifecycle.closed;
      if (loading === null && at < page.length && !isEnded) {
        return Promise.resolve(take());
      }
      waiting++;
      loading = loading === null ? load() : loading.then(load, load);
      return loading;
    },
    async return() {
      isLeft = true;
      stop.abort();
      page = [];
      await rest.return(undefined);
      return { done: true, value: undefined };
    },
  };
}

function passageOf(call: Call, stop: AbortController): Passage {
  let inFlight = 0;
  let letGo = () => {};
  return {
    signal: stop.signal,
    async during(request) {
      if (inFlight++ === 0) letGo = attach(call, stop);
      try {
        return await request();
      } finally {
        if (--inFlight === 0) letGo();
      }
    },
  };
}
