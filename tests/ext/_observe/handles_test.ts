import {
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { InvalidArgumentError, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import {
  ObservedBlob,
  ObservedWriter,
  watchStream,
} from "../../../ext/_observe/handles.ts";
import { Reporter } from "../../../ext/_observe/reporter.ts";

Deno.test("watchStream() reads nothing ahead", async () => {
  let pulled = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(++pulled));
    },
  }, { highWaterMark: 0 });
  const reporter = new Reporter({ onStreamEnd: () => {} }, "memory");
  const start = reporter.start("read", "", "a");
  const reader = watchStream(source, reporter, start).getReader();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(pulled, 0);
  await reader.read();
  assertEquals(pulled, 1);
  await reader.cancel();
});

Deno.test("watchStream() reports an end once, whatever comes after it", async () => {
  const ends: string[] = [];
  const reporter = new Reporter(
    { onStreamEnd: ({ status }) => ends.push(status) },
    "memory",
  );
  const source = new Response("abc").body as ReadableStream<Uint8Array>;
  const start = reporter.start("read", "", "a");
  const reader = watchStream(source, reporter, start).getReader();
  while (!(await reader.read()).done);
  await reader.cancel("late");
  assertEquals(ends, ["ok"]);
});

Deno.test("QUEUE-001, QUEUE-002: ObservedWriter lets nothing in while a hook holds up the commit", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const ends: string[] = [];
  const reporter = new Reporter({
    around: async (_, next) => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      await next();
    },
    onAny: ({ operation, status }) => ends.push(`${operation} ${status}`),
  }, "memory");
  const open = async (path: string) =>
    new ObservedWriter(
      await store.openAtomic(path),
      reporter,
      (operation) => reporter.start(operation, "", path),
    );
  const good = await open("a");
  for (const text of ["one", "two"]) good.write(text);
  const closing = good.close();
  const late = good.write("late").catch((error) => error);
  assertEquals((await closing).size, 6);
  assertInstanceOf(await late, InvalidArgumentError);
  assertEquals(await store.readText("a"), "onetwo");

  const bad = await open("b");
  bad.write("one");
  const refused = bad.write(5 as never).catch((error) => error);
  assertStrictEquals(await bad.close().catch((error) => error), await refused);
  assertEquals(await store.exists("b"), false);
  assertEquals(ends, ["commit_atomic ok", "commit_atomic error"]);
});

Deno.test("OPT-007: ObservedBlob never becomes text", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", "A");
  const reporter = new Reporter({}, "memory");
  const blob = new ObservedBlob(
    await store.openBlob("a"),
    reporter,
    () => reporter.start("read_blob", "", "a"),
  );
  assertThrows(() => new Response(blob as never), InvalidArgumentError);
  assertEquals(await blob.text(), "A");
});
