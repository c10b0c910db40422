import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { Store } from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { LateBody } from "../../core/late_body.ts";
import { collect, LongLived, Watch } from "./collecting.ts";

/** A body that tells what it was canceled with. */
function bodyOf(canceled: unknown[], bytes = 3): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array([left]));
      else controller.close();
    },
    cancel: (reason) => void canceled.push(reason),
  }, { highWaterMark: 0 });
}

Deno.test("LATE-001: what is never read is never opened", async () => {
  let opened = 0;
  const body = new LateBody(() => {
    opened++;
    return Promise.resolve(bodyOf([]));
  }, undefined);
  await body.cancel("enough");
  assertEquals(opened, 0);
});

Deno.test("LATE-001: canceled while it opens, the opening ends and what it gives is released", async () => {
  const canceled: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<
    ReadableStream<Uint8Array>
  >();
  let heard: unknown;
  const body = new LateBody((signal) => {
    signal.addEventListener("abort", () => heard = signal.reason);
    return promise;
  }, undefined);
  const reading = body.read().catch((error) => error);
  await body.cancel("enough");
  assertEquals(heard, "enough");
  resolve(bodyOf(canceled));
  assertEquals(await reading, "enough");
  assertEquals(canceled, ["enough"]);
});

Deno.test("LATE-001: an opening that ends by the cancel is no error of anybody's", async () => {
  const body = new LateBody((signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    }), undefined);
  const reading = body.read(new Uint8Array(1));
  await body.cancel("enough");
  assertEquals(await reading.catch((error) => error), "enough");
});

Deno.test("LATE-001: the caller's signal ends opening and body, and is let go at the end", async () => {
  const caller = new AbortController();
  let own: AbortSignal | undefined;
  const body = new LateBody((signal) => {
    own = signal;
    return Promise.resolve(bodyOf([], 1));
  }, caller.signal);
  await body.read();
  assertEquals((await body.read()).done, true);
  caller.abort("too late");
  assertEquals(own?.aborted, false);

  const aborted = AbortSignal.abort("before");
  const late = new LateBody((signal) => {
    signal.throwIfAborted();
    return Promise.resolve(bodyOf([]));
  }, aborted);
  assertEquals(await late.read().catch((error) => error), "before");
});

Deno.test("LATE-001: an opening that fails is told by every read", async () => {
  const failure = new Error("no");
  const body = new LateBody(() => Promise.reject(failure), undefined);
  for (let i = 0; i < 2; i++) {
    assertStrictEquals(await assertRejects(() => body.read()), failure);
  }
});

Deno.test("LATE-001: streams that are opened and dropped are collected, and leave no listener", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", "0123456789");
  const caller = new LongLived();
  const { signal } = caller;
  const blob = await store.openBlob("a", { signal });
  const watch = new Watch();
  const drop = async () => {
    const stream = blob.stream();
    const reader = stream.getReader({ mode: "byob" });
    await reader.read(new Uint8Array(2));
    watch.add(stream);
  };
  for (let i = 0; i < 100; i++) await drop();
  assertEquals(await collect(watch), 0);
  assertEquals(caller.listeners, 0);
});

Deno.test("LATE-001: a stream that is held is ended by its signal, whatever was collected", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", "0123456789");
  const caller = new AbortController();
  const blob = await store.openBlob("a", { signal: caller.signal });
  const reader = blob.stream().getReader({ mode: "byob" });
  await reader.read(new Uint8Array(2));
  const nothing = new Watch();
  (() => nothing.add({}))();
  await collect(nothing);
  caller.abort("enough");
  const failure = await reader.read(new Uint8Array(2)).catch((error) => error);
  assertEquals(failure, "enough");
});
