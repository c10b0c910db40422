import { assert, assertEquals, assertRejects } from "@std/assert";
import { inTurn, isAwaited, takesTurns } from "../../../ext/_resume/turns.ts";
import { withoutLocks } from "./fixture.ts";

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

Deno.test("RES-007 one at a time is at one place, and it is known who waits", async () => {
  assert(takesTurns());
  const order: string[] = [];
  const first = inTurn("a", async () => {
    order.push("begins");
    assertEquals(await isAwaited("b"), false);
    while (!await isAwaited("a")) await wait(1);
    order.push("ends");
  }, undefined);
  const second = inTurn(
    "a",
    () => Promise.resolve(order.push("second")),
    undefined,
  );
  const other = inTurn(
    "b",
    () => Promise.resolve(order.push("other")),
    undefined,
  );
  await Promise.all([first, second, other]);
  assertEquals(order.filter((one) => one !== "other"), [
    "begins",
    "ends",
    "second",
  ]);
  assertEquals(await isAwaited("a"), false);
});

Deno.test("RES-011 a pause ends the wait for a turn with its reason", async () => {
  const pause = new AbortController();
  await inTurn("c", async () => {
    const waiting = inTurn(
      "c",
      () => Promise.reject(new Error("its turn")),
      pause.signal,
    );
    pause.abort(new Error("enough"));
    await assertRejects(() => waiting, Error, "enough");
  }, undefined);
});

Deno.test("RES-007 without locks nobody waits", async () => {
  await withoutLocks(async () => {
    assert(!takesTurns());
    await inTurn(
      "d",
      () => inTurn("d", () => Promise.resolve(), undefined),
      undefined,
    );
    assertEquals(await isAwaited("d"), false);
  });
});
