import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  BackendUnavailableError,
  CapabilityNotSupportedError,
  InvalidArgumentError,
  NotFoundError,
  PermissionDeniedError,
  PreconditionFailedError,
  RemoteStoreError,
  RetryPolicy,
  Store,
} from "@remote-store/core";
import {
  HttpBackend,
  type HttpOptions,
} from "@remote-store/core/backends/http";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { testBackend } from "@remote-store/core/conformance";
import { toResponse } from "../../../ext/transfer.ts";

const BASE = "https://files.example.com/data/";

type Answer = (request: Request, calls: number) => Response | Promise<Response>;

/** A store over a server of one function, and the requests that it got. */
function serving(answer: Answer, options: Partial<HttpOptions> = {}) {
  const requests: Request[] = [];
  const backend = new HttpBackend({
    baseUrl: BASE,
    retry: RetryPolicy.disabled(),
    fetch: async (url, init) => {
      const request = new Request(url, init);
      requests.push(request);
      request.signal.throwIfAborted();
      return await answer(request, requests.length);
    },
    ...options,
  });
  return { store: new Store({ backend }), backend, requests };
}

const status = (code: number, headers: HeadersInit = {}) =>
  new Response(null, { status: code, headers });

/** A server over a memory: what is seeded there is served. */
function memoryServer() {
  const files = new Store({ backend: new MemoryBackend() });
  const answer = (request: Request) =>
    request.url === BASE
      ? Promise.resolve(status(200))
      : toResponse(files, request, { base: "/data/" });
  return { files, answer };
}

const servers = new WeakMap<object, Store>();

for (const ranges of [true, false]) {
  await testBackend(`http, ranges: ${ranges}`, {
    test: Deno.test,
    create: () => {
      const { files, answer } = memoryServer();
      const { store } = serving(answer, { ranges });
      servers.set(store, files);
      return store;
    },
    namespace: "flat",
    skip: [{
      test: "BE-020, ASYNC-022 getFolderInfo: after a close",
      reason: "HTTP-META-002: without listings there are no folders",
    }],
    seed: async (store, path, bytes) => {
      await servers.get(store)?.write(path, bytes.slice(), { overwrite: true });
    },
  });
}

Deno.test("HTTP-CON-001, HTTP-CON-002 a base takes paths behind it, with or without its slash, and nothing is sent", () => {
  for (const baseUrl of ["https://x.example/a", "https://x.example/a/"]) {
    const backend = new HttpBackend({
      baseUrl,
      fetch: () => Promise.reject(new Error("sent")),
    });
    assertEquals(backend.nativePath("b.txt"), "https://x.example/a/b.txt");
  }
});

Deno.test("HTTP-CON-001 what is no base, or no header, is refused without being shown", () => {
  const secret = "s3cret";
  for (
    const options of [
      { baseUrl: "data" },
      { baseUrl: "ftp://x.example/" },
      { baseUrl: `https://u:${secret}@x.example/` },
      { baseUrl: `https://x.example/?sig=${secret}` },
      { baseUrl: "https://x.example/#a" },
      { baseUrl: BASE, headers: { "x-key": `${secret}\nx` } },
    ]
  ) {
    const error = assertThrows(
      () => new HttpBackend(options),
      InvalidArgumentError,
    );
    assert(!Deno.inspect(error).includes(secret));
  }
});

Deno.test("HTTP-CON-003, HTTP-CON-004 its name is http; it reads, tells metadata, lazily", () => {
  const backend = new HttpBackend({ baseUrl: BASE });
  assertEquals(backend.name, "http");
  assertEquals([...backend.capabilities].sort(), [
    "lazy_read",
    "metadata",
    "read",
    "seekable_read",
  ]);
  const plain = new HttpBackend({ baseUrl: BASE, ranges: false });
  assert(!plain.capabilities.has("seekable_read"));
});

Deno.test("HTTP-TR-001, HTTP-TR-002, HTTP-TR-003 the one transport is fetch: the one given, or the platform's as it is then", async () => {
  const { store, requests } = serving(() => status(404), {
    headers: { "x-key": "k" },
    credentials: "include",
    redirect: "error",
  });
  assertEquals(await store.exists("a"), false);
  const [request] = requests;
  assertEquals(request?.method, "HEAD");
  assertEquals(request?.headers.get("x-key"), "k");
  assertEquals(request?.redirect, "error");

  const own = globalThis.fetch;
  const late = new Store({ backend: new HttpBackend({ baseUrl: BASE }) });
  try {
    globalThis.fetch = () => Promise.resolve(status(404));
    assertEquals(await late.exists("a"), false);
  } finally {
    globalThis.fetch = own;
  }
});

