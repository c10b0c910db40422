/**
 * Random schedules of writers: what is called in which order, and what waits for what,
 * on a store and on a model side by side.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type AtomicWriter, Store, type StoreLike } from "../../mod.ts";
import { IndexedDBBackend } from "../../backends/indexeddb/mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { R2Backend } from "../../backends/r2/mod.ts";
import { cache } from "../../ext/cache.ts";
import { observe } from "../../ext/observe.ts";
import { openAtomicWithHash } from "../../ext/write.ts";
import { createFake } from "../backends/azure/fake_store.ts";
import { imitate } from "../backends/indexeddb/imitation.ts";
import { storeOf } from "../backends/s3/setup.ts";
import { FakeR2 } from "../fakes/r2/bucket.ts";
import { FakeS3 } from "../fakes/s3/service.ts";

const OLD = "old";
const PATH = "a";

/** An empty store on each backend, of parts so small that a few bytes are several. */
export const BACKENDS: Readonly<Record<string, () => Store>> = {
  memory: () => new Store({ backend: new MemoryBackend() }),
  s3: () => storeOf(new FakeS3(), { partSize: PART }),
  azure: () => createFake({ blockSize: 4, concurrency: 2 }).store,
  "azure hns": () =>
    createFake({ blockSize: 4, concurrency: 2, hns: true }).store,
  r2: () =>
    new Store({
      backend: new R2Backend({ bucket: new FakeR2(), partSize: PART }),
    }),
  indexeddb: () =>
    new Store({
      backend: new IndexedDBBackend({
        scope: imitate(),
        chunkSize: 1,
        representation: "bytes",
      }),
    }),
};

/** The least that S3 and R2 take: a chunk above it makes a part. */
const PART = 5 * 1024 * 1024;
const LARGE = "x".repeat(PART + 1);

/** What stands between the caller and the store. */
const WAYS = {
  plain: (store: StoreLike) => open(store),
  cache: (store: StoreLike) => open(cache(store)),
  observe: (store: StoreLike) =>
    open(observe(store, {
      async around(_, next) {
        await turn();
        await next();
      },
    })),
  hash: (store: StoreLike) =>
    openAtomicWithHash(store, PATH, { overwrite: true }),
  all: (store: StoreLike) =>
    openAtomicWithHash(cache(observe(store)), PATH, { overwrite: true }),
} as const;

type Way = keyof typeof WAYS;

function open(store: StoreLike): Promise<AtomicWriter> {
  return store.openAtomic(PATH, { overwrite: true });
}

type Step =
  | { readonly kind: "write"; readonly chunk: string; readonly wait: boolean }
  | {
    readonly kind: "refused";
    readonly chunk: unknown;
    readonly wait: boolean;
  }
  | {
    readonly kind: "close" | "abort" | "dispose";
    readonly wait: boolean;
  }
  | { readonly kind: "turn" };

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

function stepOf(large: boolean): fc.Arbitrary<Step> {
  const wait = fc.boolean();
  const chunks = fc.constantFrom("", "1", "23", "456", "7890abcd", "é");
  const chunk = large
    ? fc.oneof(
      { arbitrary: chunks, weight: 30 },
      { arbitrary: fc.constant(LARGE), weight: 1 },
    )
    : chunks;
  const write = fc.tuple(chunk, wait).map(([chunk, wait]): Step => ({
    kind: "write",
    chunk,
    wait,
  }));
  const refused = fc.tuple(fc.constantFrom(5, "\ud800", null), wait).map((
    [chunk, wait],
  ): Step => ({ kind: "refused", chunk, wait }));
  const kinds = ["close", "close", "abort", "dispose"] as const;
  const end = fc.tuple(fc.constantFrom(...kinds), wait).map((
    [kind, wait],
  ): Step => ({ kind, wait }));
  return fc.oneof(
    { arbitrary: write, weight: 12 },
    { arbitrary: refused, weight: 1 },
    { arbitrary: end, weight: 3 },
    { arbitrary: fc.constant<Step>({ kind: "turn" }), weight: 3 },
  );
}

type State = "open" | "closed" | "discarded" | "failed";

