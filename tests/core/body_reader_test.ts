import {
  assertEquals,
  assertInstanceOf,
  assertNotStrictEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  BodyReader,
  type BodySource,
  BytesSource,
  hasByteStreams,
  isByteStream,
  sourceOf,
  streamOf,
  unshared,
} from "../../core/body_reader.ts";

function bytes(): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      controller.enqueue(new Uint8Array([next++, next++, next++]));
    },
  }, { highWaterMark: 0 });
}

function chunks(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array([1])),
  }, { highWaterMark: 0 });
}

Deno.test("SIO-001 isByteStream() tells the kinds apart, and leaves both unlocked", () => {
  const [byte, other] = [bytes(), chunks()];
  assertEquals([isByteStream(byte), isByteStream(other)], [true, false]);
  assertEquals([byte.locked, other.locked], [false, false]);
});

Deno.test("SIO-001 a body is read by chunk and into buffers in turn, without a loss", async () => {
  const reader = new BodyReader(bytes());
  assertEquals((await reader.read()).value, new Uint8Array([0, 1, 2]));
  const two = await reader.read(new Uint8Array(2));
  assertEquals(two.value, new Uint8Array([3, 4]));
  assertEquals((await reader.read()).value, new Uint8Array([5]));
  assertEquals((await reader.read()).value, new Uint8Array([6, 7, 8]));
  await reader.cancel("enough");
});

Deno.test("SIO-001 a body is cancelled with the reason, read or not", async () => {
  for (const steps of [0, 1]) {
    const reasons: unknown[] = [];
    const reader = new BodyReader(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1)),
        cancel: (reason) => void reasons.push(reason),
      }),
    );
    for (let step = 0; step < steps; step++) await reader.read();
    await reader.cancel("enough");
    assertEquals(reasons, ["enough"]);
  }
});

/** A source of single bytes that says by which way each was read. */
function counting(reads: string[]): BodySource {
  return {
    read(view) {
      reads.push(view === undefined ? "read" : "into");
      if (view === undefined) {
        return Promise.resolve({ done: false, value: new Uint8Array([1]) });
      }
      view[0] = 2;
      return Promise.resolve({ done: false, value: view.subarray(0, 1) });
    },
    cancel: () => Promise.resolve(),
  };
}

Deno.test("SIO-001 streamOf() reads by the way that its own reader reads, and nothing ahead", async () => {
  const reads: string[] = [];
  const body = streamOf(counting(reads));
  assertEquals(reads, []);
  const byob = body.getReader({ mode: "byob" });
  assertEquals([...(await byob.read(new Uint8Array(3))).value ?? []], [2]);
  byob.releaseLock();
  assertEquals((await body.getReader().read()).value, new Uint8Array([1]));
  assertEquals(reads, ["into", "read"]);
  assertEquals(isByteStream(streamOf(counting([]), undefined, false)), false);
});

Deno.test("SIO-001 streamOf() passes over empty chunks and ends a read under way, its buffer given back", async () => {
  const chunks = [new Uint8Array(0), new Uint8Array([1])];
  const source = new BodyReader(
    new ReadableStream({
      pull(controller) {
        const chunk = chunks.shift();
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
    }),
  );
  const reader = streamOf(source, undefined, false).getReader();
  assertEquals((await reader.read()).value, new Uint8Array([1]));
  assertEquals((await reader.read()).done, true);
  const ended: BodySource = {
    ...counting([]),
    read: (view) =>
      Promise.resolve({ done: true, value: view?.subarray(0, 0) }),
  };
  const last = await streamOf(ended).getReader({ mode: "byob" })
    .read(new Uint8Array(3));
  assertEquals([last.done, last.value?.buffer.byteLength], [true, 3]);
});

Deno.test("SIO-001 sourceOf() gives a stream's own source, which locks the stream, until somebody has read it", async () => {
  const source = counting([]);
  const body = streamOf(source);
  assertStrictEquals(sourceOf(body), source);
  assertThrows(() => body.getReader(), TypeError);
  assertThrows(() => sourceOf(body), TypeError);
  const touched = streamOf(source);
  const reader = touched.getReader();
  await reader.read();
  reader.releaseLock();
  assertInstanceOf(sourceOf(touched), BodyReader);
  assertInstanceOf(sourceOf(bytes()), BodyReader);
});

Deno.test("BYOB-001: what does not fit into a buffer comes next, by either reader", async () => {
  const reader = new BodyReader(
    ReadableStream.from([new Uint8Array([1, 2, 3, 4, 5]), new Uint8Array([6])]),
  );
  const into = async (size: number) =>
    (await reader.read(new Uint8Array(size))).value;
  assertEquals(await into(2), new Uint8Array([1, 2]));
  assertEquals(await into(1), new Uint8Array([3]));
  assertEquals((await reader.read()).value, new Uint8Array([4, 5]));
  assertEquals(await into(9), new Uint8Array([6]));
  assertEquals((await reader.read(new Uint8Array(1))).done, true);
});

Deno.test("BYOB-003: chunks that are nobody else's are handed on, but for parts of more memory", async () => {
  const memory = new Uint8Array([0, 1, 2, 3, 4, 5]);
  const given = [new Uint8Array([7, 8, 9]), memory.subarray(2, 5)];
  const open = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of given) controller.enqueue(chunk);
        controller.close();
      },
    });
  const openOwn = () => {
    const stream = open();
    unshared.add(stream);
    return new BodyReader(stream);
  };
  const own = openOwn();
  assertStrictEquals((await own.read()).value, given[0]);
  const part = (await own.read()).value!;
  assertEquals(part, new Uint8Array([2, 3, 4]));
  assertEquals(part.buffer.byteLength, 3);
  assertEquals((await own.read()).done, true);
  // Into a buffer, and by chunk again: what is left over is a part of more memory.
  const into = openOwn();
  const two = (await into.read(new Uint8Array(2))).value;
  assertEquals(two, new Uint8Array([7, 8]));
  assertEquals((await into.read()).value, new Uint8Array([9]));
  assertEquals(given[0], new Uint8Array([7, 8, 9]));
  await into.cancel("enough");
  const others = new BodyReader(open());
  const copy = (await others.read()).value!;
  assertEquals(copy, given[0]);
  assertNotStrictEquals(copy.buffer, given[0]!.buffer);
});

Deno.test("BYOB-001: bytes at hand are read in chunks and into buffers, as copies", async () => {
  const bytes = new Uint8Array([1, 2, 3, 4, 5, 6]);
  const source = new BytesSource(bytes, 2);
  const first = (await source.read()).value;
  assertEquals(first, new Uint8Array([1, 2]));
  first?.fill(0);
  const buffer = new Uint8Array(new ArrayBuffer(8), 2, 3);
  const second = (await source.read(buffer)).value;
  assertEquals([second?.byteOffset, [...second ?? []]], [2, [3, 4, 5]]);
  assertEquals((await source.read()).value, new Uint8Array([6]));
  assertEquals((await source.read()).done, true);
  assertEquals((await source.read(new Uint8Array(1))).done, true);
  assertEquals([...bytes], [1, 2, 3, 4, 5, 6]);
  const left = new BytesSource(bytes, 2);
  await left.cancel();
  assertEquals((await left.read()).done, true);
});

Deno.test("BYOB-001: this runtime has byte streams", () => {
  assertEquals(hasByteStreams(), true);
});
