import { assertEquals } from "@std/assert";
import { Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { revalidate } from "../../../ext/_cache/revalidate.ts";

Deno.test("revalidate() keeps the old bytes as long as the store says that they hold", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const { etag } = await store.write("a", "A");
  const { signal } = new AbortController();
  const value = new Uint8Array([65]);
  const old = { value, etag, freshUntil: 0 };
  assertEquals(await revalidate(store, "a", signal, undefined), {
    value,
    etag,
    revalidated: false,
  });
  assertEquals(await revalidate(store, "a", signal, old), {
    value,
    etag,
    revalidated: true,
  });
  const next = await store.write("a", "B", { overwrite: true });
  assertEquals(await revalidate(store, "a", signal, old), {
    value: new Uint8Array([66]),
    etag: next.etag,
    revalidated: false,
  });
});
