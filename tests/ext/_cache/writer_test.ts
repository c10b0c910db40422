import { assertEquals } from "@std/assert";
import { Store } from "@remote-store/core";
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
