import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { runLanes } from "../../../ext/_batch/lanes.ts";

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

Deno.test("runLanes() works on every item once, never on more than there are lanes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      async (items, lanes, asynchronous) => {
        const seen: [number, number][] = [];
        let running = 0;
        let most = 0;
        const source = asynchronous
          ? (async function* () {
            yield* items;
          })()
          : items;
        await runLanes(source, { lanes, signal: undefined }, async (n, i) => {
          most = Math.max(most, ++running);
          for (let pause = 0; pause < n; pause++) await Promise.resolve();
          running--;
          seen.push([i, n]);
          return true;
        });
        assert(most <= lanes);
        assertEquals(
          seen.sort(([a], [b]) => a - b),
          items.map((n, i): [number, number] => [i, n]),
        );
      },
    ),
    { numRuns: 200, seed: 20 },
  );
});

Deno.test("runLanes() never calls next() of an iterator twice at once", async () => {
  let waiting = false;
  let given = 0;
  const source = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        assert(!waiting, "two next at once");
        waiting = true;
        await turn();
        waiting = false;
        return { done: given === 10, value: given++ };
      },
    }),
  };
  let done = 0;
  await runLanes(source, { lanes: 4, signal: undefined }, async () => {
    await turn();
    done++;
    return true;
  });
  assertEquals(done, 10);
});

Deno.test("runLanes() aborts and awaits the others before it rejects", async () => {
  const settled: number[] = [];
  await assertRejects(
    () =>
      runLanes(
        [0, 1, 2, 3, 4, 5],
        { lanes: 3, signal: undefined },
        async (n, _, signal) => {
          await turn();
          if (n === 1) throw new Error("one");
          await turn();
          assert(signal.aborted);
          settled.push(n);
          throw new Error("later");
        },
      ),
    Error,
    "one",
  );
  assertEquals(settled, [0, 2]);
});

Deno.test("runLanes() closes what it takes from, on every way out", async () => {
  for (const way of ["end", "stop", "throw", "abort"]) {
    let closed = 0;
    const source = (function* () {
      try {
        for (let i = 0; i < 5; i++) yield i;
      } finally {
        closed++;
      }
    })();
    const controller = new AbortController();
    const run = runLanes(
      source,
      { lanes: 2, signal: controller.signal },
      // deno-lint-ignore require-await -- what it throws has to reject
      async (n) => {
        if (n === 1 && way === "throw") throw new Error("thrown");
        if (n === 1 && way === "abort") controller.abort("reason");
        return way !== "stop";
      },
    );
    const error = await run.then(() => null, (error) => error);
    assertEquals(closed, 1, way);
    if (way === "throw") assertEquals(error.message, "thrown");
    else assertEquals(error, way === "abort" ? "reason" : null);
  }
});

Deno.test("runLanes() passes on what its source throws, and what closing it throws", async () => {
  const failing = (where: "next" | "return") => ({
    [Symbol.asyncIterator]: () => ({
      next: () =>
        where === "next"
          ? Promise.reject(new Error("next"))
          : Promise.resolve({ done: false, value: 1 }),
      return: () => Promise.reject(new Error("return")),
    }),
  });
  const stop = () => Promise.resolve(false);
  const options = { lanes: 2, signal: undefined };
  await assertRejects(
    () => runLanes(failing("next"), options, stop),
    Error,
    "next",
  );
  await assertRejects(
    () => runLanes(failing("return"), options, stop),
    Error,
    "return",
  );
});

Deno.test("runLanes() ends by an abort while its source says nothing", async () => {
  const controller = new AbortController();
  const source = (async function* () {
    yield 1;
    await new Promise(() => {});
  })();
  const run = runLanes(
    source,
    { lanes: 2, signal: controller.signal },
    () => Promise.resolve(true),
  );
  await turn();
  controller.abort("enough");
  assertEquals(await run.catch((error) => error), "enough");
});
