import { assertEquals, assertRejects } from "@std/assert";
import {
  BackendUnavailableError,
  type OpenOptions,
  PermissionDeniedError,
  QuotaExceededError,
  RemoteStoreError,
} from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { toResponse } from "../../../ext/_transfer/response.ts";
import { serving } from "./serving.ts";

Deno.test("toResponse() serves a file with what describes it", async () => {
  const { ask, etag, written } = await serving();
  const response = await ask();
  assertEquals([response.status, await response.text()], [200, "0123456789"]);
  assertEquals(Object.fromEntries(response.headers), {
    "accept-ranges": "bytes",
    "cache-control": "max-age=60",
    "content-length": "10",
    "content-type": "text/plain",
    "etag": etag,
    "last-modified": written.lastModified?.toUTCString() ?? "",
    "x-content-type-options": "nosniff",
  });
});

const RANGES: readonly (readonly [string, number, string | null, string])[] = [
  ["bytes=0-", 206, "bytes 0-9/10", "0123456789"],
  ["bytes=2-4", 206, "bytes 2-4/10", "234"],
  ["bytes=8-99", 206, "bytes 8-9/10", "89"],
  ["bytes=-3", 206, "bytes 7-9/10", "789"],
  ["bytes=-99", 206, "bytes 0-9/10", "0123456789"],
  ["bytes=10-", 416, "bytes */10", ""],
  ["bytes=-0", 416, "bytes */10", ""],
  ["bytes=5-2", 200, null, "0123456789"],
  ["bytes=0-1,3-4", 200, null, "0123456789"],
];

for (const [range, status, contentRange, text] of RANGES) {
  Deno.test(`toResponse() answers ${range} with ${status}`, async () => {
    const { ask } = await serving();
    const response = await ask({ range });
    assertEquals(
      [response.status, response.headers.get("content-range")],
      [status, contentRange],
    );
    assertEquals(await response.text(), text);
    if (status !== 416) {
      assertEquals(response.headers.get("content-length"), `${text.length}`);
    }
  });
}

Deno.test("toResponse() asks the store once, and twice where an If-Range fails", async () => {
  const { ask, backend, etag } = await serving();
  let asked = 0;
  const { read } = MemoryBackend.prototype;
  backend.read = (...args) => {
    asked++;
    return read.apply(backend, args);
  };
  for (
    const [headers, status, requests] of [
      [{}, 200, 1],
      [{ range: "bytes=1-2" }, 206, 1],
      [{ range: "bytes=1-2", "if-range": etag }, 206, 1],
      [{ range: "bytes=1-2", "if-range": '"old"' }, 200, 2],
      [{ "if-none-match": etag }, 304, 1],
      [{ "if-none-match": `"old", ${etag}`, range: "bytes=1-2" }, 304, 1],
      [{ "if-match": '"old"' }, 412, 1],
    ] as const
  ) {
    asked = 0;
    const response = await ask(headers as HeadersInit);
    await response.text();
    assertEquals([response.status, asked], [status, requests]);
  }
});

Deno.test("toResponse() answers HEAD without a body, and 304 with the tag", async () => {
  const { ask, etag, written } = await serving();
  const head = await ask({}, {}, "HEAD");
  assertEquals([head.status, head.body], [200, null]);
  assertEquals(head.headers.get("content-length"), "10");
  const same = await ask({ "if-none-match": etag });
  assertEquals([same.status, same.headers.get("etag")], [304, etag]);
  const weakly = await ask({ "if-none-match": `W/${etag}` });
  assertEquals([weakly.status, weakly.headers.get("etag")], [304, etag]);
  assertEquals(Object.fromEntries(same.headers), {
    "accept-ranges": "bytes",
    "cache-control": "max-age=60",
    etag,
    "last-modified": written.lastModified?.toUTCString() ?? "",
    "x-content-type-options": "nosniff",
  });
});

Deno.test("toResponse() answers HEAD with the fields of GET, whatever range it names", async () => {
  const { ask } = await serving();
  const get = await ask();
  await get.body?.cancel();
  for (const headers of [{}, { range: "bytes=1-2" }]) {
    const head = await ask(headers, {}, "HEAD");
    assertEquals([head.status, [...head.headers]], [200, [...get.headers]]);
  }
});

Deno.test("toResponse() tells nothing of a file's type from a 304 that tells none", async () => {
  const { backend, ask, etag } = await serving();
  const { read } = MemoryBackend.prototype;
  backend.read = async (...args) => {
    const answer = await read.apply(backend, args);
    if (answer === null) return null;
    // What S3 says in a 304.
    const entry = { ...answer.entry, contentType: null, size: null };
    return { entry, offset: 0, length: null, body: null };
  };
  const same = await ask({ "if-none-match": etag });
  assertEquals([same.status, same.headers.get("content-type")], [304, null]);
});

