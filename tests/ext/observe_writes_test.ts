import { assert, assertEquals } from "@std/assert";
import { observe, type StoreStart } from "../../ext/observe.ts";
import { last, memory, watched } from "./observe_fixture.ts";

Deno.test("OBS-015, WR-019 after a write the event carries the identical result, the start does not", async () => {
  const starts: StoreStart[] = [];
  const { store, events } = watched({ onStart: (start) => starts.push(start) });
  for (
    const write of [
      () => store.write("a", "A"),
      () => store.writeText("b", "B"),
      () => store.writeAtomic("c", "C"),
    ]
  ) {
    const result = await write();
    assert(last(events).metadata.write_result === result);
    assertEquals(starts.at(-1)?.metadata, {});
    const error = await write().catch((error) => error);
    assertEquals(error.code, "AlreadyExists");
    assert(!("write_result" in last(events).metadata));
  }
});

Deno.test("WR-018 a write's result is the inner store's own, and head is passed on", async () => {
  const results: unknown[] = [];
  const inner = memory();
  const spied = new Proxy(inner, {
    get(target, name) {
      const own = Reflect.get(target, name, target);
      if (typeof own !== "function") return own;
      return (...args: unknown[]) => {
        const returned = own.apply(target, args);
        if (name !== "write" && name !== "head") return returned;
        return returned.then((value: unknown) => (results.push(value), value));
      };
    },
  });
  const store = observe(spied);
  assert(await store.write("a", "A") as unknown === results[0]);
  assert(await store.head("a") as unknown === results[1]);
});

Deno.test("WR-018 an atomic writer commits and discards as ever, and both are told", async () => {
  const { store, events } = watched();
  {
    await using writer = await store.openAtomic("a");
    await writer.write("one");
    assertEquals([writer.position, writer.result], [3, null]);
    const result = await writer.close();
    assert(writer.result === result);
    assert(last(events).metadata.write_result === result);
  }
  {
    await using writer = await store.openAtomic("b");
    await writer.write("two");
  }
  const streamed = await store.openAtomic("c");
  await new Response("three").body?.pipeTo(
    streamed.writable as WritableStream<Uint8Array>,
  );
  const aborted = await store.openAtomic("d");
  await aborted.writable.abort("no");
  assertEquals(events.map(({ operation }) => operation), [
    "open_atomic",
    "commit_atomic",
    "open_atomic",
    "discard_atomic",
    "open_atomic",
    "commit_atomic",
    "open_atomic",
    "discard_atomic",
  ]);
  assertEquals(await store.readText("c"), "three");
  assert(!await store.exists("b") && !await store.exists("d"));
});

Deno.test("OBS-003, MKDIR-001 a folder that is created is an operation, and a listing's limits are told", async () => {
  const { store, events } = watched();
  await store.createFolder("a/b");
  assertEquals(last(events).operation, "create_folder");
  const options = { limit: 3, startAfter: "a/c" };
  await Array.fromAsync(store.listFiles("a", options));
  assertEquals(last(events).metadata.limit, 3);
  assertEquals(last(events).metadata.start_after, "a/c");
});
