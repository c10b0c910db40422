import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AlreadyExistsError,
  CapabilityNotSupportedError,
  CapabilitySet,
  InvalidArgumentError,
  InvalidPathError,
  NotFoundError,
  RemoteStoreError,
  Store,
} from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import {
  download,
  openResponse,
  transfer,
  upload,
} from "../../ext/transfer.ts";

const memory = () => new Store({ backend: new MemoryBackend() });

async function storeWith(content: string, path = "a") {
  const store = memory();
  assertEquals((await store.write(path, content)).path, path);
  return store;
}

/** A target that collects, and can fail at a chunk. */
function sink(failAt = Infinity) {
  const chunks: Uint8Array[] = [];
  const state = { chunks, closed: false, aborted: undefined as unknown };
  const writable = new WritableStream<Uint8Array>({
    write(chunk) {
      if (chunks.length >= failAt) throw new Error("the disk is full");
      chunks.push(chunk);
    },
    close: () => void (state.closed = true),
    abort: (reason) => void (state.aborted = reason),
  });
  return { writable, state };
}

/** A file handle as browsers have it. */
function handle(content = "") {
  const file = { content, opened: 0, aborted: 0 };
  return {
    file,
    getFile: () => Promise.resolve(new Blob([file.content])),
    createWritable: () => {
      file.opened++;
      const chunks: BlobPart[] = [];
      return Promise.resolve(
        new WritableStream({
          write: (chunk) => void chunks.push(chunk),
          close: async () => {
            file.content = await new Blob(chunks).text();
          },
          abort: () => void file.aborted++,
        }),
      );
    },
  };
}

/** A store whose file comes in pieces, and tells when it is let go. */
function slow(pieces: number, failAt = Infinity) {
  const backend = new MemoryBackend();
  const seen = { pulled: 0, canceled: undefined as unknown };
  backend.read = async (key, request) => {
    const answer = await MemoryBackend.prototype.read.call(
      backend,
      key,
      request,
    );
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (seen.pulled === failAt) throw new Error("broken");
        if (seen.pulled === pieces) return controller.close();
        seen.pulled++;
        controller.enqueue(new Uint8Array(1000));
      },
      cancel: (reason) => void (seen.canceled = reason),
    }, { highWaterMark: 0 });
    return answer && { ...answer, length: pieces * 1000, body };
  };
  const store = new Store({ backend });
  return { store, seen };
}

Deno.test("XFER-001 a blob, a handle, a response, a stream and bytes are uploaded, with their type", async () => {
  const store = memory();
  const sources = {
    blob: new Blob(["Hello"], { type: "text/x" }),
    handle: handle("Hello"),
    response: new Response("Hello", { headers: { "content-type": "text/x" } }),
    stream: new Blob(["Hello"]).stream(),
    bytes: new TextEncoder().encode("Hello"),
  };
  for (const [path, source] of Object.entries(sources)) {
    assertEquals((await upload(store, source, path)).size, 5);
    assertEquals(await store.readText(path), "Hello");
  }
  assertEquals((await store.getFileInfo("blob")).contentType, "text/x");
  assertEquals((await store.getFileInfo("response")).contentType, "text/x");
});

Deno.test("XFER-002 a stream is passed on as it is, and never held as a whole", async () => {
  const given: unknown[] = [];
  const stream = new Blob(["x"]).stream();
  const store = {
    write: (...args: unknown[]) => Promise.resolve(void given.push(...args)),
  };
  await upload(store as unknown as Store, stream, "a", { overwrite: true });
  assertEquals(given, ["a", stream, { overwrite: true }]);
});

Deno.test("XFER-003 overwrite is passed on", async () => {
  const store = await storeWith("old");
  await assertRejects(() => upload(store, "new", "a"), AlreadyExistsError);
  assertEquals((await upload(store, "new", "a", { overwrite: true })).size, 3);
});

Deno.test("XFER-004 a handle whose file is gone is an error before the store is asked", async () => {
  const gone = new DOMException("gone", "NotFoundError");
  const error = await upload(
    { write: () => Promise.reject(new Error("asked")) },
    { getFile: () => Promise.reject(gone) },
    "a",
  ).catch((error) => error);
  assert(error === gone);
});