Deno.test("HTTP-PATH-001 each segment is encoded, so that no key is another one's URL", async () => {
  const { store, requests } = serving(() => status(404));
  for (const key of ["a b/é", "a?b#c", "a%2Fb", "%2e%2e/x", "a+b&c=d", "..."]) {
    await store.exists(key);
    const path = new URL(requests.at(-1)?.url ?? "").pathname.slice(6);
    assertEquals(path.split("/").map(decodeURIComponent).join("/"), key);
  }
});

Deno.test("HTTP-PATH-002, HTTP-PATH-003, HTTP-PATH-004 a native path is the URL, and leads back; foreign ones stay", () => {
  const { backend, store } = serving(() => status(404));
  for (const key of ["a", "a b/é/%25", "x/?#"]) {
    assertEquals(backend.toKey(backend.nativePath(key)), key);
  }
  assertEquals(backend.nativePath("a b"), `${BASE}a%20b`);
  for (const other of ["https://other.example/a", "a", `${BASE}%FF`]) {
    assertEquals(backend.toKey(other), other);
  }
  assertEquals(store.resolve("a").details, { url: `${BASE}a`, method: "GET" });
});

Deno.test("HTTP-READ-001, HTTP-READ-002 a file is streamed, with the server's refusals as errors", async () => {
  const { store, requests } = serving(() => new Response("Hello"));
  const reader = (await store.read("a")).getReader();
  assertEquals(new TextDecoder().decode((await reader.read()).value), "Hello");
  await reader.cancel();
  assertEquals(await store.readText("a"), "Hello");
  assertEquals(requests.map(({ method }) => method), ["GET", "GET"]);
  assertEquals(requests[0]?.headers.get("accept-encoding"), "identity");
});

Deno.test("HTTP-READ-001 a body that breaks is an error of the store, or is healed where the tag is strong", async () => {
  const broken = (etag: string) => (request: Request) => {
    const range = request.headers.get("range");
    if (range !== null) {
      assertEquals([range, request.headers.get("if-match")], [
        "bytes=2-4",
        etag,
      ]);
      const headers = {
        etag,
        "content-range": "bytes 2-4/5",
        "content-length": "3",
      };
      return new Response("llo", { status: 206, headers });
    }
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode("He"));
        controller.error(new TypeError("connection reset"));
      },
    }, { highWaterMark: 0 });
    return new Response(body, { headers: { etag, "content-length": "5" } });
  };
  assertEquals(await serving(broken('"v1"')).store.readText("a"), "Hello");
  await assertRejects(
    () => serving(broken('W/"v1"')).store.readText("a"),
    RemoteStoreError,
  );
});

Deno.test("HTTP-READ-001 a changed file is never mixed with the old one", async () => {
  const { store } = serving((request) => {
    if (request.headers.has("range")) return status(412);
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(2));
        controller.error(new TypeError("reset"));
      },
    }, { highWaterMark: 0 });
    return new Response(body, {
      headers: { etag: '"1"', "content-length": "5" },
    });
  });
  await assertRejects(() => store.readBytes("a"), PreconditionFailedError);
});

Deno.test("HTTP-READ-001 a range is asked for; a server that ignores it is cut", async () => {
  const range = { offset: 1, length: 3 };
  const honest = serving((request) => {
    assertEquals(request.headers.get("range"), "bytes=1-3");
    const headers = { "content-range": "bytes 1-3/5", "content-length": "3" };
    return new Response("ell", { status: 206, headers });
  });
  assertEquals(
    new TextDecoder().decode(await honest.store.readBytes("a", { range })),
    "ell",
  );
  const deaf = serving(() => new Response("Hello"));
  assertEquals(
    new TextDecoder().decode(await deaf.store.readBytes("a", { range })),
    "ell",
  );
  const past = serving((request) =>
    request.method === "HEAD"
      ? status(200, { "content-length": "5" })
      : status(416, { "content-range": "bytes */5" })
  );
  const beyond = { offset: 9 };
  assertEquals((await past.store.readBytes("a", { range: beyond })).length, 0);
});

Deno.test("HTTP-READ-001 a part of an encoded answer is no part of the file: the whole is read instead", async () => {
  const { store, requests } = serving((request) =>
    request.headers.has("range")
      ? new Response("gz", {
        status: 206,
        headers: { "content-encoding": "gzip", "content-range": "bytes 1-2/9" },
      })
      : new Response("Hello")
  );
  const range = { offset: 1, length: 2 };
  assertEquals(
    new TextDecoder().decode(await store.readBytes("a", { range })),
    "el",
  );
  assertEquals(requests.length, 2);
});

