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

Deno.test("WAIT-001: deadline() ends by itself, unless it is released", async () => {
  const late = deadline(1);
  const released = deadline(1);
  released.release();
  await new Promise((resolve) => late.signal.onabort = resolve);
  assertEquals(late.signal.reason.name, "TimeoutError");
  await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals(released.signal.aborted, false);
});
