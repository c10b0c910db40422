import { assert, assertEquals } from "@std/assert";
import { Flights } from "../../../ext/_cache/flights.ts";

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Waits for others until it is told that this takes too long. */
function impatient(): Disposable & { late(): void } {
  const { clearTimeout, setTimeout } = globalThis;
  const waiting = new Map<number, () => void>();
  let last = 0;
  globalThis.setTimeout = ((act: () => void, milliseconds: number) => {
    // The tests' own turns are no waits for others.
    if (milliseconds < 1000) return setTimeout(act, milliseconds);
    waiting.set(--last, act);
    return last;
  }) as never;
  globalThis.clearTimeout =
    ((id: number) => void (waiting.delete(id) || clearTimeout(id))) as never;
  return {
    late() {
      const acts = [...waiting.values()];
      waiting.clear();
      for (const act of acts) act();
    },
    [Symbol.dispose]: () =>
      void Object.assign(globalThis, { clearTimeout, setTimeout }),
  };
}

Deno.test("Flights: who asks for the same at once shares the request, who comes later does not", async () => {
  const flights = new Flights();
  let asked = 0;
  const ask = () =>
    flights.join("x", ["x"], undefined, async () => {
      await turn();
      return ++asked;
    });
  assertEquals(await Promise.all([ask(), ask()]), [1, 1]);
  assertEquals(await ask(), 2);
});

Deno.test("Flights: who waits for one that never ends asks by itself, and lets others join", async () => {
  // As in Workers, where what a request has begun ends with it.
  using patience = impatient();
  const flights = new Flights();
  let asked = 0;
  const ask = () =>
    flights.join("x", ["x"], undefined, async () => {
      if (++asked === 1) await new Promise(() => {});
      await turn();
      return asked;
    });
  ask();
  const waiting = [ask(), ask(), ask()];
  patience.late();
  assertEquals(await Promise.all(waiting), [2, 2, 2]);
  assertEquals(await ask(), 3);
});

Deno.test("Flights: one that is slow keeps its own caller, and keeps nothing behind a change", async () => {
  using patience = impatient();
  const flights = new Flights();
  const kept: string[] = [];
  let answer = () => {};
  const slow = flights.join("x", ["x"], undefined, async (_, keep) => {
    await new Promise<void>((resolve) => answer = resolve);
    await keep(() => void kept.push("slow"));
    return "slow";
  });
  const asking = flights.join(
    "x",
    ["x"],
    undefined,
    () => Promise.resolve("own"),
  );
  patience.late();
  const other = await asking;
  await flights.change(["x"], () => Promise.resolve(), () => {});
  answer();
  assertEquals([await slow, other, kept], ["slow", "own", []]);
});

Deno.test("Flights: a change does not wait for ever for what never arrives in the cache", async () => {
  using patience = impatient();
  const flights = new Flights();
  const done: string[] = [];
  flights.join(
    "x",
    ["x"],
    undefined,
    async (_, keep) => await keep(() => new Promise<void>(() => {})),
  );
  const changed = flights.change(
    ["x"],
    () => Promise.resolve(),
    () => void done.push("invalidated"),
  );
  await turn();
  assertEquals(done, []);
  patience.late();
  await changed;
  assertEquals(done, ["invalidated"]);
});

Deno.test("Flights: what was asked for before a change is kept by nobody behind it", async () => {
  const flights = new Flights();
  const kept: string[] = [];
  let answer = () => {};
  const asked = flights.join("xa", ["a"], undefined, async (_, keep) => {
    await new Promise<void>((resolve) => answer = resolve);
    await keep(() => void kept.push("old"));
  });
  await flights.change(
    ["a"],
    () => Promise.resolve(),
    () => Promise.resolve(),
  );
  const later = flights.join("xa", ["a"], undefined, async (_, keep) => {
    await keep(() => void kept.push("new"));
  });
  answer();
  await Promise.all([asked, later]);
  assertEquals(kept, ["new"]);
});