Deno.test("HTTP-EXIST-001, HTTP-EXIST-002, HTTP-EXIST-003 what answers is a file, nothing is a folder", async () => {
  const { store } = serving((request) =>
    request.url.endsWith("/there") ? status(204) : status(404)
  );
  assertEquals(
    [await store.exists("there"), await store.isFile("there")],
    [true, true],
  );
  assertEquals(await store.isFolder("there"), false);
  assertEquals([await store.exists("no"), await store.isFile("no")], [
    false,
    false,
  ]);
  const gone = serving(() => status(410)).store;
  assertEquals(await gone.exists("a"), false);
  const denied = serving(() => status(403)).store;
  await assertRejects(() => denied.exists("a"), PermissionDeniedError);
});

Deno.test("HTTP-META-001 an info is what the answer says", async () => {
  const headers = {
    "content-length": "5",
    "content-type": "text/csv",
    "last-modified": "Wed, 21 Oct 2015 07:28:00 GMT",
    "etag": 'W/"1"',
    "cache-control": "max-age=9",
    "x-own": "1",
  };
  const { store } = serving(() => status(200, headers));
  const info = await store.getFileInfo("a");
  assertEquals(
    [info.size, info.contentType, info.etag, info.lastModified?.toISOString()],
    [5, "text/csv", 'W/"1"', "2015-10-21T07:28:00.000Z"],
  );
  assertEquals(info.extra["cacheControl"], "max-age=9");
  assertEquals(
    (info.extra["headers"] as Record<string, string>)["x-own"],
    "1",
  );
});

Deno.test("HTTP-META-002 there is no folder to sum up", async () => {
  const { store } = serving(() => status(404));
  await assertRejects(() => store.getFolderInfo("a"), NotFoundError);
});

Deno.test("HTTP-META-003 what the answer does not say is null; the length of an encoded answer is no size", async () => {
  const silent = await serving(() => status(200)).store.getFileInfo("a");
  assertEquals(
    [silent.size, silent.lastModified, silent.etag, silent.contentType],
    [null, null, null, null],
  );
  const encoded = { "content-length": "32", "content-encoding": "gzip" };
  const { size } = await serving(() => status(200, encoded)).store
    .getFileInfo("a");
  assertEquals(size, null);
});

Deno.test("HTTP-UNSUP-001 what changes or lists is refused, and nothing is sent", async () => {
  const { store, backend, requests } = serving(() => status(200));
  for (
    const call of [
      () => store.write("a", "A"),
      () => store.writeAtomic("a", "A"),
      () => store.openAtomic("a"),
      () => store.delete("a"),
      () => store.deleteFolder("a"),
      () => store.move("a", "b"),
      () => store.copy("a", "b"),
    ]
  ) {
    await assertRejects<Error>(call, CapabilityNotSupportedError);
  }
  for (const list of [store.listFiles, store.listFolders, store.iterChildren]) {
    assertThrows(() => list.call(store, ""), CapabilityNotSupportedError);
  }
  for (const call of ["write", "delete", "list"] as const) {
    await assertRejects<Error>(
      () => backend[call]() as Promise<unknown>,
      CapabilityNotSupportedError,
    );
  }
  assertEquals(requests, []);
});

const MEANINGS = [
  [401, PermissionDeniedError],
  [403, PermissionDeniedError],
  [404, NotFoundError],
  [410, NotFoundError],
  [408, BackendUnavailableError],
  [429, BackendUnavailableError],
  [500, BackendUnavailableError],
  [502, BackendUnavailableError],
  [503, BackendUnavailableError],
  [504, BackendUnavailableError],
  [418, RemoteStoreError],
  [501, RemoteStoreError],
] as const;

for (const [code, type] of MEANINGS) {
  Deno.test(`HTTP-ERR-001 ${code} is ${type.name}`, async () => {
    const error = await serving(() => status(code)).store.readBytes("a")
      .catch((error) => error);
    assertEquals(error.constructor, type);
    assertEquals([error.path, error.backend], ["a", "http"]);
  });
}

Deno.test("HTTP-ERR-002 no answer is BackendUnavailable, without a secret", async () => {
  const { store } = serving(() => {
    throw new TypeError("failed: https://u:s3cret@x.example/?sig=s3cret");
  });
  const error = await assertRejects(
    () => store.readBytes("a"),
    BackendUnavailableError,
  );
  assert(!Deno.inspect(error).includes("s3cret"));
});

Deno.test("HTTP-FALLBACK-001 where HEAD is refused a byte is asked for, and HEAD no more", async () => {
  for (const refusal of [401, 403, 405, 501]) {
    const { store, requests } = serving((request) => {
      if (request.method === "HEAD") return status(refusal);
      assertEquals(request.headers.get("range"), "bytes=0-0");
      const headers = {
        "content-range": "bytes 0-0/1234",
        "content-length": "1",
      };
      return new Response("x", { status: 206, headers });
    });
    assertEquals((await store.getFileInfo("a")).size, 1234);
    assertEquals(await store.exists("b"), true);
    assertEquals(requests.map(({ method }) => method), ["HEAD", "GET", "GET"]);
  }
});

