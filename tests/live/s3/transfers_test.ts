import { assert, assertEquals, assertRejects } from "@std/assert";
import { S3Backend, type S3Options } from "../../../backends/s3/mod.ts";
import { type RemoteStoreError, Store } from "../../../mod.ts";
import { FAILURES, leavesNothing } from "../../backends/s3/faults.ts";
import {
  createBucket,
  DIALECT,
  openUploads,
  optionsFor,
  send,
} from "./server.ts";

const ignore = DIALECT === "generic";
const MIB = 1024 * 1024;

/** Bytes that tell where they stand. */
function pattern(size: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(size / 4);
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i, 2654435761);
  return new Uint8Array(words.buffer);
}

async function setup(options: Partial<S3Options> = {}) {
  const bucket = await createBucket();
  const backend = new S3Backend({ ...optionsFor(bucket), ...options });
  return { bucket, store: new Store({ backend }) };
}

/** Breaks a body off after some of its bytes. */
function cut(response: Response, after: number): Response {
  const reader = response.body!.getReader();
  let left = Math.floor(after);
  const body = new ReadableStream({
    type: "bytes",
    async pull(controller: ReadableByteStreamController) {
      const { done, value } = await reader.read();
      if (done || left <= 0) {
        reader.cancel().catch(() => {});
        return controller.error(new TypeError("connection reset"));
      }
      const chunk = value.slice(0, left);
      left -= chunk.byteLength;
      controller.enqueue(chunk);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const { status, headers } = response;
  return new Response(body, { status, headers });
}

Deno.test({
  name: "SIO-001: 64 MiB arrive over 20 cuts at random places",
  ignore,
  async fn() {
    let cuts = 0;
    const { store } = await setup({
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (init.method !== "GET" || cuts >= 20) return response;
        cuts++;
        return cut(response, Math.random() * 3 * MIB);
      },
    });
    const bytes = pattern(64 * MIB);
    await store.write("a", bytes);
    const read = await store.readBytes("a");
    assertEquals(cuts, 20);
    assertEquals(read.byteLength, bytes.byteLength);
    assert(read.every((byte, i) => byte === bytes[i]), "the bytes differ");
  },
});

Deno.test({
  name:
    "SIO-001: a file that is replaced in mid-read is an error and never a mixture",
  ignore,
  async fn() {
    let reads = 0;
    const { store } = await setup({
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        return init.method === "GET" && reads++ === 0
          ? cut(response, MIB)
          : response;
      },
    });
    await store.write("a", pattern(8 * MIB));
    const stream = await store.read("a");
    await store.write("a", new Uint8Array(8 * MIB), { overwrite: true });
    const error = await assertRejects(() => new Response(stream).arrayBuffer());
    assertEquals((error as RemoteStoreError).code, "PreconditionFailed");
  },
});

for (const failure of FAILURES) {
  Deno.test({
    name: `AW-004: nothing is left where ${failure.name}`,
    ignore,
    async fn() {
      const bucket = await createBucket();
      await leavesNothing(failure, {
        fetch: (url, init) => fetch(url, init),
        open: (options) =>
          new Store({
            backend: new S3Backend({ ...optionsFor(bucket), ...options }),
          }),
        openUploads: () => openUploads(bucket),
      }, 4);
    },
  });
}

Deno.test({
  name: "AW-004: after an abort at any moment nothing is left",
  ignore,
  async fn() {
    const { bucket, store } = await setup();
    for (const delay of [0, 5, 20, 40, 80, 120, 160]) {
      const stop = new AbortController();
      setTimeout(() => stop.abort("enough"), delay);
      const content = new Blob([pattern(40 * MIB)]).stream();
      const { signal } = stop;
      await store.write(`a${delay}`, content, { signal }).catch((error) =>
        assertEquals(error, "enough")
      );
    }
    assertEquals(await openUploads(bucket), []);
  },
});

Deno.test({
  name: "S3-014: a copy in parts has the source's bytes and metadata",
  ignore,
  async fn() {
    const { bucket, store } = await setup({ copyThreshold: 5 * MIB });
    const bytes = pattern(12 * MIB);
    await store.write("a", bytes, {
      metadata: { k_1: "ü" },
      contentType: "text/x",
    });
    await store.copy("a", "b");
    const { metadata, contentType, size } = await store.getFileInfo("b");
    assertEquals([metadata, contentType, size], [
      { k_1: "ü" },
      "text/x",
      bytes.byteLength,
    ]);
    assert((await store.readBytes("b")).every((byte, i) => byte === bytes[i]));
    assertEquals(await openUploads(bucket), []);
  },
});

Deno.test({
  name: "PERF: 1 GiB of unknown length holds no more than its parts in flight",
  ignore,
  async fn() {
    let inFlight = 0;
    let most = 0;
    let peak = 0;
    const { store, bucket } = await setup({
      fetch: async (url, init) => {
        const { body } = init;
        const size = body instanceof Blob
          ? body.size
          : body instanceof Uint8Array
          ? body.byteLength
          : 0;
        inFlight += size;
        most = Math.max(most, inFlight);
        peak = Math.max(peak, Deno.memoryUsage().rss);
        try {
          return await fetch(url, init);
        } finally {
          inFlight -= size;
        }
      },
    });
    const chunk = new Uint8Array(MIB);
    let left = 1024;
    const content = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- > 0) controller.enqueue(chunk.slice());
        else controller.close();
      },
    }, { highWaterMark: 0 });
    const { size } = await store.write("large", content);
    assertEquals(size, 1024 * MIB);
    assert(most <= 8 * MIB * 5, `${most} bytes were in flight`);
    await store.delete("large");
    assertEquals(await openUploads(bucket), []);
    console.log(
      `in flight: ${most / MIB} MiB, peak RSS: ${
        Math.round(peak / MIB)
      } MiB (of a process that ran the tests before it)`,
    );
  },
});

