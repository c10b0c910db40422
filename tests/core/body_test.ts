import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  BackendUnavailableError,
  readAll,
  RemoteStoreError,
} from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { guardBody } from "../../core/body.ts";
import { Mount } from "../../core/mount.ts";

const mount = new Mount(new MemoryBackend(), "", false);

function call(signal?: AbortSignal) {
  return { mount, action: "read", path: "a", signal };
}

/** What became of a body. */
interface Fate {
  cancelled: unknown[];
}

/** A byte stream of two chunks, as fetch gives one. */
function byteStream(fate: Fate = { cancelled: [] }, failure?: unknown) {
  let pulls = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller: ReadableByteStreamController) {
      if (++pulls <= 2) {
        return controller.enqueue(new Uint8Array([pulls, pulls]));
      }
      if (failure !== undefined) return controller.error(failure);
      controller.close();
      controller.byobRequest?.respond(0);
    },
    cancel: (reason) => void fate.cancelled.push(reason),
  });
}

/** Reads into buffers of the caller's own. */
async function readInto(body: ReadableStream<Uint8Array>): Promise<number[]> {
  const reader = body.getReader({ mode: "byob" });
  const bytes: number[] = [];
  let buffer = new ArrayBuffer(3);
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (done) return bytes;
    bytes.push(...value);
    buffer = value.buffer;
  }
}

Deno.test("guardBody() keeps a byte stream one, for both kinds of reader", async () => {
  assertEquals(await readInto(guardBody(byteStream(), call(), 4)), [
    1,
    1,
    2,
    2,
  ]);
  const body = guardBody(byteStream(), call(), null);
  assertEquals([...await new Response(body).bytes()], [1, 1, 2, 2]);
});

Deno.test("guardBody() over a guarded body guards it too, by both errors and aborts", async () => {
  const stop = new AbortController();
  const twice = (length: number, signal?: AbortSignal) =>
    guardBody(guardBody(byteStream(), call(signal), length), call(), null);
  assertEquals(await readInto(twice(4)), [1, 1, 2, 2]);
  await assertRejects(() => readInto(twice(5)), BackendUnavailableError);
  const reader = twice(4, stop.signal).getReader({ mode: "byob" });
  await reader.read(new Uint8Array(2));
  stop.abort(new DOMException("stop", "AbortError"));
  await assertRejects(() => reader.read(new Uint8Array(2)), Error, "stop");
});

Deno.test("BYOB-001: guardBody() makes a byte stream of any other one, and takes nobody's memory", async () => {
  const kept = new Uint8Array([1, 2, 3, 4, 5]);
  const halves = [kept.subarray(0, 3), kept.subarray(3)];
  const stream = () =>
    ReadableStream.from(halves) as ReadableStream<Uint8Array>;
  assertEquals(await readInto(guardBody(stream(), call(), 5)), [1, 2, 3, 4, 5]);
  const chunks = await Array.fromAsync(guardBody(stream(), call(), 5));
  assertEquals(chunks.map((chunk) => [...chunk]), [[1, 2, 3], [4, 5]]);
  assertEquals([...kept], [1, 2, 3, 4, 5]);
  await assertRejects(
    () => readInto(guardBody(stream(), call(), 6)),
    BackendUnavailableError,
  );
});

Deno.test("guardBody() lets the readers change in the middle", async () => {
  const body = guardBody(byteStream(), call(), 4);
  const first = body.getReader({ mode: "byob" });
  assertEquals([...(await first.read(new Uint8Array(2))).value ?? []], [1, 1]);
  first.releaseLock();
  const second = body.getReader();
  assertEquals([...(await second.read()).value ?? []], [2, 2]);
  assertEquals((await second.read()).done, true);
});

Deno.test("guardBody() maps errors and early ends for both kinds of reader", async () => {
  for (
    const read of [
      readInto,
      (body: ReadableStream) => new Response(body).bytes(),
    ]
  ) {
    const failure = new TypeError("reset");
    const error = await assertRejects(
      () => read(guardBody(byteStream(undefined, failure), call(), null)),
      RemoteStoreError,
      'Cannot read "a": the backend failed: reset',
    );
    assertStrictEquals(error.cause, failure);
    await assertRejects(
      () => read(guardBody(byteStream(), call(), 5)),
      BackendUnavailableError,
      "the body has 4 of 5 bytes",
    );
  }
});

Deno.test("guardBody() ends with the reason of an abort and cancels the body with it", async () => {
  for (const mode of ["byob", undefined] as const) {
    for (const reason of ["stop", null]) {
      const fate: Fate = { cancelled: [] };
      const controller = new AbortController();
      const body = guardBody(byteStream(fate), call(controller.signal), null);
      const reader = mode === "byob"
        ? body.getReader({ mode })
        : body.getReader();
      await reader.read(new Uint8Array(2));
      controller.abort(reason);
      const outcome = reader.read(new Uint8Array(2));
      assertEquals(await outcome.then(() => "read", (error) => [error]), [
        reason,
      ]);
      assertEquals(fate.cancelled, [reason]);
    }
  }
});

Deno.test("guardBody() cancels the body, and once", async () => {
  const fate: Fate = { cancelled: [] };
  const body = guardBody(byteStream(fate), call(), null);
  await body.cancel("enough");
  await body.cancel("again");
  assertEquals(fate.cancelled, ["enough"]);
});

Deno.test("readAll() gives all bytes as memory of its own, or the stream's own error", async () => {
  const bytes = await readAll(byteStream());
  assertEquals([...bytes], [1, 1, 2, 2]);
  assertEquals(bytes.buffer.byteLength, 4);
  assertEquals(await readAll(new Blob([]).stream()), new Uint8Array(0));
  const failure = new RemoteStoreError("the wire");
  const error = await assertRejects(() =>
    readAll(byteStream({ cancelled: [] }, failure))
  );
  assertStrictEquals(error, failure);
});
