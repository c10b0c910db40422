import { assert, assertEquals, assertRejects } from "@std/assert";
import { watchListing } from "../../../ext/_observe/listing.ts";
import { Reporter } from "../../../ext/_observe/reporter.ts";

const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("watchListing() begins once, however often the hook around it calls next", async () => {
  let begun = 0;
  let ended = 0;
  async function* items() {
    begun++;
    try {
      yield 1;
    } finally {
      ended++;
    }
  }
  const reporter = new Reporter({
    around: (_, next) => Promise.all([next(), next()]),
  }, "memory");
  const listing = watchListing(
    { [Symbol.asyncIterator]: items },
    reporter,
    () => reporter.start("list_files", "", "a"),
  );
  assertEquals(await Array.fromAsync(listing), [1]);
  assertEquals([begun, ended], [1, 1]);
});

Deno.test("watchListing() begins nothing for an iteration that is left before its first step", async () => {
  let begun = 0;
  const reporter = new Reporter({}, "memory");
  const listing = watchListing(
    (async function* () {
      yield 1;
    })(),
    reporter,
    () => {
      begun++;
      return reporter.start("list_files", "", "");
    },
  );
  const iterator = listing[Symbol.asyncIterator]();
  assertEquals(await iterator.return?.(), { done: true, value: undefined });
  assert((await iterator.next()).done);
  assertEquals(begun, 0);
});

/** Numbers, as a listing that tells when it is let go. */
function counting(failAt = Infinity) {
  const seen = { pulled: 0, letGo: 0 };
  const items = {
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          await tick();
          if (seen.pulled === failAt) throw new Error("broken");
          yield seen.pulled++;
        }
      } finally {
        seen.letGo++;
      }
    },
  };
  return { items, seen };
}

Deno.test("OBS-017 steps that are asked for at once are taken one after another, none twice", async () => {
  const { items, seen } = counting();
  const reporter = new Reporter({}, "memory");
  const listing = watchListing(
    items,
    reporter,
    () => reporter.start("list_files", "", ""),
  );
  const iterator = listing[Symbol.asyncIterator]();
  const steps = [1, 2, 3].map(() => iterator.next());
  const left = iterator.return?.();
  const after = iterator.next();
  assertEquals(
    (await Promise.all(steps)).map(({ value }) => value),
    [0, 1, 2],
  );
  assertEquals([(await left)?.done, (await after).done], [true, true]);
  assertEquals(seen, { pulled: 3, letGo: 1 });
});

Deno.test("OBS-017 nothing is pulled ahead of who iterates", async () => {
  const { items, seen } = counting();
  const reporter = new Reporter(
    { around: async (_, next) => await next() },
    "memory",
  );
  const listing = watchListing(
    items,
    reporter,
    () => reporter.start("list_files", "", ""),
  );
  for await (const item of listing) {
    await tick();
    await tick();
    assertEquals(seen.pulled, item + 1);
    if (item === 2) break;
  }
  assertEquals(seen.letGo, 1);
});

Deno.test("OBS-017 a failed listing says how far it came, and is over", async () => {
  const events: unknown[] = [];
  const { items } = counting(2);
  const reporter = new Reporter(
    { onAny: ({ status, metadata }) => events.push([status, metadata]) },
    "memory",
  );
  const iterator = watchListing(
    items,
    reporter,
    () => reporter.start("list_files", "", ""),
  )[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.next();
  await assertRejects(() => iterator.next(), Error, "broken");
  assertEquals((await iterator.next()).done, true);
  assertEquals(events, [["error", { count: 2, complete: false }]]);
});

Deno.test("OBS-017 a hook that gives a listing up lets it go, and the next step says why", async () => {
  const { items, seen } = counting();
  let giveUp = () => {};
  const given = new Promise<void>((_, reject) =>
    giveUp = () => reject(new Error("given up"))
  );
  const reporter = new Reporter(
    { around: (_, next) => Promise.race([next(), given]) },
    "memory",
  );
  const iterator = watchListing(
    items,
    reporter,
    () => reporter.start("list_files", "", ""),
  )[Symbol.asyncIterator]();
  assertEquals((await iterator.next()).value, 0);
  giveUp();
  await tick();
  await tick();
  assertEquals(seen.letGo, 1);
  await assertRejects(() => iterator.next(), Error, "given up");
  assertEquals((await iterator.next()).done, true);
});