Deno.test({
  name: "S3-014: a move in parts keeps tags, Expires and metadata",
  ignore,
  async fn() {
    const { bucket, store } = await setup({ copyThreshold: 5 * MIB });
    const bytes = pattern(12 * MIB);
    const put = await send("PUT", `/${bucket}/a`, {
      body: bytes,
      headers: {
        "content-type": "text/x",
        expires: "Thu, 01 Jan 2099 00:00:00 GMT",
        "x-amz-tagging": "k=v%20w&a%2Bb=%C3%BC%26%3D%3C",
        "x-amz-meta-k": "v",
      },
    });
    await put.body?.cancel();
    assertEquals(put.status, 200);
    await store.move("a", "b");
    assertEquals(await store.readBytes("b"), bytes);
    const { contentType, metadata, extra } = await store.getFileInfo("b");
    assertEquals([contentType, metadata, extra["expires"]], [
      "text/x",
      { k: "v" },
      "Thu, 01 Jan 2099 00:00:00 GMT",
    ]);
    const tags = await (await send("GET", `/${bucket}/b?tagging=`)).text();
    assertEquals(
      [...tags.matchAll(/<Key>(.*?)<\/Key><Value>(.*?)<\/Value>/g)]
        .map(([, key, value]) => `${key}=${value}`).sort(),
      ["a+b=ü&amp;=&lt;", "k=v w"],
    );
    assert(!await store.exists("a"), "the source is gone");
    assertEquals(await openUploads(bucket), []);
  },
});

Deno.test({
  name: "BE-019: parts of two versions of the source make no file",
  ignore,
  async fn() {
    const { bucket, store } = await setup({
      copyThreshold: 5 * MIB,
      concurrency: 1,
      fetch: async (url, init) => {
        if (url.includes("partNumber=2")) {
          const path = `/${bucket}/a`;
          const body = new Uint8Array(12 * MIB);
          await (await send("PUT", path, { body })).body?.cancel();
        }
        return await fetch(url, init);
      },
    });
    await store.write("a", pattern(12 * MIB));
    const error = await assertRejects(() => store.copy("a", "b"));
    assertEquals((error as RemoteStoreError).code, "PreconditionFailed");
    assert(!await store.exists("b"), "a mixture was made");
    assertEquals(await openUploads(bucket), []);
  },
});
