// These cases run against whatever `@std/streams` is linked: the stand-in, or
// with STD_DIR the real package. Both must agree.
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { ByteSliceStream } from "@std/streams/byte-slice-stream";
import { toBytes } from "@std/streams/to-bytes";

type Chunks = readonly (readonly number[])[];

function streamOf(chunks: Chunks): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks.map((chunk) => new Uint8Array(chunk)));
}

async function slice(
  chunks: Chunks,
  start?: number,
  end?: number,
): Promise<number[][]> {
  const parts = streamOf(chunks).pipeThrough(new ByteSliceStream(start, end));
  return await Array.fromAsync(parts, (part) => [...part]);
}

Deno.test("toBytes() reads all chunks in order", async () => {
  const cases: [Chunks, number[]][] = [
    [[], []],
    [[[]], []],
    [[[1]], [1]],
    [[[1, 2], [], [3]], [1, 2, 3]],
  ];
  for (const [chunks, expected] of cases) {
    const bytes: Uint8Array = await toBytes(streamOf(chunks));
    assertInstanceOf(bytes, Uint8Array);
    assertEquals(bytes, new Uint8Array(expected));
  }
});

Deno.test("toBytes() reads a view's own bytes only", async () => {
  const view = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
  assertEquals(
    await toBytes(ReadableStream.from([view])),
    new Uint8Array([2, 3]),
  );
});

Deno.test("toBytes() rejects with the stream's own error", async () => {
  const reason = new RangeError("broken");
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(reason);
    },
  });
  assertStrictEquals(await assertRejects(() => toBytes(stream)), reason);
});

Deno.test("toBytes() rejects a chunk that is no Uint8Array", async () => {
  const stream = ReadableStream.from(["text"]) as unknown as ReadableStream<
    Uint8Array
  >;
  await assertRejects(() => toBytes(stream), TypeError);
});

Deno.test("toBytes() throws at once on a locked stream", async () => {
  const stream = streamOf([[1]]);
  const reader = stream.getReader();
  assertThrows(() => toBytes(stream), TypeError);
  await reader.cancel();
});

Deno.test("ByteSliceStream passes the bytes from start to end, inclusive", async () => {
  const abc: Chunks = [[0, 1, 2], [3, 4, 5], [6, 7, 8]];
  const cases: [Chunks, number | undefined, number | undefined, Chunks][] = [
    [abc, undefined, undefined, abc],
    [abc, 0, undefined, abc],
    [abc, 0, Infinity, abc],
    [abc, 4, undefined, [[4, 5], [6, 7, 8]]],
    [abc, 3, undefined, [[3, 4, 5], [6, 7, 8]]],
    [abc, 9, undefined, []],
    [abc, 99, undefined, []],
    [abc, 0, 0, [[0]]],
    [abc, 0, 2, [[0, 1, 2]]],
    [abc, 0, 3, [[0, 1, 2], [3]]],
    [abc, 1, 1, [[1]]],
    [abc, 1, 7, [[1, 2], [3, 4, 5], [6, 7]]],
    [abc, 4, 4, [[4]]],
    [abc, 8, 8, [[8]]],
    [abc, 2, 99, [[2], [3, 4, 5], [6, 7, 8]]],
    [[], 0, 3, []],
    [[[], [0], [], [1]], 0, undefined, [[0], [], [1]]],
    [[[], [0], [], [1]], 1, 1, [[1]]],
  ];
  for (const [chunks, start, end, expected] of cases) {
    assertEquals(
      await slice(chunks, start, end),
      expected.map((chunk) => [...chunk]),
      `${start} to ${end}`,
    );
  }
});

Deno.test("ByteSliceStream refuses a negative start", () => {
  assertThrows(() => new ByteSliceStream(-1), RangeError, "received -1");
});

Deno.test("ByteSliceStream is a transform of bytes", () => {
  const transform: TransformStream<Uint8Array, Uint8Array> =
    new ByteSliceStream();
  assertInstanceOf(transform, TransformStream);
});

Deno.test("ByteSliceStream cancels its source after the last byte", async () => {
  let pulls = 0;
  let cancelled = false;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulls++;
      controller.enqueue(new Uint8Array([pulls]));
    },
    cancel() {
      cancelled = true;
    },
  });
  const parts = source.pipeThrough(new ByteSliceStream(0, 1));
  assertEquals(await toBytes(parts), new Uint8Array([1, 2]));
  await new Promise((resolve) => setTimeout(resolve));
  assert(cancelled, "the source was cancelled");
  assert(pulls < 9, "an endless source was not read on");
});

Deno.test("ByteSliceStream passes an error of its source on", async () => {
  const reason = new RangeError("broken");
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(reason);
    },
  });
  const parts = source.pipeThrough(new ByteSliceStream(1));
  assertStrictEquals(await assertRejects(() => toBytes(parts)), reason);
});