Deno.test("XFER-005, XFER-009, XFER-014 progress counts the bytes so far, and ends the call by throwing", async () => {
  const { store } = slow(3);
  assertEquals((await store.write("a", "x".repeat(3000))).size, 3000);
  const counts: number[][] = [[], [], []];
  const count = (i: number) => (bytes: number) => counts[i]?.push(bytes);
  const stream = (await store.read("a")) as ReadableStream<Uint8Array>;
  await upload(memory(), stream, "b", { onProgress: count(0) });
  for (const call of [1, 2]) {
    const { store } = slow(3);
    assertEquals((await store.write("a", "x".repeat(3000))).size, 3000);
    const onProgress = count(call);
    if (call === 1) await download(store, "a", sink().writable, { onProgress });
    else await transfer(store, "a", memory(), "b", { onProgress });
  }
  for (const list of counts) assertEquals(list.at(-1), 3000);
  assertEquals(counts[1], [1000, 2000, 3000]);
  const { writable, state } = sink();
  const onProgress = () => {
    throw new Error("enough");
  };
  await assertRejects(
    async () => download(await storeWith("A"), "a", writable, { onProgress }),
    Error,
    "enough",
  );
  assert(!state.closed);
});

Deno.test("XFER-006 a file is downloaded into a stream, which is closed; its info is returned", async () => {
  const { writable, state } = sink();
  const info = await download(await storeWith("Hello"), "a", writable);
  assertEquals([info.path, info.size, state.closed], ["a", 5, true]);
  assertEquals(await new Blob(state.chunks as BlobPart[]).text(), "Hello");
});

Deno.test("XFER-007 a download pulls as its target takes", async () => {
  const { store, seen } = slow(100);
  assertEquals((await store.write("a", "x")).size, 1);
  let take = () => {};
  const writable = new WritableStream({
    write: () => new Promise<void>((resolve) => take = resolve),
  });
  const controller = new AbortController();
  const { signal } = controller;
  const loading = download(store, "a", writable, { signal });
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert(seen.pulled <= 2, `${seen.pulled} pulled`);
  controller.abort("enough");
  take();
  assertEquals(await loading.catch((error) => error), "enough");
});

Deno.test("XFER-007 a locked target is refused before anything is read", async () => {
  const unread = { open: () => Promise.reject(new Error("asked")) };
  for (const onProgress of [undefined, () => {}]) {
    const { writable } = sink();
    writable.getWriter();
    await assertRejects(
      () => download(unread, "a", writable, { onProgress }),
      InvalidArgumentError,
      'Cannot download "a": the target is locked',
    );
  }
});

Deno.test("XFER-007 a target that is no stream of the web is refused before anything is read", async () => {
  const unread = { open: () => Promise.reject(new Error("asked")) };
  const nodes = { write: () => true, end: () => {}, destroy: () => {} };
  for (const target of [nodes, "a.txt", {}, null, undefined]) {
    await assertRejects(
      () => download(unread, "a", target as unknown as WritableStream),
      InvalidArgumentError,
      'Cannot download "a": the target is locked or no stream',
    );
  }
});

Deno.test("XFER-010 a target that fails lets the source go, counted or not", async () => {
  for (const onProgress of [undefined, () => {}]) {
    const { store, seen } = slow(100);
    assertEquals((await store.write("a", "x")).size, 1);
    const { writable } = sink(1);
    await assertRejects(
      () => download(store, "a", writable, { onProgress }),
      Error,
      "the disk is full",
    );
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert(seen.canceled instanceof Error, "canceled");
  }
});

Deno.test("XFER-008 a file that is not empty is refused before anything is read, unless overwrite", async () => {
  const store = await storeWith("new");
  const target = handle("old");
  const unread = { open: () => Promise.reject(new Error("asked")) };
  await assertRejects(() => download(unread, "a", target), AlreadyExistsError);
  assertEquals([target.file.content, target.file.opened], ["old", 0]);
  await download(store, "a", target, { overwrite: true });
  assertEquals(target.file.content, "new");
  const empty = handle();
  await download(store, "a", empty);
  assertEquals(empty.file.content, "new");
});

Deno.test("XFER-008 a file that cannot be read leaves a handle unopened", async () => {
  const target = handle("old");
  await assertRejects(
    () => download(memory(), "absent", target, { overwrite: true }),
    NotFoundError,
  );
  assertEquals(target.file, { content: "old", opened: 0, aborted: 0 });
});

Deno.test("XFER-010 whatever fails, the source is let go and the target aborted", async () => {
  const { store, seen } = slow(5);
  assertEquals((await store.write("a", "x")).size, 1);
  const full = sink(2);
  await assertRejects(
    () => download(store, "a", full.writable),
    Error,
    "the disk is full",
  );
  assert(seen.canceled instanceof Error && !full.state.closed);

  const broken = slow(5, 3);
  assertEquals((await broken.store.write("a", "x")).size, 1);
  const target = handle("old");
  await assertRejects(
    () => download(broken.store, "a", target, { overwrite: true }),
    RemoteStoreError,
  );
  assertEquals([target.file.content, target.file.aborted], ["old", 1]);

  const absent = sink();
  await assertRejects(
    () => download(memory(), "a", absent.writable),
    NotFoundError,
  );
  assert(absent.state.aborted instanceof NotFoundError);
});

