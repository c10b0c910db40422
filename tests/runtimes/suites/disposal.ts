/**
 * Runs in a page: what `await using` does once a bundler has written it out.
 *
 * @module
 */
import { MemoryBackend } from "../../../backends/memory.ts";
import { cache } from "../../../ext/cache.ts";
import { BufferedObserver, observe } from "../../../ext/observe.ts";
import { openAtomicWithHash } from "../../../ext/write.ts";
import { asyncDispose, Store } from "../../../mod.ts";
import { collector, type Result, runAll } from "../collector.ts";

// Behind the imports: what they have changed would show.
const OWN = Symbol.asyncDispose as symbol | undefined;

/** Runs the tests. */
export function disposal(
  { name, hasSymbol }: { name: string; hasSymbol: boolean },
): Promise<Result[]> {
  const { test, tests } = collector();
  const named = (title: string, run: () => Promise<void>) =>
    test(`DISP-001 ${title} [${name}]`, run);

  named("importing the library changes no global", () => {
    equal(typeof OWN, hasSymbol ? "symbol" : "undefined");
    equal("dispose" in Symbol, hasSymbol);
    equal(asyncDispose, OWN ?? Symbol.for("Symbol.asyncDispose"));
    return Promise.resolve();
  });

  named("await using closes a store at the end of its block", async () => {
    const backend = new Counting();
    {
      await using store = new Store({ backend });
      await store.write("a.txt", "A");
      equal(backend.closes, 0);
    }
    equal(backend.closes, 1);
  });

  named("await using ends what extensions give", async () => {
    const backend = new Counting();
    const seen: unknown[] = [];
    {
      await using observer = new BufferedObserver((events) => {
        seen.push(...events);
      });
      await using store = observe(cache(new Store({ backend })), {
        onAny: observer.onEvent,
      });
      await store.write("a.txt", "A");
    }
    equal(seen.length > 0, true);
    equal(backend.closes, 1);
  });

  named("a writer that is not closed leaves nothing", async () => {
    await using store = new Store({ backend: new MemoryBackend() });
    {
      await using writer = await store.openAtomic("a.txt");
      await writer.write("A");
    }
    {
      await using writer = await openAtomicWithHash(store, "b.txt");
      await writer.write("B");
    }
    equal(await store.exists("a.txt"), false);
    equal(await store.exists("b.txt"), false);
  });
  named("what TypeScript writes out works after the one line", async () => {
    const store = new Store({ backend: new Counting() });
    const known = Symbol as { asyncDispose?: symbol };
    known.asyncDispose ??= Symbol.for("Symbol.asyncDispose");
    try {
      // As its code asks for it.
      const dispose = (store as unknown as Record<symbol, unknown>)[
        known.asyncDispose
      ];
      equal(typeof dispose, "function");
      await (dispose as () => Promise<void>).call(store);
    } finally {
      if (OWN === undefined) delete known.asyncDispose;
    }
  });
  return runAll(tests);
}

class Counting extends MemoryBackend {
  closes = 0;
  override close(): Promise<void> {
    this.closes++;
    return super.close();
  }
}

function equal(actual: unknown, expected: unknown): void {
  if (actual !== expected) {
    throw new Error(`${String(actual)} is not ${String(expected)}`);
  }
}