/** Runs steps, and compares each outcome and the file with the model's. */
async function follow(
  store: StoreLike,
  way: Way,
  steps: readonly Step[],
): Promise<void> {
  await store.write(PATH, OLD, { overwrite: true });
  const writer = await WAYS[way](store);
  let state: State = "open";
  let content = "";
  const expected: ("fulfilled" | "rejected" | null)[] = [];
  const calls: Promise<unknown>[] = [];
  for (const step of steps) {
    if (step.kind === "turn") {
      await turn();
      continue;
    }
    if (step.kind === "write") {
      calls.push(writer.write(step.chunk));
      expected.push(state === "open" ? null : "rejected");
      if (state === "open") content += step.chunk;
    } else if (step.kind === "refused") {
      calls.push(writer.write(step.chunk as never));
      expected.push("rejected");
      if (state === "open") state = "failed";
    } else if (step.kind === "close") {
      calls.push(writer.close());
      if (state === "open") state = "closed";
      expected.push(state === "closed" ? "fulfilled" : "rejected");
    } else {
      calls.push(
        step.kind === "abort"
          ? writer.abort(new Error("enough"))
          : Promise.resolve(writer[Symbol.asyncDispose]()),
      );
      if (state === "open") state = "discarded";
      expected.push("fulfilled");
    }
    const settled = calls.at(-1)?.catch(() => {});
    if (step.wait) await settled;
  }
  await writer[Symbol.asyncDispose]();
  const outcomes = (await Promise.allSettled(calls)).map(({ status }) =>
    status
  );
  assertEquals(
    outcomes.map((status, at) => expected[at] === null ? null : status),
    expected,
  );
  const committed = state === "closed";
  if (committed) {
    assert(
      outcomes.every((status, at) => expected[at] ?? status === "fulfilled"),
    );
    assertEquals(writer.position, new TextEncoder().encode(content).length);
  }
  assertEquals(writer.result !== null, committed);
  const found = await store.readText(PATH);
  assert(
    found === (committed ? content : OLD),
    `${way}: ${found.length} bytes`,
  );
}

/** Compares writers in random schedules with the model. */
export async function checkWriters(
  backend: string,
  runs: number,
  seed: number,
): Promise<void> {
  const create = BACKENDS[backend];
  assert(create !== undefined);
  const store = create();
  const ways = fc.constantFrom(...Object.keys(WAYS) as Way[]);
  const steps = fc.array(stepOf(["s3", "r2"].includes(backend)), {
    maxLength: 14,
  });
  await fc.assert(
    fc.asyncProperty(ways, steps, (way, steps) => follow(store, way, steps)),
    { numRuns: runs, seed },
  );
  await store.close();
}

interface Call {
  readonly pieces: readonly string[];
  readonly asStream: boolean;
  /** What ends it early, and after how many turns; `null` for nothing. */
  readonly end: "abort" | "source" | null;
  readonly after: number;
}

const call: fc.Arbitrary<Call> = fc.record({
  pieces: fc.array(fc.constantFrom("1", "23", "4567890"), {
    minLength: 1,
    maxLength: 5,
  }),
  asStream: fc.boolean(),
  end: fc.constantFrom(null, null, "abort", "source"),
  after: fc.integer({ min: 0, max: 4 }),
});

/** Starts a call whose content names it, so that no two are alike. */
async function runCall(
  store: StoreLike,
  { pieces, asStream, end, after }: Call,
  mark: string,
): Promise<void> {
  const chunks = [mark, ...pieces];
  const controller = new AbortController();
  const { signal } = controller;
  let sent = 0;
  const content = asStream || end === "source"
    ? new ReadableStream<Uint8Array>({
      async pull(source) {
        await turn();
        if (end === "source" && sent >= after) {
          throw new Error("the source broke");
        }
        const chunk = chunks[sent++];
        if (chunk === undefined) source.close();
        else source.enqueue(new TextEncoder().encode(chunk));
      },
    }, { highWaterMark: 0 })
    : chunks.join("");
  const writing = store.writeAtomic(PATH, content, { overwrite: true, signal });
  writing.catch(() => {});
  if (end === "abort") {
    for (let i = 0; i < after; i++) await turn();
    controller.abort(new Error("enough"));
  }
  await writing;
}

/** Compares atomic writes that go on at once with what may be there afterwards. */
export async function checkAtomicWrites(
  backend: string,
  runs: number,
  seed: number,
): Promise<void> {
  const create = BACKENDS[backend];
  assert(create !== undefined);
  const store = create();
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, { minLength: 1, maxLength: 4 }),
      async (calls) => {
        await store.write(PATH, OLD, { overwrite: true });
        const outcomes = await Promise.allSettled(
          calls.map((one, i) => runCall(store, one, `<${i}>`)),
        );
        const wholes = calls.map(({ pieces }, i) => `<${i}>${pieces.join("")}`);
        const found = await store.readText(PATH);
        const by = wholes.indexOf(found);
        assert(found === OLD || by >= 0, `a mixture: ${found}`);
        const done = outcomes.some(({ status }) => status === "fulfilled");
        if (found === OLD) assert(!done, "done, and nothing is there");
        const broken = by >= 0 && outcomes[by]?.status === "rejected";
        // An abort may come when the service has committed already.
        assert(!broken || calls[by]?.end === "abort", `${found} was refused`);
      },
    ),
    { numRuns: runs, seed },
  );
  await store.close();
}
