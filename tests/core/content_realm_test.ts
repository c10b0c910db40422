import { runInNewContext } from "node:vm";
import { assertEquals } from "@std/assert";
import { MemoryBackend } from "../../backends/memory.ts";
import { toContent } from "../../core/content.ts";
import { Store } from "../../mod.ts";

Deno.test("SIO-004 a text is bytes of this realm, whichever the encoder's is", async () => {
  const { encode } = TextEncoder.prototype;
  // As in jsdom, whose globals are its own, but for an encoder that is Node's.
  TextEncoder.prototype.encode = (text = "") =>
    runInNewContext("Uint8Array.from(codes)", {
      codes: [...text].map((one) => one.charCodeAt(0)),
    });
  try {
    const { bytes } = toContent("write", "a", "hello");
    assertEquals(bytes instanceof Uint8Array, true);
    const store = new Store({ backend: new MemoryBackend() });
    const { path } = await store.write("a", "hello");
    assertEquals((await store.readBytes(path)).byteLength, 5);
    assertEquals(await store.readText(path), "hello");
  } finally {
    TextEncoder.prototype.encode = encode;
  }
});
