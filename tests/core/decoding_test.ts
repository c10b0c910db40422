import { assert, assertEquals, assertRejects } from "@std/assert";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { contentEntry, contentOf } from "../../core/decoding.ts";
import type { FileEntry } from "../../core/backend.ts";
import { readAll } from "../../core/body.ts";
import { InvalidArgumentError, RemoteStoreError, Store } from "../../mod.ts";
import { LongLived } from "./collecting.ts";

const TEXT = "Hello, hello, hello";

async function coded(format: CompressionFormat, text = TEXT) {
  const stream = new Blob([text]).stream().pipeThrough(
    new CompressionStream(format),
  );
  return await readAll(stream);
}

const answer = (contentEncoding: string, decoded = false) => {
  const entry: FileEntry = {
    kind: "file",
    size: 9,
    lastModified: null,
    etag: null,
    digest: null,
    contentType: null,
    metadata: null,
    extra: { contentEncoding },
  };
  return { entry, offset: 0, length: 9, body: null, decoded };
};

Deno.test("REP-011 contentOf() undoes what is still coded, and leaves what is not", async () => {
  for (const format of ["gzip", "deflate"] as const) {
    for (const name of [format, `x-${format}`, format.toUpperCase()]) {
      const body = contentOf(await coded(format), answer(name));
      assert(body instanceof ReadableStream);
      assertEquals(new TextDecoder().decode(await readAll(body)), TEXT);
    }
  }
  const bytes = new Uint8Array(3);
  assertEquals(contentOf(bytes, answer("gzip", true)), bytes);
  assertEquals(contentOf(bytes, answer("identity")), bytes);
});

Deno.test("REP-011 the size of what is decoded is not known", () => {
  assertEquals(contentEntry(answer("gzip")).size, null);
  assertEquals(contentEntry(answer("", true)).size, null);
  assertEquals(contentEntry(answer("identity")).size, 9);
});

Deno.test("REP-012 what cannot be undone, or is none of its coding, is an error that says so", async () => {
  for (const coding of ["zstd", "gzip, gzip", "own"]) {
    const error = await assertRejects(
      () =>
        Promise.resolve().then(() =>
          contentOf(new Uint8Array(1), answer(coding))
        ),
      RemoteStoreError,
    );
    assert(error.message.includes(coding), error.message);
  }
  const body = contentOf(new TextEncoder().encode(TEXT), answer("gzip"));
  await assertRejects(
    () => readAll(body as ReadableStream<Uint8Array>),
    RemoteStoreError,
    "its bytes are not of it",
  );
});

Deno.test("REP-013 a store reads the content of what is stored with a coding, and its bytes", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const stored = await coded("gzip");
  await store.write("a", stored, {
    contentEncoding: "gzip",
    contentType: "text/plain",
  });
  assertEquals(await store.readText("a", { decode: true }), TEXT);
  assertEquals(await store.readBytes("a"), stored);
  const { info, body } = await store.open("a", { decode: true });
  assertEquals(info.size, null);
  assertEquals(new TextDecoder().decode(await readAll(body!)), TEXT);
  const stream = await store.read("a", { decode: true });
  await stream.cancel();
});

Deno.test("REP-014 the handle on decoded content knows its size, and is in memory", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", await coded("gzip"), { contentEncoding: "gzip" });
  const blob = await store.openBlob("a", { decode: true });
  await store.delete("a");
  assertEquals([blob.size, await blob.text()], [TEXT.length, TEXT]);
  const part = blob.slice(7, 12);
  assertEquals([part.size, await part.text()], [5, "hello"]);
  assertEquals(new TextDecoder().decode(await readAll(part.stream())), "hello");
});

Deno.test("REP-015 decode excludes a range, and is a boolean", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", "A");
  await assertRejects(
    () => store.readBytes("a", { decode: true, range: { offset: 0 } }),
    InvalidArgumentError,
    'Cannot read "a": decode excludes range',
  );
  await assertRejects(
    () => store.readText("a", { decode: "yes" as never }),
    InvalidArgumentError,
  );
  assertEquals(await store.readText("a", { decode: true }), "A");
});

Deno.test("REP-016 an abort ends a decoded body with its reason", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", await coded("gzip"), { contentEncoding: "gzip" });
  const stop = new AbortController();
  const body = await store.read("a", { decode: true, signal: stop.signal });
  const reason = new Error("enough");
  stop.abort(reason);
  assertEquals(await assertRejects(() => readAll(body)), reason);
});

Deno.test("LEASE-004 what the kernel decodes lets go of the caller's signal at its end", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", await coded("gzip"), { contentEncoding: "gzip" });
  const long = new LongLived();
  const options = { decode: true, signal: long.signal };
  await store.readBytes("a", options);
  assertEquals(long.listeners, 0);
  const body = await store.read("a", options);
  await body.cancel();
  assertEquals(long.listeners, 0);
});
