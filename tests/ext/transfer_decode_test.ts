import { assertEquals } from "@std/assert";
import { Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { transfer } from "@remote-store/core/ext/transfer";

Deno.test("SITE-006 transfer() with decode takes the content of a file that is stored compressed", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const stored = new Blob(["squeezed"]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  void await store.write("a", stored, {
    contentEncoding: "gzip",
    contentType: "text/plain",
  });
  void await transfer(store, "a", store, "b", { decode: true });
  void await transfer(store, "a", store, "c");
  const plain = await store.getFileInfo("b");
  assertEquals(await store.readText("b"), "squeezed");
  assertEquals(plain.extra["contentEncoding"], undefined);
  assertEquals(plain.contentType, "text/plain");
  const coded = await store.getFileInfo("c");
  assertEquals(coded.extra["contentEncoding"], "gzip");
  assertEquals(await store.readText("c", { decode: true }), "squeezed");
});
