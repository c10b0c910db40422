import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { pump } from "../../../ext/_transfer/pump.ts";

const SILENT = () => new Promise<void>(() => {});
const never = new Error("it has never ended");

/** Fails instead of waiting for ever. */
async function soon<T>(work: Promise<T>): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(never), 10_000);
  });
  const first = await Promise.race([work.catch((error) => error), late]);
  clearTimeout(timer);
  return first;
}

/** A source of chunks that can be broken from outside. */
function sourceOf(chunks: number) {
  let left = chunks;
  const state = { canceled: null as unknown, fail: (_: unknown) => {} };
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      state.fail = (error) => controller.error(error);
    },
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array(10));
      else controller.close();
    },
    cancel: (reason) => void (state.canceled = reason),
  }, { highWaterMark: 0 });
  return { stream, state };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("LATE-002: an abort ends a pump whose target does not answer, at each of its steps", async () => {
  const sinks: readonly UnderlyingSink<Uint8Array>[] = [
    { start: SILENT },
    { write: SILENT },
    { close: SILENT },
    { write: SILENT, abort: SILENT },
    { close: SILENT, abort: SILENT },
  ];
  for (const sink of sinks) {
    const { stream, state } = sourceOf(2);
    const controller = new AbortController();
    const target = new WritableStream(sink);
    const pumping = pump(stream, target, controller.signal, undefined);
    await turn();
    controller.abort("enough");
    assertEquals(await soon(pumping), "enough");
    if (sink.close === undefined) assertEquals(state.canceled, "enough");
    assertEquals([stream.locked, target.locked], [false, false]);
  }
});

Deno.test("LATE-002: an abort ends a pump whose source does not answer", async () => {
  for (const cancel of [undefined, SILENT]) {
    const controller = new AbortController();
    let aborted: unknown = null;
    const pumping = pump(
      new ReadableStream({ pull: SILENT, ...(cancel && { cancel }) }),
      new WritableStream({ abort: (reason) => void (aborted = reason) }),
      controller.signal,
      undefined,
    );
    await turn();
    controller.abort("enough");
    assertEquals([await soon(pumping), aborted], ["enough", "enough"]);
  }
});

Deno.test("LATE-002: an error behind a chunk that the target does not take is told", async () => {
  for (const signal of [undefined, new AbortController().signal]) {
    const { stream, state } = sourceOf(2);
    const failure = new Error("the source broke");
    const pumping = pump(
      stream,
      new WritableStream({ write: SILENT }),
      signal,
      undefined,
    );
    await turn();
    state.fail(failure);
    assertStrictEquals(await soon(pumping), failure);
  }
});

Deno.test("LATE-002: an abort ends the wait for a cleanup that hangs", async () => {
  const controller = new AbortController();
  const { stream, state } = sourceOf(9);
  const failure = new Error("the source broke");
  const pumping = pump(
    stream.pipeThrough(
      new TransformStream({
        transform() {
          throw failure;
        },
      }),
    ),
    new WritableStream({ abort: SILENT }),
    controller.signal,
    undefined,
  );
  await turn();
  controller.abort("enough");
  assertStrictEquals(await soon(pumping), failure);
  assertStrictEquals(state.canceled, failure);
});

Deno.test("LATE-002: whoever fails, the other one is let go before it is told", async () => {
  const failure = new Error("the disk is full");
  const { stream, state } = sourceOf(9);
  let chunks = 0;
  const full = new WritableStream({
    write() {
      if (++chunks === 3) throw failure;
    },
  });
  assertStrictEquals(
    await soon(pump(stream, full, undefined, undefined)),
    failure,
  );
  assertStrictEquals(state.canceled, failure);

  let aborted: unknown = null;
  const broken = new ReadableStream({
    pull(controller) {
      controller.error(failure);
    },
  });
  const target = new WritableStream({
    abort: (reason) => void (aborted = reason),
  });
  assertStrictEquals(
    await soon(pump(broken, target, undefined, undefined)),
    failure,
  );
  assertStrictEquals(aborted, failure);
});

Deno.test("XFER-006: all bytes go through, in order, counted, and one chunk is under way", async () => {
  const { stream } = sourceOf(100);
  const counts: number[] = [];
  let taken = 0;
  let inside = 0;
  let closed = false;
  await pump(
    stream,
    new WritableStream<Uint8Array>({
      async write({ byteLength }) {
        assertEquals(inside++, 0);
        await Promise.resolve();
        taken += byteLength;
        inside--;
      },
      close: () => void (closed = true),
    }),
    undefined,
    (bytes) => counts.push(bytes),
  );
  assert(closed);
  assertEquals([taken, counts.length, counts.at(-1)], [1000, 100, 1000]);
});
