import { assertEquals, assertRejects } from "@std/assert";
import { type AtomicWriter, Store, type WriteResult } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { ProxyWriter } from "../../../ext/_proxy/writer.ts";

/** A writer whose commit waits, as one behind a hook or another change does. */
class Slow extends ProxyWriter {
  #closing: Promise<WriteResult> | undefined;

  protected override get ending(): Promise<WriteResult> | undefined {
    return this.#closing;
  }

  override close(): Promise<WriteResult> {
    const commit = async () => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      return await this.inner.close();
    };
    return this.#closing ??= commit();
  }
}

async function opened(
  path: string,
): Promise<{ store: Store; writer: Slow; inner: AtomicWriter }> {
  const store = new Store({ backend: new MemoryBackend() });
  const inner = await store.openAtomic(path);
  return { store, writer: new Slow(inner), inner };
}

Deno.test("PROXY-001: a ProxyWriter is the writer below", async () => {
  const { store, writer, inner } = await opened("a");
  await writer.write("A");
  assertEquals([writer.position, writer.result], [1, null]);
  const result = await writer.close();
  assertEquals([writer.result, inner.result], [result, result]);
  assertEquals(await store.readText("a"), "A");
});

Deno.test("PROXY-001, QUEUE-001: what is called behind an end does not overtake it", async () => {
  const { store, writer } = await opened("a");
  void writer.write("A");
  const closing = writer.close();
  await writer.abort();
  assertEquals((await closing).size, 1);
  await assertRejects(() => writer.write("B"), TypeError, "closed");
  assertEquals(await store.readText("a"), "A");
});

Deno.test("PROXY-001: a ProxyWriter that is aborted or disposed of leaves nothing, and pipes", async () => {
  const { store, writer } = await opened("a");
  await writer.write("A");
  await writer.abort();
  {
    await using other = new Slow(await store.openAtomic("b"));
    await other.write("B");
  }
  assertEquals([await store.exists("a"), await store.exists("b")], [
    false,
    false,
  ]);
  const piped = new Slow(await store.openAtomic("c"));
  await new Blob(["C"]).stream().pipeTo(piped.writable);
  assertEquals(await store.readText("c"), "C");
});
