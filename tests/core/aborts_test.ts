// Kernel proof: an abort in any phase rejects with the caller's own reason, ends what
// is in flight, sends nothing more, and leaves nothing open.
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { Store } from "../../mod.ts";
import type { Point } from "../fakes/failing_backend.ts";
import { chunks, fixture, methodsOf, NAMESPACES } from "./every_method.ts";

/** What `signal.reason` may be: never looked into. */
const REASONS: readonly unknown[] = [
  new DOMException("stop", "AbortError"),
  new DOMException("late", "TimeoutError"),
  "a string",
  null,
  0,
  { reason: "an object" },
];

/** What a promise rejects with; resolving is a failure. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const resolved = Symbol();
  const outcome = await promise.then(() => resolved, (reason) => ({ reason }));
  assert(typeof outcome === "object", "it resolved");
  return outcome.reason;
}

for (const namespace of NAMESPACES) {
  for (const method of methodsOf(namespace)) {
    const title = `${method.name} on a ${namespace} backend`;

    Deno.test(`SIO-005 ${title} with an aborted signal asks nothing`, async () => {
      for (const reason of REASONS) {
        const { store, backend } = await fixture({ namespace });
        const signal = AbortSignal.abort(reason);
        assertStrictEquals(
          await rejection(method.run(store, { signal })),
          reason,
        );
        assertEquals(backend.calls, []);
      }
    });

    Deno.test(`SIO-005 ${title} ends with the reason wherever it hangs`, async () => {
      const clean = await fixture({ namespace });
      await method.run(clean.store);
      const counts = new Map<Point, number>();
      for (const [i, point] of clean.backend.calls.entries()) {
        const nth = (counts.get(point) ?? 0) + 1;
        counts.set(point, nth);
        const reason = REASONS[i % REASONS.length];
        const where = `${title} at ${point} ${nth}`;
        const { store, backend } = await fixture({ namespace });
        const controller = new AbortController();
        backend.fail(point, { hang: true }, nth);
        const run = method.run(store, { signal: controller.signal });
        run.catch(() => {});
        await until(() =>
          backend.calls.filter((c) => c === point).length === nth
        );
        controller.abort(reason);
        assertStrictEquals(await rejection(run), reason, where);
        const calls = backend.calls.length;
        await settle();
        assertEquals(backend.calls.length, calls, `${where}: a late request`);
        assertEquals(backend.late, [], `${where}: a request after the abort`);
        for (const body of backend.bodies) {
          assert(body.state !== "open", where);
        }
      }
    });

    Deno.test(`SIO-005 ${title} sends no request after an abort in between`, async () => {
      const clean = await fixture({ namespace });
      await method.run(clean.store);
      const points = clean.backend.calls;
      const counts = new Map<Point, number>();
      // After the last one there is nothing left to send.
      for (const [i, point] of points.slice(0, -1).entries()) {
        const nth = (counts.get(point) ?? 0) + 1;
        counts.set(point, nth);
        // One request to the kernel, with the bytes in it.
        if (point === "write" && points[i + 1] === "commit") continue;
        const { store, backend } = await fixture({ namespace });
        const controller = new AbortController();
        // The answer still comes in full: a backend that does not look at the signal.
        backend.fail(point, { run: () => controller.abort("why") }, nth);
        const { signal } = controller;
        const reason = await rejection(method.run(store, { signal }));
        assertStrictEquals(reason, "why", `${title} at ${point} ${nth}`);
        // The chunks of a write that has begun are no requests of the kernel's.
        const late = backend.late.filter((p) =>
          p !== "commit" && p !== "source"
        );
        assertEquals(late, [], `${title} at ${point} ${nth}`);
      }
    });
  }
}

async function drain(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<void> {
  while (!(await reader.read()).done);
}

/** Lets everything run that can run. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 10_000 && !condition(); i++) {
    // Most things need a few microtasks; what needs more gets a turn of the loop.
    await (i < 200 ? null : new Promise((resolve) => setTimeout(resolve, 0)));
  }
  assert(condition(), "it was never reached");
}

for (const atHand of [false, true]) {
  const kind = atHand ? "bytes at hand" : "a stream";

  Deno.test(`SIO-005 an abort ends a body that was handed out, from ${kind}`, async () => {
    for (const range of [undefined, { offset: 1, length: 8 }]) {
      for (const reason of REASONS) {
        const { store, backend } = await fixture({ atHand });
        await store.write("large", new Uint8Array(600_000));
        const controller = new AbortController();
        const { signal } = controller;
        const reader = (await store.read("large", { signal, range }))
          .getReader();
        if (range === undefined) await reader.read();
        controller.abort(reason);
        // Behind a cut one chunk may be on its way already.
        const next = range === undefined ? reader.read() : drain(reader);
        assertStrictEquals(await rejection(next), reason);
        assertStrictEquals(await rejection(reader.closed), reason);
        await settle();
        for (const body of backend.bodies) assert(body.state !== "open");
      }
    }
  });
}

Deno.test("SIO-005 an abort after the end changes nothing", async () => {
  const { store } = await fixture();
  const controller = new AbortController();
  const stream = await store.read("data/a.txt", { signal: controller.signal });
  assertEquals(await new Response(stream).text(), "0123456789");
  controller.abort();
  await settle();
});

Deno.test("SIO-005 cancelling a body cancels the backend's, twice is harmless", async () => {
  const { store, backend } = await fixture();
  const stream = await store.read("data/a.txt");
  await stream.cancel("enough");
  await stream.cancel("enough");
  assertEquals(backend.bodies, [{ state: "cancelled", reason: "enough" }]);
});

Deno.test("SIO-005 an abort in mid-upload cancels the source with the reason", async () => {
  const { store, backend } = await fixture();
  const controller = new AbortController();
  let cancelled: unknown;
  let pulls = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(inner) {
      if (++pulls === 3) controller.abort("stop");
      else inner.enqueue(new Uint8Array(1));
    },
    cancel(reason) {
      cancelled = reason;
    },
  }, { highWaterMark: 0 });
  const { signal } = controller;
  assertEquals(await rejection(store.write("x", source, { signal })), "stop");
  await settle();
  assertEquals(cancelled, "stop");
  assertEquals(await store.exists("x"), false);
  assertEquals(backend.calls.includes("commit"), false);
});

Deno.test("SIO-005 an abort ends an upload whose source waits for ever", async () => {
  const { store } = await fixture();
  const controller = new AbortController();
  async function* waiting(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1);
    await new Promise(() => {});
  }
  const sources = [
    new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) }),
    waiting(),
  ];
  for (const source of sources) {
    const run = store.write("x", source, { signal: controller.signal });
    setTimeout(() => controller.abort("stop"), 0);
    assertEquals(await rejection(run), "stop");
  }
});

Deno.test("SIO-005 a failing backend does not wait for a source that waits for ever", async () => {
  const { backend } = await fixture();
  const failure = new TypeError("the wire");
  backend.write = async (_key, body) => {
    if (body.kind === "stream") body.stream.getReader().read().catch(() => {});
    await settle();
    throw failure;
  };
  async function* waiting(): AsyncGenerator<Uint8Array> {
    await new Promise(() => {});
    yield new Uint8Array(1);
  }
  const store = new Store({ backend });
  const error = await rejection(store.write("x", waiting()));
  assertStrictEquals((error as Error).cause, failure);
});

Deno.test("BE-014 leaving a listing ends the request in flight", async () => {
  for (const namespace of NAMESPACES) {
    const { store, backend } = await fixture({ namespace });
    const files = store.listFiles("data", { recursive: true });
    for await (const _ of files) break;
    const pages = backend.calls.length;
    await settle();
    assertEquals(backend.calls.length, pages, "no page is read ahead");

    backend.reset();
    backend.fail("list", { hang: true });
    const iterator = files[Symbol.asyncIterator]();
    const pending = iterator.next();
    await until(() => backend.calls.length > 0);
    await iterator.return?.();
    assertEquals(await pending, { done: true, value: undefined });
    assertEquals(await iterator.next(), { done: true, value: undefined });
  }
});

Deno.test("BE-014 every iteration of a listing is a walk of its own", async () => {
  const { store } = await fixture();
  const files = store.listFiles("data", { recursive: true });
  const first = await Array.fromAsync(files);
  assertEquals(first.length, 3);
  assertEquals(await Array.fromAsync(files), first);
});

Deno.test("SIO-005 a signal is let go of when the call is over", async () => {
  const { store } = await fixture();
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  await store.write("x", chunks(), { signal });
  await store.readBytes("x", { signal });
  await (await store.read("x", { signal })).cancel();
  assertEquals(listeners, 0);
});