Deno.test("HTTP-FALLBACK-001 a GET that is refused too is the refusal, and HEAD is tried again", async () => {
  const { store, requests } = serving(() => status(403));
  await assertRejects(() => store.getFileInfo("a"), PermissionDeniedError);
  await assertRejects(() => store.getFileInfo("a"), PermissionDeniedError);
  assertEquals(requests.map(({ method }) => method), [
    "HEAD",
    "GET",
    "HEAD",
    "GET",
  ]);
});

Deno.test("HTTP-FALLBACK-001 an empty file, an absent one, and a server that ignores the range", async () => {
  const answers: Record<string, () => Response> = {
    empty: () => status(416, { "content-range": "bytes */0" }),
    absent: () => status(404),
    whole: () => new Response("Hello", { headers: { "content-length": "5" } }),
  };
  const { store } = serving((request) =>
    request.method === "HEAD"
      ? status(405)
      : answers[request.url.slice(BASE.length)]?.() ?? status(500)
  );
  assertEquals((await store.getFileInfo("empty")).size, 0);
  assertEquals(await store.exists("absent"), false);
  assertEquals((await store.getFileInfo("whole")).size, 5);
});

Deno.test("HTTP-HEALTH-001 ping asks for the base, or for what it is told, and takes 2xx only", async () => {
  const { store, requests } = serving((request) =>
    request.url === BASE ? status(404) : status(200)
  );
  await assertRejects(() => store.ping(), NotFoundError);
  assertEquals(requests[0]?.url, BASE);
  const told = serving(() => status(200), { pingPath: "robots.txt" });
  await told.store.ping();
  assertEquals(told.requests[0]?.url, `${BASE}robots.txt`);
  await assertRejects(
    () => serving(() => status(403)).store.ping(),
    PermissionDeniedError,
  );
  await assertRejects(
    () => serving(() => status(500)).store.ping(),
    BackendUnavailableError,
  );
});

Deno.test("HTTP-LIFE-001, HTTP-LIFE-002 close may come twice and is not for good; the backend is its own handle", async () => {
  const { store, backend } = serving(() => status(404));
  await store.close();
  await store.close();
  assertEquals(await store.exists("a"), false);
  assert(store.unwrap(HttpBackend) === backend);
});

Deno.test("HTTP-CRED-001 header values show nowhere", async () => {
  const secret = "s3cret";
  const { store, backend } = serving(() => status(500), {
    headers: { authorization: `Bearer ${secret}` },
  });
  const error = await store.readBytes("a").catch((error) => error);
  for (const shown of [store, backend, error, store.resolve("a")]) {
    assert(
      !Deno.inspect(shown, { depth: 9, showHidden: true }).includes(secret),
    );
    assert(!(JSON.stringify(shown) ?? "").includes(secret));
  }
});

Deno.test("HTTP-RETRY-001 what may pass is tried again, Retry-After obeyed; what will not is not", async () => {
  const retry = new RetryPolicy({ attempts: 3, minDelay: 0 });
  const { store, requests } = serving(
    (_, calls) =>
      calls < 3 ? status(503, { "retry-after": "0" }) : new Response("Hello"),
    { retry },
  );
  assertEquals([await store.readText("a"), requests.length], ["Hello", 3]);
  const denied = serving(() => status(403), { retry });
  await assertRejects(() => denied.store.readText("a"), PermissionDeniedError);
  assertEquals(denied.requests.length, 1);
});

Deno.test("HTTP-CONC-001 one instance serves many callers at once", async () => {
  const { store } = serving((request) =>
    new Response(request.url.slice(BASE.length))
  );
  const paths = Array.from({ length: 50 }, (_, i) => `${i}`);
  const texts = await Promise.all(paths.map((path) => store.readText(path)));
  assertEquals(texts, paths);
});

Deno.test("HTTP-READ-001 ifNoneMatch is sent, and a 304 has no body", async () => {
  const { store, requests } = serving(() => status(304));
  const { body, info } = await store.open("a", { ifNoneMatch: '"1"' });
  assertEquals([body, info.etag], [null, '"1"']);
  assertEquals(requests[0]?.headers.get("if-none-match"), '"1"');
});

Deno.test("HTTP-EXIST-003 a server's redirect to a folder's page is not a file", async () => {
  const { store } = serving((request) => {
    const response = new Response("<html>");
    Object.defineProperty(response, "redirected", { value: true });
    Object.defineProperty(response, "url", { value: `${request.url}/` });
    return response;
  });
  assertEquals(await store.exists("folder"), false);
  await assertRejects(() => store.readText("folder"), NotFoundError);
});
