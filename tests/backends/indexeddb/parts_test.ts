import { assert, assertEquals } from "@std/assert";
import {
  type Parts,
  partsOfBytes,
  partsOfStream,
  sizeOf,
  toRows,
} from "../../../backends/indexeddb/parts.ts";

async function sizes(parts: Parts): Promise<number[]> {
  const found = [];
  for (let part; (part = await parts.next()).length > 0;) {
    found.push(sizeOf(part));
  }
  return found;
}

function streamOf(...lengths: number[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(lengths.map((length) => new Uint8Array(length)));
}

Deno.test("IDB parts are equal but for the last one, however a stream is cut", async () => {
  const rows: [lengths: number[], wanted: number[]][] = [
    [[], []],
    [[3], [3]],
    [[4], [4]],
    [[5], [4, 1]],
    [[1, 1, 1, 1, 1], [4, 1]],
    [[11], [4, 4, 3]],
    [[3, 9], [4, 4, 4]],
  ];
  for (const [lengths, wanted] of rows) {
    assertEquals(await sizes(partsOfStream(streamOf(...lengths), 4)), wanted);
  }
  assertEquals(await sizes(partsOfBytes(new Uint8Array(9), 4)), [4, 4, 1]);
});

Deno.test("ASYNC-074 a stream is read no further than the part that is asked for", async () => {
  let pulled = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(++pulled * 0 + 2)),
  }, { highWaterMark: 0 });
  const parts = partsOfStream(stream, 4);
  await parts.next();
  assertEquals(pulled, 2);
});

Deno.test("IDB a row never keeps the memory around it alive", () => {
  const buffer = new Uint8Array(100);
  for (const row of toRows([buffer.subarray(10, 20)], 4)) {
    assertEquals(row.buffer.byteLength, row.byteLength);
  }
  const [row] = toRows([buffer.subarray(10, 20)], 64);
  assertEquals(row?.buffer.byteLength, 10);
});

Deno.test("IDB rows have the bytes of the pieces in their order", () => {
  const pieces = [new Uint8Array([1, 2, 3]), new Uint8Array([4, 5])];
  assertEquals(toRows(pieces, 2).map((row) => [...row]), [[1, 2], [3, 4], [5]]);
  assertEquals(toRows([], 2), []);
  const own = new Uint8Array(2);
  assert(toRows([own], 2)[0] === own);
});
