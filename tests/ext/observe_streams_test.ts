import { assert, assertEquals, assertRejects } from "@std/assert";
import { RemoteStoreError, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { observe, type StreamEvent } from "../../ext/observe.ts";
import { last, memory, watched } from "./observe_fixture.ts";

function streams() {
  const ends: StreamEvent[] = [];
  const inner = memory();
  const onStreamEnd = (event: StreamEvent) => ends.push(event);
  return { store: observe(inner, { onStreamEnd }), ends, inner };
}

Deno.test("OBS-003 a stream reports its end with its bytes", async () => {
  const { store, ends } = streams();
  assertEquals((await store.write("a", "12345")).size, 5);
  assertEquals(await new Response(await store.read("a")).text(), "12345");
  const { body } = await store.open("a", { range: { offset: 3 } });
  assertEquals(await new Response(body).text(), "45");
  assertEquals(
    ends.map(({ operation, status, bytes, error }) => [
      operation,
      status,
      bytes,
      error,
    ]),
    [["read", "ok", 5, null], ["open", "ok", 2, null]],
  );
  assert(Object.isFrozen(ends[0]));
});

Deno.test("OBS-003 a stream that is canceled, aborted or broken says so", async () => {
  const { store, ends, inner } = streams();
  assertEquals((await store.write("a", "12345")).size, 5);
  await (await store.read("a")).cancel("enough");
  const controller = new AbortController();
  const { signal } = controller;
  const aborted = await store.read("a", { signal });
  controller.abort("stop");
  await aborted.getReader().closed.catch(() => {});
  const backend = inner.unwrap(MemoryBackend);
  const { read } = MemoryBackend.prototype;
  backend.read = async (...args) => {
    const answer = await read.apply(backend, args);
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(2));
        controller.error(new TypeError("broken"));
      },
    }, { highWaterMark: 0 });
    return answer && { ...answer, body };
  };
  await assertRejects(
    async () => new Response(await store.read("a")).text(),
    RemoteStoreError,
  );
  assertEquals(ends.map(({ status }) => status), [
    "canceled",
    "error",
    "error",
  ]);
  assertEquals(ends[0]?.error, "enough");
  assertEquals(ends[1]?.error, "stop");
  assert(ends[2]?.error instanceof RemoteStoreError);
});

Deno.test("OBS-003 where nobody listens to ends a stream is the inner store's own", async () => {
  const inner = memory();
  assertEquals((await inner.write("a", "A")).size, 1);
  const returned: unknown[] = [];
  const { read } = Store.prototype;
  inner.read = async (...args) => {
    const stream = await read.apply(inner, args);
    returned.push(stream);
    return stream;
  };
  const stream = await observe(inner).read("a");
  assert(stream as unknown === returned[0]);
  await stream.cancel();
});

Deno.test("OBS-003 reads of a lazy handle are told, its parts' too", async () => {
  const { store, events } = watched();
  assertEquals((await store.write("a", "12345")).size, 5);
  const blob = await store.openBlob("a");
  assertEquals([blob.size, blob.type, blob.etag !== null], [5, "", true]);
  assertEquals(await blob.slice(1, 3).text(), "23");
  assertEquals((await blob.arrayBuffer()).byteLength, 5);
  assertEquals((await blob.bytes()).byteLength, 5);
  assertEquals(await new Response(blob.stream()).text(), "12345");
  assertEquals(
    events.slice(2).map(({ operation }) => operation),
    Array(4).fill("read_blob"),
  );
  assertEquals(events[2]?.metadata.size, 2);
});

Deno.test("OBS-003 each iteration of a listing is told when it ends, with its entries", async () => {
  const { store, events } = watched();
  for (const path of ["a", "b", "c"]) {
    assertEquals((await store.write(path, "")).size, 0);
  }
  events.length = 0;
  const files = store.listFiles("");
  assertEquals(events, []);
  assertEquals((await Array.fromAsync(files)).length, 3);
  for await (const file of files) {
    if (file.path === "b") break;
  }
  assertEquals(
    events.map(({ metadata }) => [metadata.count, metadata.complete]),
    [[3, true], [2, false]],
  );
});

Deno.test("OBS-003 a listing that fails is told, around it too", async () => {
  const seen: unknown[] = [];
  const inner = memory();
  inner.unwrap(MemoryBackend).list = () => Promise.reject(new Error("down"));
  const { store, events } = watched({
    around: async (_, next) => {
      seen.push("enter");
      await next().catch((error) => seen.push(error.code));
    },
  }, inner);
  await assertRejects(
    () => Array.fromAsync(store.listFiles("")),
    RemoteStoreError,
  );
  assertEquals(seen, ["enter", "RemoteStoreError"]);
  assertEquals([events.length, last(events).status], [1, "error"]);
});

Deno.test("OBS-005 around a listing: a refusal skips it, an error behind it is thrown", async () => {
  let asked = 0;
  const inner = memory();
  const { list } = MemoryBackend.prototype;
  const backend = inner.unwrap(MemoryBackend);
  backend.list = (...args) => {
    asked++;
    return list.apply(backend, args);
  };
  const refusing = observe(inner, {
    around: () => Promise.reject(new Error("refused")),
  });
  await assertRejects(
    () => Array.fromAsync(refusing.listFiles("")),
    Error,
    "refused",
  );
  assertEquals(asked, 0);
  const behind = observe(inner, {
    async around(_, next) {
      await next();
      throw new Error("behind");
    },
  });
  await assertRejects(
    () => Array.fromAsync(behind.listFiles("")),
    Error,
    "behind",
  );
});

Deno.test("OBS-003 observed stores are equal where the observed ones are", () => {
  const inner = memory();
  const store = observe(inner);
  assert(
    store.equals(observe(inner)) &&
      store.child("a").equals(observe(inner.child("a"))),
  );
  assert(!store.equals(inner) && !inner.equals(store) && !store.equals(null));
  assertEquals(`${store}`, "ObservedStore(memory:)");
});

Deno.test("OBS-005 an absent file that is no error is told as a call that went well", async () => {
  const { store, events } = watched();
  assertEquals(await store.open("absent", { missingOk: true }), null);
  assertEquals(events.map(({ operation, status }) => [operation, status]), [
    ["open", "ok"],
  ]);
});

Deno.test("OBS-005 what around keeps from the caller is let go: a stream, a file's body, a writer", async () => {
  const inner = memory();
  assertEquals((await inner.write("a", "A")).size, 1);
  const gone: unknown[] = [];
  const stream = () =>
    new ReadableStream({ cancel: (why) => void gone.push(why) });
  inner.read = () => Promise.resolve(stream());
  inner.open = async () => ({
    info: await inner.getFileInfo("a"),
    body: stream(),
  });
  const { openAtomic } = inner;
  inner.openAtomic = async (...args) => {
    const writer = await openAtomic.apply(inner, args);
    writer.abort = (why) => Promise.resolve(void gone.push(why));
    return writer;
  };
  const refusal = new Error("refused behind");
  const { store } = watched({
    around: async (_, next) => {
      await next();
      throw refusal;
    },
  }, inner);
  for (
    const call of [
      () => store.read("a"),
      () => store.open("a"),
      () => store.openAtomic("b"),
    ]
  ) {
    assert(await call().catch((error) => error) === refusal);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assertEquals(gone, [refusal, refusal, refusal]);
});
