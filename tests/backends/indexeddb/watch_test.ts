import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { Wait, watchOf } from "../../../backends/indexeddb/watch.ts";

const TICK_MS = 5;

function wait(): { wait: Wait; ended: unknown[] } {
  const ended: unknown[] = [];
  return { wait: new Wait((reason) => ended.push(reason)), ended };
}

const nameOf = (reason: unknown) => (reason as DOMException).name;

Deno.test("IDB-001 what does not end is ended after so many looks, and nothing else", async () => {
  const watch = watchOf(new EventTarget(), TICK_MS);
  const [hanging, working, done] = [wait(), wait(), wait()];
  for (const one of [hanging, working, done]) watch.add(one.wait);
  watch.limit(hanging.wait, 3);
  watch.limit(done.wait, 3);
  watch.remove(done.wait);
  // Too late.
  watch.limit(done.wait, 1);
  while (hanging.ended.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  assertEquals(hanging.ended.map(nameOf), ["TimeoutError"]);
  assert(hanging.wait.isStuck);
  assertEquals([working.ended, done.ended], [[], []]);
  watch.remove(hanging.wait);
  watch.remove(working.wait);
});

Deno.test("IDB-001 the shorter limit counts, whichever came first", () => {
  const watch = watchOf(new EventTarget(), TICK_MS);
  const { wait: one } = wait();
  watch.add(one);
  watch.limit(one, 5);
  watch.limit(one, 30);
  assertEquals(one.ticks, 5);
  watch.limit(one, 2);
  assertEquals(one.ticks, 2);
  watch.remove(one);
});

Deno.test("IDB-001 a page that was frozen has one look behind it, however long it was", async () => {
  const watch = watchOf(new EventTarget(), TICK_MS);
  const { wait: one, ended } = wait();
  watch.add(one);
  watch.limit(one, 4);
  // The page's thread does nothing else, as in a frozen page: its timer is due once.
  const end = performance.now() + 10 * TICK_MS;
  while (performance.now() < end);
  assertEquals([one.ticks, ended], [4, []]);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert(one.ticks >= 3, `${one.ticks} looks are left`);
  watch.remove(one);
});

Deno.test("IDB-007 a connection has one listener, which ends all that runs on it", () => {
  const db = new EventTarget();
  let listeners = 0;
  const add = db.addEventListener.bind(db);
  db.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  const all = Array.from({ length: 100 }, wait);
  for (const one of all) watchOf(db, TICK_MS).add(one.wait);
  assertStrictEquals(watchOf(db), watchOf(db));
  assertEquals(listeners, 1);
  db.dispatchEvent(new Event("close"));
  for (const { ended, wait } of all) {
    assertEquals(ended.map(nameOf), ["AbortError"]);
    assert(!wait.isStuck);
    watchOf(db).remove(wait);
  }
});