Deno.test("toResponse() answers 304 where the store left the body out, whatever tag it names", async () => {
  const { backend, ask, etag } = await serving();
  const { read } = MemoryBackend.prototype;
  backend.read = async (...args) => {
    const answer = await read.apply(backend, args);
    if (answer === null) return null;
    // Apache compares without the "-gzip" that it has added itself.
    const entry = { ...answer.entry, etag: '"without-gzip"' };
    return { entry, offset: 0, length: null, body: null };
  };
  for (const range of [undefined, "bytes=1-2"]) {
    const headers = new Headers({ "if-none-match": etag });
    if (range !== undefined) headers.set("range", range);
    const same = await ask(headers);
    assertEquals([same.status, same.headers.get("etag")], [304, etag]);
    assertEquals(same.headers.get("content-length"), null);
  }
});

/** A server whose files are streams, and how many of these were let go. */
async function streaming() {
  const server = await serving();
  const { backend } = server;
  const letGo = { count: 0 };
  const { read } = MemoryBackend.prototype;
  backend.read = async (...args) => {
    const answer = await read.apply(backend, args);
    const body = new ReadableStream({ cancel: () => void letGo.count++ });
    return answer && { ...answer, length: null, body };
  };
  return { ...server, letGo };
}

Deno.test("toResponse() lets the file go where it cannot make the answer", async () => {
  const { ask, letGo } = await streaming();
  const headers = { "x-name": "no\nheader" };
  await assertRejects(() => ask({}, { headers }), TypeError);
  assertEquals(letGo.count, 1);
});

Deno.test("toResponse() lets the file go where its answer carries none, or another one", async () => {
  const date = new Date(Date.now() + 60_000).toUTCString();
  const answers = [
    [{ "if-modified-since": date }, 304, 1],
    [{ "if-match": '"old"' }, 412, 1],
    [{ range: "bytes=1-2", "if-range": '"old"' }, 200, 1],
    [{ range: "bytes=1-2" }, 206, 0],
  ] as const;
  for (const [headers, status, count] of answers) {
    const { ask, letGo } = await streaming();
    const response = await ask(headers as HeadersInit);
    assertEquals([response.status, letGo.count], [status, count]);
    await response.body?.cancel();
  }
});

Deno.test("toResponse() promises ranges only where the size is known", async () => {
  const { backend, ask } = await serving();
  const { read } = MemoryBackend.prototype;
  backend.read = async (...args) => {
    const answer = await read.apply(backend, args);
    return answer && { ...answer, entry: { ...answer.entry, size: null } };
  };
  for (const range of ["items=0-1", "bytes=1-2"]) {
    const response = await ask({ range });
    assertEquals([response.status, await response.text()], [200, "0123456789"]);
    assertEquals(response.headers.get("accept-ranges"), null);
  }
});

Deno.test("toResponse() finds the path in the URL, below a base, or takes it as it is told", async () => {
  const { store, ask } = await serving();
  const status = async (path: string, base = "/") => {
    const request = new Request(`https://example.com${path}`);
    const response = await toResponse(store, request, { base });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await status("/files/a/%C3%A9%20b.txt", "/files/"), 200);
  assertEquals(await status("/files/a/%C3%A9%20b.txt", "/files"), 200);
  assertEquals(await status("/other/a", "/files/"), 404);
  assertEquals(await status("/filesa/%C3%A9%20b.txt", "/files"), 404);
  for (
    const path of ["/a", "/", "/%FF", "/a%2F%C3%A9%20b.txt", "/a%5Cb", "/a/%00"]
  ) {
    assertEquals(await status(path), 404, path);
  }
  assertEquals((await ask({}, { path: "absent" })).status, 404);
});

Deno.test("toResponse() refuses other methods, and says which it takes", async () => {
  const { ask } = await serving();
  const response = await ask({}, {}, "DELETE");
  assertEquals([response.status, response.headers.get("allow")], [
    405,
    "GET, HEAD",
  ]);
});

Deno.test("toResponse() turns what the store refuses into a status, without details", async () => {
  const { ask, backend } = await serving();
  for (
    const [error, status] of [
      [new PermissionDeniedError("secret"), 403],
      [new BackendUnavailableError("secret"), 503],
    ] as const
  ) {
    backend.read = () => Promise.reject(error);
    const response = await ask();
    assertEquals([response.status, response.body], [status, null]);
    assertEquals(response.headers.get("x-content-type-options"), "nosniff");
  }
  backend.read = () => Promise.reject(new QuotaExceededError("a surprise"));
  await assertRejects(() => ask(), QuotaExceededError);
});

