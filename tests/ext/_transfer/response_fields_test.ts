import { assertEquals } from "@std/assert";
import { type CallOptions, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { toResponse } from "../../../ext/_transfer/response.ts";
import { storeOf } from "../../backends/s3/setup.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { serving } from "./serving.ts";

Deno.test("XFER-020 a date in If-Range tells no two versions of a second apart, so all is sent", async () => {
  const { ask, backend, store } = await servingAt(1_500);
  const { headers } = await ask();
  const date = headers.get("last-modified") ?? "";
  backend.at = 1_900;
  await store.write("a.txt", "9876543210", { overwrite: true });
  const response = await ask({ range: "bytes=1-2", "if-range": date });
  assertEquals([response.status, await response.text()], [200, "9876543210"]);
});

/** A file that was written at a time, and a store that tells it. */
async function servingAt(time: number) {
  class Timed extends MemoryBackend {
    at = time;
    override async read(...args: Parameters<MemoryBackend["read"]>) {
      const answer = await super.read(...args);
      const lastModified = this.at;
      return answer && { ...answer, entry: { ...answer.entry, lastModified } };
    }
  }
  const backend = new Timed();
  const store = new Store({ backend });
  await store.write("a.txt", "0123456789");
  const ask = (headers: HeadersInit = {}) =>
    toResponse(store, new Request("https://example.com/a.txt", { headers }));
  return { ask, backend, store };
}

Deno.test("XFER-021 a 304 has the Cache-Control of the file, where the service's own 304 has none", async () => {
  const { store, backend, ask, etag } = await serving();
  let looked = 0;
  const { read } = MemoryBackend.prototype;
  backend.read = async (key, request) => {
    const answer = await read.call(backend, key, request);
    if (answer === null || request.ifNoneMatch === null) return answer;
    // What S3 says in a 304.
    const entry = { ...answer.entry, size: null, contentType: null, extra: {} };
    return { entry, offset: 0, length: null, body: null };
  };
  const asking: Pick<typeof store, "open" | "getFileInfo"> = {
    open: store.open.bind(store),
    getFileInfo: (path: string, options?: CallOptions) => {
      looked++;
      return store.getFileInfo(path, options);
    },
  };
  const request = new Request("https://example.com/a/%C3%A9%20b.txt", {
    headers: { "if-none-match": etag },
  });
  const same = await toResponse(asking, request);
  assertEquals(
    [same.status, same.headers.get("cache-control"), looked],
    [304, "max-age=60", 1],
  );
  assertEquals(same.headers.get("etag"), etag);
  assertEquals(same.headers.get("content-type"), null);
  const own = { headers: { "cache-control": "no-cache" } };
  const told = await toResponse(asking, request, own);
  assertEquals(
    [told.status, told.headers.get("cache-control"), looked],
    [304, "no-cache", 1],
  );
  const whole = await ask();
  await whole.body?.cancel();
  assertEquals(whole.headers.get("cache-control"), "max-age=60");
});

Deno.test("XFER-022 a URL with an empty part names no file: one file, one URL", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a/file.html", "page");
  const status = async (path: string, base?: string) => {
    const request = new Request(`https://example.com${path}`);
    const response = await toResponse(store, request, { base });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await status("/a/file.html"), 200);
  assertEquals(await status("/files/a/file.html", "/files/"), 200);
  for (
    const path of [
      "/a/file.html/",
      "//a/file.html",
      "/a//file.html",
      "/a/file.html//",
    ]
  ) {
    assertEquals(await status(path), 404, path);
    assertEquals(await status(`/files${path}/`, "/files"), 404, path);
  }
});

Deno.test("XFER-019 where a runtime takes the length from its own stream, that stream is used", async () => {
  const { ask, store } = await serving();
  const lengths: number[] = [];
  class FixedLengthStream extends TransformStream {
    constructor(length: number) {
      super();
      lengths.push(length);
    }
  }
  Object.assign(globalThis, { FixedLengthStream });
  try {
    assertEquals(await (await ask()).text(), "0123456789");
    assertEquals(await (await ask({ range: "bytes=2-4" })).text(), "234");
    await ask({}, {}, "HEAD");
    await store.write("z", "", { contentEncoding: "gzip" });
    assertEquals(lengths, [10, 3]);
  } finally {
    Reflect.deleteProperty(globalThis, "FixedLengthStream");
  }
});

Deno.test("XFER-021 over S3 a 304 says what the 200 says of caches", async () => {
  const store = storeOf(new FakeS3());
  const { etag } = await store.write("a.txt", "A", {
    cacheControl: "no-cache",
  });
  const ask = (headers: HeadersInit) =>
    toResponse(store, new Request("https://example.com/a.txt", { headers }));
  const whole = await ask({});
  await whole.body?.cancel();
  const same = await ask({ "if-none-match": etag ?? "" });
  assertEquals([whole.status, same.status], [200, 304]);
  for (const name of ["cache-control", "etag", "last-modified"]) {
    assertEquals(same.headers.get(name), whole.headers.get(name), name);
  }
  assertEquals(same.headers.get("cache-control"), "no-cache");
});
