import { Relay, type RelayWatcher } from "../../../ext/_digest/relay.ts";
import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { collect, WatchedStream } from "../sources.ts";

const CHUNKS = [[1], [], [2, 3]].map((chunk) => new Uint8Array(chunk));

function relay(watcher: Partial<RelayWatcher<Uint8Array>> = {}) {
  const told: string[] = [];
  const pair = new Relay<Uint8Array>({
    chunk(chunk) {
      told.push(`chunk ${chunk}`);
      return chunk;
    },
    ended: () => void told.push("ended"),
    failed: (reason) => void told.push(`failed: ${reason}`),
    ...watcher,
  });
  return { told, pair };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("STR-006: a relay passes every chunk, then ends", async () => {
  const { told, pair } = relay();
  const body = new WatchedStream(CHUNKS).stream.pipeThrough(pair);
  assertEquals(await collect(body), new Uint8Array([1, 2, 3]));
  assertEquals(told, ["chunk 1", "chunk ", "chunk 2,3", "ended"]);
});

Deno.test("STR-006: a relay passes what is made of a chunk elsewhere, in order", async () => {
  const { pair } = relay({
    async chunk(chunk) {
      await turn();
      return chunk.map((byte) => byte + 1);
    },
  });
  const body = new WatchedStream(CHUNKS).stream.pipeThrough(pair);
  assertEquals(await collect(body), new Uint8Array([2, 3, 4]));
});

Deno.test("STR-006: a relay keeps the pressure back: one chunk waits, no more are asked for", async () => {
  const { told, pair } = relay();
  const source = new WatchedStream(Array(100).fill(new Uint8Array(1)));
  const reader = source.stream.pipeThrough(pair).getReader();
  await turn();
  assertEquals([source.pulls, told.length], [1, 0]);
  await reader.read();
  await turn();
  assertEquals([source.pulls <= 3, told.length], [true, 1]);
  await reader.cancel();
});

Deno.test("STR-007: the source's error reaches the reader as it is", async () => {
  const error = new RangeError("broken");
  const { told, pair } = relay();
  const body = new WatchedStream(CHUNKS, error).stream.pipeThrough(pair);
  assertStrictEquals(await assertRejects(() => collect(body)), error);
  assertEquals(told.at(-1), "failed: RangeError: broken");
});

Deno.test("STR-007: the reader's cancel reaches the source as it is", async () => {
  const { told, pair } = relay();
  const source = new WatchedStream(CHUNKS);
  const reader = source.stream.pipeThrough(pair).getReader();
  await reader.read();
  await reader.cancel("enough");
  await turn();
  assertEquals(source.cancelled, ["enough"]);
  assertEquals(told, ["chunk 1", "failed: enough"]);
});

Deno.test("STR-007: an abort does not wait for a reader that never comes", async () => {
  const { told, pair } = relay();
  const writer = pair.writable.getWriter();
  writer.closed.catch(() => {});
  const write = writer.write(new Uint8Array(1)).catch((reason) => reason);
  await turn();
  await writer.abort("enough");
  assertEquals(await write, "enough");
  assertEquals(told, ["failed: enough"]);
  assertEquals(
    await pair.readable.getReader().read().catch((reason) => reason),
    "enough",
  );
});

Deno.test("STR-007: what the watcher throws ends both sides", async () => {
  for (
    const watcher of [
      {
        chunk: () => {
          throw new RangeError("no");
        },
      },
      { chunk: () => Promise.reject(new RangeError("no")) },
      {
        ended: () => {
          throw new RangeError("no");
        },
      },
      { ended: () => Promise.reject(new RangeError("no")) },
    ]
  ) {
    const { told, pair } = relay(watcher);
    const source = new WatchedStream(CHUNKS);
    const body = source.stream.pipeThrough(pair);
    await assertRejects(() => collect(body), RangeError, "no");
    assertEquals(told.at(-1), "failed: RangeError: no");
    if ("chunk" in watcher) {
      await turn();
      assertEquals(`${source.cancelled}`, "RangeError: no");
    }
  }
});
