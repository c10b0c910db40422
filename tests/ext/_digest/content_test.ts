import { Store, type WriteContent } from "../../../mod.ts";
import { MemoryBackend } from "../../../backends/memory.ts";
import { sourceOf } from "../../../ext/_digest/content.ts";
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { contents } from "../sources.ts";

const BYTES = new Uint8Array(3000).map((_, i) => i * 7);

Deno.test("EW-001: bytes at hand are told from bytes to come", () => {
  const kinds = Object.entries(contents(BYTES)).map(([name, make]) =>
    [name, sourceOf(make())?.kind] as const
  );
  assertEquals(Object.fromEntries(kinds), {
    bytes: "bytes",
    buffer: "bytes",
    view: "bytes",
    "data view": "bytes",
    "shared memory": "bytes",
    blob: "stream",
    stream: "stream",
    iterable: "stream",
    response: "stream",
  });
  assertEquals(sourceOf("ä"), {
    kind: "bytes",
    bytes: new Uint8Array([0xc3, 0xa4]),
  });
});

Deno.test("EW-001: content made anew keeps its kind, size and type for the store", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  for (const [name, make] of Object.entries(contents(BYTES))) {
    const source = sourceOf(make());
    if (source?.kind !== "stream") continue;
    const { open } = source;
    const again = () => {
      const puller = open();
      return new ReadableStream<Uint8Array>({
        async pull(controller) {
          const { done, value } = await puller.read();
          if (done) controller.close();
          else controller.enqueue(value as Uint8Array);
        },
      });
    };
    await store.write(name, source.over(again));
    await store.write(`${name}, plain`, make());
    const info = await store.getFileInfo(name);
    const plain = await store.getFileInfo(`${name}, plain`);
    assertEquals(await store.readBytes(name), BYTES);
    assertEquals(info.contentType, plain.contentType);
  }
});

Deno.test("EW-001: a response without a body has no bytes", () => {
  const source = sourceOf(new Response(null));
  assert(source?.kind === "bytes");
  assertEquals(source.bytes.byteLength, 0);
});

Deno.test("EW-001: an empty blob is known to be empty, an empty stream is not", () => {
  const empty = (content: WriteContent) => {
    const source = sourceOf(content);
    return source?.kind === "stream" && source.empty;
  };
  assertEquals(empty(new Blob([])), true);
  assertEquals(empty(new Blob(["a"])), false);
  assertEquals(empty(new ReadableStream()), false);
});

Deno.test("EW-001: what a store refuses is left for it to refuse", async () => {
  const locked = new ReadableStream<Uint8Array>();
  locked.getReader();
  const used = new Response("used");
  await used.text();
  const busy = new Response("busy");
  const reader = busy.body!.getReader();
  for (
    const content of [
      locked,
      used,
      busy,
      new Response("no", { status: 404 }),
      null,
      undefined,
      5,
      {},
    ]
  ) {
    assertStrictEquals(sourceOf(content as WriteContent), null);
  }
  await reader.cancel();
});