Deno.test("toResponse() throws the reason of an abort", async () => {
  const { store } = await serving();
  const signal = AbortSignal.abort("gone");
  const request = new Request("https://example.com/a", { signal });
  const error = await toResponse(store, request).catch((error) => error);
  assertEquals(error, request.signal.reason);
});

for (const encoding of ["gzip", "deflate"] as const) {
  Deno.test(`toResponse() decodes ${encoding} where it is told to, and promises no range then`, async () => {
    const { store } = await serving();
    const stored = new Blob(["squeezed"]).stream()
      .pipeThrough(new CompressionStream(encoding));
    await store.write("z.txt", stored, { contentEncoding: encoding });
    const ask = (method: string, decode: boolean, headers: HeadersInit = {}) =>
      toResponse(
        store,
        new Request("https://example.com/z.txt", { method, headers }),
        { decode },
      );
    for (const headers of [{}, { range: "bytes=0-1" }]) {
      const plain = await ask("GET", true, headers);
      assertEquals([plain.status, await plain.text()], [200, "squeezed"]);
      for (const name of ["content-encoding", "content-length"]) {
        assertEquals(plain.headers.get(name), null);
      }
      const head = await ask("HEAD", true, headers);
      assertEquals([...head.headers], [...plain.headers]);
    }
    const left = await ask("GET", false, { range: "bytes=0-1" });
    assertEquals(left.headers.get("content-encoding"), encoding);
    assertEquals([left.status, (await left.bytes()).length], [206, 2]);
    const tag = left.headers.get("etag") ?? "";
    assertEquals(
      (await ask("GET", true, { "if-none-match": tag })).status,
      304,
    );
  });
}

Deno.test("toResponse() leaves what it cannot decode as it is", async () => {
  const { store } = await serving();
  await store.write("z.txt", "B", { contentEncoding: "br" });
  const request = new Request("https://example.com/z.txt");
  const response = await toResponse(store, request, { decode: true });
  assertEquals(response.headers.get("content-encoding"), "br");
  assertEquals(await response.text(), "B");
});

Deno.test("toResponse() lets the caller's fields win", async () => {
  const { ask } = await serving();
  const headers = {
    "cache-control": "no-store",
    "content-security-policy": "sandbox",
  };
  const response = await ask({}, { headers });
  await response.body?.cancel();
  assertEquals(response.headers.get("cache-control"), "no-store");
  assertEquals(response.headers.get("content-security-policy"), "sandbox");
});

Deno.test("toResponse() of an empty file has no first byte, and gives its last ones", async () => {
  const { store, ask } = await serving();
  assertEquals((await store.write("empty", "")).size, 0);
  const first = await ask({ range: "bytes=0-" }, { path: "empty" });
  assertEquals([first.status, first.headers.get("content-range")], [
    416,
    "bytes */0",
  ]);
  const last = await ask({ range: "bytes=-5" }, { path: "empty" });
  assertEquals([last.status, last.headers.get("content-length")], [200, "0"]);
  assertEquals(await last.text(), "");
});

Deno.test("SITE-006 toResponse() takes the content where the runtime gives no stored form", async () => {
  const { store } = await serving();
  const asked: (readonly [unknown, unknown])[] = [];
  // As the HTTP backends do where fetch has undone the coding.
  const decoding = {
    getFileInfo: store.getFileInfo.bind(store),
    async open(path: string, options: OpenOptions = {}) {
      asked.push([options.range, options.decode]);
      if (!options.decode) throw new RemoteStoreError("it comes decoded");
      const { info, body } = await store.open(path);
      return { info: { ...info, size: null }, body };
    },
  };
  const ask = (headers: HeadersInit) =>
    toResponse(
      decoding,
      new Request("https://example.com/a/%C3%A9%20b.txt", { headers }),
      { decode: true },
    );
  const whole = await ask({});
  assertEquals([whole.status, await whole.text()], [200, "0123456789"]);
  assertEquals(asked, [[undefined, true]]);
  asked.length = 0;
  const part = await ask({ range: "bytes=2-3" });
  assertEquals([part.status, await part.text()], [200, "0123456789"]);
  const range = { offset: 2, length: 2 };
  assertEquals(asked.slice(0, 2), [[range, undefined], [undefined, true]]);
});
