import { assert, assertEquals, assertRejects } from "@std/assert";
import { readRanges } from "../../ext/ranges.ts";
import {
  type ByteRange,
  InvalidArgumentError,
  PreconditionFailedError,
  Store,
} from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { FakeS3 } from "../fakes/s3/service.ts";
import { storeOf } from "../backends/s3/setup.ts";

const BYTES = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7) % 251);

/** Whole numbers below a bound, the same in every run. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor(state / 2147483648 * bound);
  };
}

function expected(range: ByteRange): Uint8Array {
  if ("suffix" in range) {
    return BYTES.slice(Math.max(0, BYTES.length - range.suffix));
  }
  const { offset, length = BYTES.length } = range;
  return BYTES.slice(offset, Math.min(offset + length, BYTES.length));
}

Deno.test("RANGES-001 what comes is what each range says, whatever is near, over or behind", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  void await store.write("a", BYTES);
  const blob = await store.openBlob("a");
  for (let seed = 1; seed <= 60; seed++) {
    const draw = numbers(seed);
    const ranges = Array.from({ length: draw(30) }, (): ByteRange => {
      switch (draw(5)) {
        case 0:
          return { suffix: draw(12_000) };
        case 1:
          return { offset: draw(12_000) };
        case 2:
          return { offset: draw(12_000), length: 0 };
        default:
          return { offset: draw(11_000), length: draw(600) };
      }
    });
    const found = await readRanges(blob, ranges, {
      gap: draw(300),
      maxRequest: 1 + draw(2000),
      concurrency: 1 + draw(4),
    });
    assertEquals(found, ranges.map(expected), `seed ${seed}`);
  }
  const platform = await readRanges(new Blob([BYTES]), [{ suffix: 3 }]);
  assertEquals(platform, [BYTES.slice(-3)]);
});

Deno.test("RANGES-002 neighbors are one request, no longer than told; empty ranges and what is behind the end are none", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  void await store.write("a", BYTES);
  const blob = await store.openBlob("a");
  const asked: string[] = [];
  fake.fault = ({ headers }) => {
    asked.push(headers.get("range") ?? "");
    return undefined;
  };
  const ranges = [
    { offset: 100, length: 10 },
    { offset: 0, length: 10 },
    { offset: 15, length: 5 },
    { offset: 2, length: 3 },
    { offset: 21, length: 0 },
    { offset: 20_000, length: 5 },
  ];
  const found = await readRanges(blob, ranges, { gap: 5, concurrency: 1 });
  assertEquals(found, ranges.map(expected));
  assertEquals(asked, ["bytes=0-19", "bytes=100-109"]);
  asked.length = 0;
  await readRanges(blob, ranges, { gap: 1000, maxRequest: 20, concurrency: 1 });
  assertEquals(asked, ["bytes=0-19", "bytes=100-109"]);
  asked.length = 0;
  await readRanges(blob, ranges, { gap: 1000 });
  assertEquals(asked, ["bytes=0-109"]);
  asked.length = 0;
  assertEquals(await readRanges(blob, []), []);
  assertEquals(asked, []);
});

Deno.test("RANGES-003 no more requests are under way than told, and bytes are the caller's own", async () => {
  let [running, most] = [0, 0];
  const file = new Blob([BYTES]);
  const slow = {
    size: file.size,
    slice: (start: number, end: number) => ({
      stream: () =>
        new ReadableStream<Uint8Array>({
          async start(controller) {
            most = Math.max(most, ++running);
            await new Promise((resolve) => setTimeout(resolve, 1));
            running--;
            controller.enqueue(BYTES.slice(start, end));
            controller.close();
          },
        }),
    }),
  };
  const ranges = Array.from(
    { length: 20 },
    (_, i) => ({ offset: i * 100, length: 50 }),
  );
  const found = await readRanges(slow, ranges, { gap: 0, concurrency: 3 });
  assertEquals([found.length, most], [20, 3]);
  const twice = { offset: 5, length: 5 };
  const [one, other] = await readRanges(file, [twice, twice]);
  one?.fill(0);
  assertEquals(other, BYTES.slice(5, 10));
});

Deno.test("RANGES-004 the first error ends the others, an abort passes as it is, and nothing is left open", async () => {
  const canceled: unknown[] = [];
  let pulls = 0;
  const source = (fail: number) => ({
    size: 1000,
    slice: (start: number) => ({
      stream: () =>
        new ReadableStream<Uint8Array>({
          pull(controller) {
            pulls++;
            if (start === fail) controller.error(new Error("broken"));
            else return new Promise(() => {});
          },
          cancel: (reason) => void canceled.push(reason),
        }),
    }),
  });
  const ranges = [0, 100, 200, 300].map((offset) => ({ offset, length: 1 }));
  const options = { gap: 0, concurrency: 3 };
  const error = await assertRejects(() =>
    readRanges(source(100), ranges, options)
  );
  assertEquals((error as Error).message, "broken");
  assertEquals(canceled, [error, error]);
  assertEquals(pulls, 3, "nothing is begun any more");
  const abort = new AbortController();
  const reason = { enough: true };
  const call = readRanges(source(-1), ranges, {
    ...options,
    signal: abort.signal,
  }).catch((error) => error);
  await new Promise((resolve) => setTimeout(resolve, 1));
  abort.abort(reason);
  assert(await call === reason);
  pulls = 0;
  const late = await readRanges(source(-1), ranges, { signal: abort.signal })
    .catch((error) => error);
  assert(late === reason && pulls === 0);
});

Deno.test("RANGES-005 a file that has changed since it was opened is an error, and no mixture", async () => {
  const store = storeOf(new FakeS3());
  void await store.write("a", BYTES);
  const blob = await store.openBlob("a");
  void await store.write("a", BYTES.slice().fill(1), { overwrite: true });
  await assertRejects(
    () => readRanges(blob, [{ offset: 0, length: 1 }, { suffix: 1 }]),
    PreconditionFailedError,
  );
});

Deno.test("RANGES-005 what is no range, and no option, is refused before any request", async () => {
  const blob = new Blob(["abc"]);
  const wrong: readonly (() => Promise<unknown>)[] = [
    () => readRanges(blob, [{ offset: -1 }]),
    () => readRanges(blob, [{ offset: 0.5 }]),
    () => readRanges(blob, [{ offset: 0, length: -1 }]),
    () => readRanges(blob, [{ suffix: NaN }]),
    () => readRanges(blob, [{} as ByteRange]),
    () => readRanges(blob, [{ suffix: 1, offset: 0 } as ByteRange]),
    () => readRanges(blob, [{ suffix: 1, length: 2 } as ByteRange]),
    () => readRanges(blob, [null as unknown as ByteRange]),
    () => readRanges(blob, [], { gap: -1 }),
    () => readRanges(blob, [], { maxRequest: 0 }),
    () => readRanges(blob, [], { concurrency: 0 }),
    () => readRanges(blob, [], { gaps: 1 } as never),
  ];
  for (const call of wrong) await assertRejects(call, InvalidArgumentError);
});
