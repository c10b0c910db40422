import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  deadline,
  joinSignals,
  onAbort,
  untilAborted,
} from "../../core/signal.ts";

Deno.test("SIO-005 joinSignals() follows both, and makes nothing where one is given", () => {
  for (const ended of [0, 1]) {
    const both = [new AbortController(), new AbortController()] as const;
    const joined = joinSignals(both[0].signal, both[1].signal);
    assert(!joined.aborted);
    both[ended]?.abort("why");
    assertEquals(joined.reason, "why");
  }
  const { signal } = new AbortController();
  assertStrictEquals(joinSignals(signal, undefined), signal);
  assertStrictEquals(joinSignals(undefined, signal), signal);
  assertStrictEquals(joinSignals(undefined, undefined), undefined);
});

Deno.test("SIO-005 onAbort() acts once with the reason, and not after it was let go", () => {
  const seen: unknown[] = [];
  const controller = new AbortController();
  onAbort(controller.signal, (reason) => seen.push(reason));
  const release = onAbort(controller.signal, () => seen.push("released"));
  release();
  assertEquals(seen, []);
  controller.abort("why");
  controller.signal.dispatchEvent(new Event("abort"));
  assertEquals(seen, ["why"]);
  onAbort(controller.signal, (reason) => seen.push(reason));
  assertEquals(seen, ["why", "why"]);
  onAbort(undefined, () => seen.push("never"))();
  assertEquals(seen.length, 2);
});

Deno.test("SIO-005 untilAborted() ends its wait with the abort, and else with the work", async () => {
  const stop = new AbortController();
  const never = new Promise<never>(() => {});
  const wait = untilAborted(never, stop.signal).catch((reason) => reason);
  assertEquals(await untilAborted(Promise.resolve(1), stop.signal), 1);
  const failed = untilAborted(Promise.reject("no"), stop.signal);
  assertEquals(await failed.catch((reason) => reason), "no");
  stop.abort("why");
  assertEquals(await wait, "why");
  const late = untilAborted(Promise.reject("unheard"), stop.signal);
  assertEquals(await late.catch((reason) => reason), "why");
});

Deno.test("SIO-005 onAbort() adds one listener to a signal, and takes it away with the last wait", () => {
  const { signal } = new AbortController();
  let added = 0;
  let removed = 0;
  const own = {
    add: signal.addEventListener,
    remove: signal.removeEventListener,
  };
  signal.addEventListener = (...args: unknown[]) => {
    added++;
    (own.add as (...args: unknown[]) => void).apply(signal, args);
  };
  signal.removeEventListener = (...args: unknown[]) => {
    removed++;
    (own.remove as (...args: unknown[]) => void).apply(signal, args);
  };
  for (let round = 1; round <= 2; round++) {
    const waits = Array.from({ length: 100 }, () => onAbort(signal, () => {}));
    assertEquals([added, removed], [round, round - 1]);
    for (const letGo of waits) letGo();
    // Once more has no effect.
    waits[0]?.();
    assertEquals([added, removed], [round, round]);
  }
});

Deno.test("SIO-005 onAbort() tells all in their order, whom one lets go of no more, and those behind one that throws", async () => {
  const controller = new AbortController();
  const seen: unknown[] = [];
  const thrown = new Promise((resolve) =>
    addEventListener("error", (event) => {
      event.preventDefault();
      resolve(event.error);
    }, { once: true })
  );
  const wait = (name: string, act = () => {}) =>
    onAbort(controller.signal, () => {
      seen.push(name);
      act();
    });
  wait("one", () => letGo());
  const letGo = wait("let go of");
  const error = new Error("of a wait");
  wait("throws", () => {
    throw error;
  });
  wait("late", () => wait("later"));
  controller.abort();
  assertEquals(seen, ["one", "throws", "late", "later"]);
  assertStrictEquals(await thrown, error);
});

Deno.test("WAIT-001: deadline() ends by itself, unless it is released", async () => {
  const late = deadline(1);
  const released = deadline(1);
  released.release();
  await new Promise((resolve) => late.signal.onabort = resolve);
  assertEquals(late.signal.reason.name, "TimeoutError");
  await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals(released.signal.aborted, false);
});
