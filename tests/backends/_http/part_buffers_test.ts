import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  PartBuffers,
  sharedBuffers,
} from "../../../backends/_http/part_buffers.ts";
import { streamedBytes } from "../../../backends/_http/streamed_bytes.ts";

const settled = (milliseconds = 0) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Sends what is in a buffer, until `done` is called. */
function sending(
  buffers: { send: ReturnType<PartBuffers["forUpload"]>["send"] },
) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const bytes = new Uint8Array(4);
  return { done: resolve, sent: buffers.send(bytes, () => promise) };
}

Deno.test("FLOW-004: a buffer that was sent is the next one's", async () => {
  const buffers = new PartBuffers(2);
  const own = buffers.forUpload();
  await own.enter(undefined);
  await own.enter(undefined);
  const first = own.take(4);
  await own.send(first.subarray(0, 2), () => Promise.resolve());
  await own.enter(undefined);
  assert(own.take(4).buffer === first.buffer, "whole again");
  own.end();
});

Deno.test("BODY-005 a buffer that is still being read is nobody's next one", async () => {
  const buffers = new PartBuffers(2);
  const own = buffers.forUpload();
  await own.enter(undefined);
  await own.enter(undefined);
  const first = own.take(4);
  // An answer that came before the end of what it answers.
  let unread: ReadableStream | undefined;
  await own.send(first, () => {
    unread = streamedBytes(first).stream();
    return Promise.resolve();
  });
  await own.enter(undefined);
  const second = own.take(4);
  assert(second.buffer !== first.buffer);
  await unread?.cancel();
  await own.send(second, async () => {
    await new Response(streamedBytes(second)).bytes();
  });
  await own.enter(undefined);
  assert(own.take(4).buffer === second.buffer, "read to its end");
  own.end();
});

Deno.test("FLOW-004: of several sizes the largest are kept, and none when nobody uploads", async () => {
  const buffers = new PartBuffers(3);
  const own = buffers.forUpload();
  for (const _ of "abc") await own.enter(undefined);
  const [small, large] = [own.take(4), own.take(8)];
  await own.send(large, () => Promise.resolve());
  await own.send(small, () => Promise.resolve());
  await own.enter(undefined);
  assert(own.take(4).buffer !== small.buffer);
  assert(own.take(8).buffer === large.buffer);
  own.end();
  await own.enter(undefined);
  assert(own.take(8).buffer !== large.buffer);
});

Deno.test("FLOW-005: where nothing is under way, who waits is let in after a while", async () => {
  const buffers = new PartBuffers(1);
  const [holding, waiting] = [buffers.forUpload(), buffers.forUpload()];
  await holding.enter(undefined);
  let isIn = false;
  const entering = waiting.enter(undefined).then(() => isIn = true);
  await settled(20);
  assertEquals(isIn, false);
  await entering;
  waiting.end();
  holding.end();
});

Deno.test("FLOW-005: as long as a part is under way, who waits goes on waiting", async () => {
  const buffers = new PartBuffers(1);
  const [holding, waiting] = [buffers.forUpload(), buffers.forUpload()];
  await holding.enter(undefined);
  const { done, sent } = sending(holding);
  let isIn = false;
  const entering = waiting.enter(undefined).then(() => isIn = true);
  await settled(350);
  assertEquals(isIn, false);
  done();
  await sent;
  await entering;
  waiting.end();
});

Deno.test("FLOW-002: who is aborted while it waits has no place to give back", async () => {
  const buffers = new PartBuffers(1);
  const [holding, waiting] = [buffers.forUpload(), buffers.forUpload()];
  await holding.enter(undefined);
  const control = new AbortController();
  const entering = waiting.enter(control.signal);
  control.abort(new Error("enough"));
  await assertRejects(() => entering, Error, "enough");
  waiting.end();
  holding.end();
  const [next, last] = [buffers.forUpload(), buffers.forUpload()];
  await next.enter(undefined);
  let isIn = false;
  const late = last.enter(undefined).then(() => isIn = true);
  await settled();
  assertEquals(isIn, false, "there is one place, and not two");
  next.end();
  await late;
  last.end();
});

Deno.test("FLOW-004: a part that fails keeps its buffer from the others, and gives its place back at the end", async () => {
  const buffers = new PartBuffers(1);
  const own = buffers.forUpload();
  await own.enter(undefined);
  const bytes = own.take(4);
  await own.send(bytes, () => Promise.reject(new Error("lost")))
    .catch(() => {});
  own.end();
  const next = buffers.forUpload();
  await next.enter(undefined);
  assert(next.take(4).buffer !== bytes.buffer);
  next.end();
});

Deno.test("FLOW-006: without a bound uploads share nothing that one could fail to give back", () => {
  assertEquals(sharedBuffers(Infinity), undefined);
  assert(sharedBuffers(1) instanceof PartBuffers);
});
