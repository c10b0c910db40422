import { assertEquals, assertRejects } from "@std/assert";
import { NotFoundError, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { ProxyUpload } from "../../../ext/_proxy/upload.ts";

Deno.test("PROXY-001: a ProxyUpload is the upload below, option by option", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const inner = await store.openUpload("a", { size: 3, partSize: 2 });
  const upload = new ProxyUpload(inner);
  const { path, id, size, partSize } = upload;
  assertEquals([path, id, size, partSize], ["a", inner.id, 3, 2]);
  await upload.part(1, Uint8Array.of(1, 2));
  await upload.part(2, Uint8Array.of(3));
  const parts = await Array.fromAsync(upload.parts());
  assertEquals(parts, await Array.fromAsync(inner.parts()));
  const reason = new Error("given up");
  const signal = AbortSignal.abort(reason);
  for (
    const act of [
      () => upload.part(1, Uint8Array.of(1, 2), { signal }),
      () => Array.fromAsync(upload.parts({ signal })),
      () => upload.complete(parts, { signal }),
      () => upload.discard({ signal }),
    ]
  ) {
    assertEquals(await assertRejects(act, Error), reason);
  }
  assertEquals((await upload.complete(parts)).size, 3);
  assertEquals(await store.readBytes("a"), Uint8Array.of(1, 2, 3));
  await upload.discard();
  await assertRejects(() => Array.fromAsync(upload.parts()), NotFoundError);
});
