import {
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
} from "@std/assert";
import { InvalidArgumentError, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { CachedWriter } from "../../../ext/_cache/writer.ts";

Deno.test("CachedWriter commits as a change, and discards without one", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  let changes = 0;
  const open = async (path: string) =>
    new CachedWriter(await store.openAtomic(path), (work) => {
      changes++;
      return work();
    });
  {
    await using writer = await open("a");
    await writer.write("A");
    assertEquals([writer.position, writer.result], [1, null]);
    assertEquals((await writer.close()).size, 1);
  }
  {
    await using writer = await open("b");
    await writer.write("B");
  }
  await (await open("c")).abort();
  assertEquals([changes, await store.exists("b")], [1, false]);
});

Deno.test("QUEUE-001, QUEUE-002: writes that nobody waits for commit in their order, or not at all", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  // A change may have to wait for another one.
  const open = async (path: string) =>
    new CachedWriter(await store.openAtomic(path), async (work) => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      return await work();
    });
  const good = await open("a");
  for (const text of ["one", "two"]) good.write(text);
  const closing = good.close();
  const late = good.write("late").catch((error) => error);
  assertEquals((await closing).size, 6);
  assertInstanceOf(await late, InvalidArgumentError);
  assertStrictEquals(await good.close(), await closing);
  assertEquals(await store.readText("a"), "onetwo");

  const bad = await open("b");
  bad.write("one");
  const refused = bad.write(5 as never).catch((error) => error);
  assertStrictEquals(await bad.close().catch((error) => error), await refused);
  await bad[Symbol.asyncDispose]();
  assertEquals(await store.exists("b"), false);
});