Deno.test("Flights: a change waits for what is on its way into the cache, then invalidates, failed or not", async () => {
  const flights = new Flights();
  const order: string[] = [];
  const asked = flights.join(
    "x",
    ["x"],
    undefined,
    async (_, keep) =>
      await keep(async () => {
        await turn();
        order.push("kept");
      }),
  );
  const error = await flights.change(
    ["x"],
    () => Promise.reject(new Error("failed")),
    () => Promise.resolve(void order.push("invalidated")),
  ).catch((error) => error);
  await asked;
  assertEquals([error.message, order], ["failed", ["kept", "invalidated"]]);
});

Deno.test("Flights: who begins a request without a signal stays, whoever joins and leaves", async () => {
  const flights = new Flights();
  const told: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  const ask = (signal?: AbortSignal) =>
    flights.join("x", ["x"], signal, (signal) => {
      told.push(signal);
      return promise;
    });
  const first = ask();
  const leaving = new AbortController();
  const second = ask(leaving.signal).catch((error) => error);
  leaving.abort("left");
  assertEquals(await second, "left");
  resolve("there");
  assertEquals([await first, told], ["there", [undefined]]);
});

Deno.test("Flights: the last one to leave ends the request", async () => {
  const flights = new Flights();
  const [first, second] = [new AbortController(), new AbortController()];
  let ended = false;
  const ask = (signal: AbortSignal) =>
    flights.join(
      "x",
      ["x"],
      signal,
      (signal) =>
        new Promise((_, reject) =>
          signal?.addEventListener("abort", () => {
            ended = true;
            reject(signal?.reason);
          })
        ),
    ).catch((error) => error);
  const asked = [ask(first.signal), ask(second.signal)];
  first.abort(1);
  assertEquals(await asked[0], 1);
  assert(!ended);
  second.abort(2);
  assertEquals([await asked[1], ended], [2, true]);
});

Deno.test("CACHE-017 who asks behind a change joins nobody who may have found what it then dropped", async () => {
  const flights = new Flights();
  const cache = new Map([["x", "old"]]);
  const ask = (slow: Promise<unknown> | null) =>
    flights.join("x", ["x"], undefined, async () => {
      const found = cache.get("x") ?? "new";
      await slow;
      return found;
    });
  let answer = () => {};
  const slow = new Promise<void>((resolve) => answer = resolve);
  let meanwhile: Promise<string> | undefined;
  await flights.change(["x"], () => Promise.resolve(), async () => {
    // The change has been made, and the cache does not know of it yet.
    meanwhile = ask(slow);
    await turn();
    cache.delete("x");
  });
  const behind = ask(null);
  answer();
  assertEquals([await behind, await meanwhile], ["new", "old"]);
});

/** Counts the steps of all that goes through a Map or a Set. */
function countingSteps(): Disposable & { steps: number } {
  const prototypes = [Map.prototype, Set.prototype] as {
    [Symbol.iterator](): Iterator<unknown>;
  }[];
  const own = prototypes.map((prototype) => prototype[Symbol.iterator]);
  const counted = {
    steps: 0,
    [Symbol.dispose]() {
      prototypes.forEach((prototype, i) =>
        Object.assign(prototype, { [Symbol.iterator]: own[i] })
      );
    },
  };
  prototypes.forEach((prototype, i) => {
    Object.assign(prototype, {
      *[Symbol.iterator](this: unknown) {
        const items = own[i]?.call(this as Map<unknown, unknown>);
        for (let step = items?.next(); !step?.done; step = items?.next()) {
          counted.steps++;
          yield step?.value;
        }
      },
    });
  });
  return counted;
}

Deno.test("CACHE-019 requests and changes in flight together look at nothing of each other", async () => {
  /** The steps of so many reads and writes that are all under way at once. */
  const cost = async (count: number) => {
    const flights = new Flights();
    const wait = turn();
    const paths = Array.from({ length: count }, (_, i) => `/${i}`);
    using counted = countingSteps();
    await Promise.all([
      ...paths.map((path) =>
        flights.join(path, ["*", path], undefined, async (_, keep) => {
          await wait;
          await keep(() => {});
        })
      ),
      ...paths.map((path) =>
        flights.change(["list", path, "/"], () => wait, () => {})
      ),
    ]);
    return counted.steps;
  };
  const [few, many] = [await cost(50), await cost(1000)];
  // Each change on the way: its path's own answer that is being kept.
  assert(many <= 20 * few + 20, `${many} steps, ${few} for few`);
  assert(many <= 2 * 1000, `${many} steps`);
});
