import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "@remote-store/core";
import { BufferedObserver } from "../../../ext/_observe/buffer.ts";
import type { StoreEvent } from "../../../ext/_observe/event.ts";

const event = (path: string) => ({ path }) as StoreEvent;

/** An observer without a timer, and the batches that it handed on. */
function buffer(maxQueue?: number) {
  const batches: string[][] = [];
  const observer = new BufferedObserver(
    (events) => batches.push(events.map(({ path }) => path)),
    { flushInterval: null, maxQueue },
  );
  return { observer, batches };
}

Deno.test("OBS-006 events are handed on in one batch, in order, and once", async () => {
  const { observer, batches } = buffer();
  for (const path of ["a", "b", "c"]) observer.onEvent(event(path));
  await observer.flush();
  await observer.flush();
  assertEquals(batches, [["a", "b", "c"]]);
});

Deno.test("OBS-006 a full queue drops the newest and counts them", async () => {
  const { observer, batches } = buffer(2);
  for (const path of ["a", "b", "c", "d"]) observer.onEvent(event(path));
  await observer.flush();
  assertEquals([batches, observer.dropped], [[["a", "b"]], 2]);
});

Deno.test("OBS-006 flush takes what comes while a batch is under way, one batch at a time", async () => {
  let running = 0;
  const batches: number[] = [];
  const observer = new BufferedObserver(async (events) => {
    assertEquals(++running, 1);
    if (batches.length === 0) observer.onEvent(event("late"));
    await new Promise((resolve) => setTimeout(resolve, 0));
    running--;
    batches.push(events.length);
  }, { flushInterval: null });
  observer.onEvent(event("a"));
  observer.onEvent(event("b"));
  await Promise.all([observer.flush(), observer.flush()]);
  assertEquals(batches, [2, 1]);
});

Deno.test("OBS-006 a flush that never ends holds up no other for ever", async () => {
  // As in Workers, where what a request has begun ends with it.
  const { setTimeout } = globalThis;
  globalThis.setTimeout = ((act: () => void) => setTimeout(act, 0)) as never;
  try {
    const batches: string[][] = [];
    const observer = new BufferedObserver((events) => {
      batches.push(events.map(({ path }) => path));
      if (batches.length === 1) return new Promise<void>(() => {});
    }, { flushInterval: null });
    observer.onEvent(event("a"));
    observer.flush();
    await Promise.resolve();
    observer.onEvent(event("b"));
    await Promise.all([observer.flush(), observer.flush()]);
    observer.onEvent(event("c"));
    await observer.flush();
    assertEquals(batches, [["a"], ["b"], ["c"]]);
  } finally {
    globalThis.setTimeout = setTimeout;
  }
});

Deno.test("OBS-006 a handler that fails rejects the flush; the batch is counted as dropped, the next one goes out", async () => {
  let failing = true;
  const seen: number[] = [];
  const observer = new BufferedObserver((events) => {
    if (failing) throw new Error("down");
    seen.push(events.length);
  }, { flushInterval: null });
  observer.onEvent(event("a"));
  await assertRejects(() => observer.flush(), Error, "down");
  failing = false;
  observer.onEvent(event("b"));
  await observer.flush();
  assertEquals([seen, observer.dropped], [[1], 1]);
});

Deno.test("OBS-006 close hands on the rest, stops the timer and drops what comes later", async () => {
  const batches: number[] = [];
  {
    await using observer = new BufferedObserver(
      (events) => batches.push(events.length),
      { flushInterval: 60_000 },
    );
    observer.onEvent(event("a"));
    await observer.close();
    observer.onEvent(event("b"));
    assertEquals(observer.dropped, 1);
  }
  assertEquals(batches, [1]);
});

Deno.test("OBS-006 the timer hands on after the interval, and tells what failed", async () => {
  const failed = await new Promise((resolve) => {
    const observer = new BufferedObserver(() => {
      throw new Error("down");
    }, { flushInterval: 1, onError: resolve });
    observer.onEvent(event("a"));
  });
  assert(failed instanceof Error && failed.message === "down");
});

Deno.test("OBS-006 an interval that no timer can count waits, and is not none", async () => {
  for (const flushInterval of [Infinity, 2 ** 31]) {
    const batches: number[] = [];
    await using observer = new BufferedObserver(
      (events) => batches.push(events.length),
      { flushInterval },
    );
    observer.onEvent(event("a"));
    await new Promise((resolve) => setTimeout(resolve, 10));
    assertEquals(batches, []);
  }
});

Deno.test("OBS-006 what is told of a failed flush may fail itself, and nobody is bothered", async () => {
  for (
    const complain of [
      () => {
        throw new Error("down, too");
      },
      () => Promise.reject(new Error("down, too")),
    ]
  ) {
    await new Promise<void>((resolve) => {
      const observer = new BufferedObserver(() => {
        throw new Error("down");
      }, {
        flushInterval: 1,
        onError: () => {
          // The test runner fails on what is rejected unhandled until then.
          setTimeout(resolve, 5);
          return complain();
        },
      });
      observer.onEvent(event("a"));
    });
  }
});

Deno.test("OBS-006 limits that are none are refused", () => {
  for (
    const options of [
      { maxQueue: 0 },
      { maxQueue: 1.5 },
      { flushInterval: 0 },
      { flushInterval: NaN },
    ]
  ) {
    assertThrows(
      () => new BufferedObserver(() => {}, options),
      InvalidArgumentError,
    );
  }
});
