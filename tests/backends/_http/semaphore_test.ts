import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { Semaphore } from "../../../backends/_http/semaphore.ts";

/** Enters for each name, in order; `inside` has those who are in. */
function line(semaphore: Semaphore, names: string) {
  const inside: string[] = [];
  const signals = new Map<string, AbortController>();
  const waits = [...names].map(async (name) => {
    const control = new AbortController();
    signals.set(name, control);
    await semaphore.enter(control.signal);
    inside.push(name);
  });
  return { inside, signals, waits };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("FLOW-001: as many as there are places are in at once, the others come in their order", async () => {
  const semaphore = new Semaphore(2);
  const { inside, waits } = line(semaphore, "abcde");
  await settled();
  assertEquals(inside.join(""), "ab");
  semaphore.leave();
  await settled();
  assertEquals(inside.join(""), "abc");
  semaphore.leave();
  semaphore.leave();
  await Promise.all(waits);
  assertEquals(inside.join(""), "abcde");
});

Deno.test("FLOW-001: who comes later does not pass by who waits", async () => {
  const semaphore = new Semaphore(1);
  const { inside, waits } = line(semaphore, "ab");
  await settled();
  semaphore.leave();
  // The place is b's already, though b has not gone on yet.
  assertEquals(semaphore.enter(undefined) === null, false);
  await Promise.all(waits);
  assertEquals(inside.join(""), "ab");
});

Deno.test("FLOW-002: who is aborted leaves the line with the signal's reason, wherever in it", async () => {
  for (const [gone, left] of [["b", "cd"], ["c", "bd"], ["d", "bc"]] as const) {
    const semaphore = new Semaphore(1);
    const { inside, signals, waits } = line(semaphore, "abcd");
    const reason = new Error("no more");
    signals.get(gone)!.abort(reason);
    const error = await waits["abcd".indexOf(gone)]!.catch((error) => error);
    assertStrictEquals(error, reason);
    for (const _ of "abc") {
      semaphore.leave();
      await settled();
    }
    assertEquals(inside.join(""), `a${left}`);
    assertEquals(semaphore.isAwaited, false);
    assertEquals(semaphore.enter(undefined), null, "and the place is free");
  }
});

Deno.test("FLOW-002: an aborted signal takes no place", async () => {
  const semaphore = new Semaphore(1);
  const reason = new Error("no");
  await assertRejects(
    async () => await semaphore.enter(AbortSignal.abort(reason)),
    Error,
    "no",
  );
  assertEquals(semaphore.enter(undefined), null);
});

Deno.test("FLOW-001: a place that was missing is made up for when nobody waits", async () => {
  const semaphore = new Semaphore(1);
  const { inside, waits } = line(semaphore, "ab");
  semaphore.admit();
  await Promise.all(waits);
  assertEquals(inside.join(""), "ab");
  semaphore.leave();
  const late = line(semaphore, "c");
  await settled();
  assertEquals(late.inside, [], "one is still in, as many as may be");
  semaphore.leave();
  await Promise.all(late.waits);
});

Deno.test("FLOW-001: without a bound nobody waits", () => {
  const semaphore = new Semaphore(Infinity);
  for (let i = 0; i < 1000; i++) assertEquals(semaphore.enter(undefined), null);
});
