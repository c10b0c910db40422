import { assertEquals, assertRejects } from "@std/assert";
import { NotFoundError, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { CachedUpload } from "../../../ext/_cache/upload.ts";

Deno.test("RES-012 CachedUpload completes as a change, and does all else without one", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  let changes = 0;
  const inner = await store.openUpload("a", { size: 3, partSize: 2 });
  const upload = new CachedUpload(inner, (work) => {
    changes++;
    return work();
  });
  const { path, id, size, partSize } = upload;
  assertEquals(
    { path, id, size, partSize },
    { path: "a", id: inner.id, size: 3, partSize: 2 },
  );
  await upload.part(1, Uint8Array.of(1, 2));
  await upload.part(2, Uint8Array.of(3));
  const parts = await Array.fromAsync(upload.parts());
  assertEquals(changes, 0);
  assertEquals((await upload.complete(parts)).size, 3);
  assertEquals(changes, 1);
  await upload.discard();
  await assertRejects(() => Array.fromAsync(upload.parts()), NotFoundError);
  assertEquals(changes, 1);
});