Deno.test("XFER-006 a file is a Response too, and so a Blob", async () => {
  const store = memory();
  const written = await store.write("a", "Hello", { contentType: "text/x" });
  const response = await openResponse(store, "a");
  assertEquals(response.headers.get("etag"), written.etag);
  assertEquals(response.headers.get("content-length"), "5");
  const blob = await response.blob();
  assertEquals([blob.type, await blob.text()], ["text/x", "Hello"]);
});

Deno.test("XFER-011 a file goes from store to store with its type, its fields and its metadata", async () => {
  const [here, there] = [memory(), memory()];
  const options = {
    contentType: "text/x",
    cacheControl: "no-cache",
    contentDisposition: "attachment",
    contentEncoding: "br",
    contentLanguage: "en",
    metadata: { by: "ada" },
  };
  assertEquals((await here.write("a", "Hello", options)).size, 5);
  const result = await transfer(here, "a", there, "x/b");
  assertEquals([result.path, result.size], ["x/b", 5]);
  const [before, after] = [
    await here.getFileInfo("a"),
    await there.getFileInfo("x/b"),
  ];
  assertEquals(
    [after.contentType, after.extra, after.metadata],
    [before.contentType, before.extra, before.metadata],
  );
  const plain = await transfer(here, "a", there, "c", { metadata: false });
  assertEquals(plain.metadata, null);
});

Deno.test("XFER-012 a transfer reads as fast as it writes", async () => {
  const { store, seen } = slow(100);
  assertEquals((await store.write("a", "x")).size, 1);
  let most = 0;
  let written = 0;
  const backend = new MemoryBackend();
  backend.write = async (_, body) => {
    if (body.kind === "bytes") throw new Error("loaded whole");
    const reader = body.stream.getReader();
    for (;;) {
      const { done } = await reader.read();
      if (done) break;
      most = Math.max(most, seen.pulled - written);
      written++;
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return { etag: null, versionId: null, lastModified: null, digest: null };
  };
  const { size } = await transfer(store, "a", new Store({ backend }), "b");
  assertEquals([size, written], [100_000, 100]);
  assert(most <= 4, `${most} chunks ahead`);
});

Deno.test("XFER-013, XFER-015 a refused transfer lets the source go", async () => {
  const { store, seen } = slow(5);
  assertEquals((await store.write("a", "x")).size, 1);
  const there = await storeWith("old", "b");
  await assertRejects(
    () => transfer(store, "a", there, "b"),
    AlreadyExistsError,
  );
  assert(seen.canceled instanceof AlreadyExistsError);
  assertEquals(await there.readText("b"), "old");
  const { size } = await transfer(store, "a", there, "b", { overwrite: true });
  assertEquals(size, 5000);
});

Deno.test("XFER-015 a transfer that breaks or is aborted leaves nothing behind", async () => {
  const broken = slow(5, 3);
  assertEquals((await broken.store.write("a", "x")).size, 1);
  const there = await storeWith("old", "b");
  await assertRejects(
    () => transfer(broken.store, "a", there, "b", { overwrite: true }),
    RemoteStoreError,
  );
  const { store } = slow(5);
  assertEquals((await store.write("a", "x")).size, 1);
  const controller = new AbortController();
  const error = await transfer(store, "a", there, "c", {
    signal: controller.signal,
    onProgress: () => controller.abort("enough"),
  }).catch((error) => error);
  assertEquals(error, "enough");
  assertEquals([await there.readText("b"), await there.exists("c")], [
    "old",
    false,
  ]);
});

Deno.test("XFER-016 child stores and a store onto itself are stores like any other", async () => {
  const store = await storeWith("A", "x/a");
  const child = store.child("x");
  await transfer(child, "a", store, "b");
  assertEquals(await store.readText("b"), "A");
  await transfer(store, "b", store, "b", { overwrite: true });
  assertEquals(await store.readText("b"), "A");
});

Deno.test("XFER-017 what a store cannot do is thrown", async () => {
  const backend = new MemoryBackend();
  Object.assign(backend, { capabilities: new CapabilitySet(["write"]) });
  const writeOnly = new Store({ backend });
  const { writable } = sink();
  await assertRejects(
    () => download(writeOnly, "a", writable),
    CapabilityNotSupportedError,
  );
  const store = memory();
  assertEquals(
    (await store.write("a", "A", { metadata: { by: "ada" } })).size,
    1,
  );
  await assertRejects(
    () => transfer(store, "a", writeOnly, "b"),
    CapabilityNotSupportedError,
  );
  await assertRejects(() => upload(store, "A", ".."), InvalidPathError);
});
