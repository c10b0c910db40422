// This module is browser compatible.
import type { StoreStart } from "./event.ts";
import type { Reporter } from "./reporter.ts";

/** Returns a listing whose every iteration is an operation, reported when it ends. */
export function watchListing<T>(
  items: AsyncIterable<T>,
  reporter: Reporter,
  begin: () => StoreStart,
): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => iterate(items, reporter, begin) };
}

async function* iterate<T>(
  items: AsyncIterable<T>,
  reporter: Reporter,
  begin: () => StoreStart,
): AsyncGenerator<T> {
  let [count, complete, left] = [0, false, false];
  let wake = () => {};
  let give: (step: IteratorResult<T>) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const expect = () => {
    const step = new Promise<IteratorResult<T>>((resolve, reject) => {
      give = resolve;
      fail = reject;
    });
    // Thrown where the step is asked for.
    step.catch(() => {});
    return step;
  };
  // The operation is the iteration. All of its steps are taken here, so that they are
  // inside of what the hook around it has set up: a span, an asynchronous context.
  const work = async () => {
    const inner = items[Symbol.asyncIterator]();
    while (!left) {
      const step = await inner.next();
      if (step.done) {
        complete = true;
        return;
      }
      count++;
      const woken = new Promise<void>((resolve) => wake = resolve);
      give(step);
      await woken;
    }
    await inner.return?.();
  };
  const describe = () => ({ count, complete });
  let next = expect();
  const over = reporter.run(begin(), work, {
    describe,
    describeFailure: describe,
  });
  const leave = () => {
    left = true;
    wake();
  };
  over.then(() => give({ done: true, value: undefined }), (error) => {
    fail(error);
    // Where the hook has given up before, the items are let go.
    leave();
  });
  try {
    for (;;) {
      const step = await next;
      if (step.done) return;
      next = expect();
      yield step.value;
      wake();
    }
  } finally {
    leave();
    await over;
  }
}
