import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  BackendUnavailableError,
  InvalidArgumentError,
  PreconditionFailedError,
  RemoteStoreError,
  Store,
} from "@remote-store/core";
import { HttpBackend } from "@remote-store/core/backends/http";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { testBackend } from "@remote-store/core/conformance";
import { toResponse } from "../../../ext/transfer.ts";
import { BASE, serving, status } from "./server_fixture.ts";

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
  // More than what comes with its headers.
  const text = "Hello".repeat(20_000);
  const broken = (etag: string) => (request: Request) => {
    const range = request.headers.get("range");
    if (range !== null) {
      assertEquals([range, request.headers.get("if-match")], [
        "bytes=2-99999",
        etag,
      ]);
      const headers = {
        etag,
        "content-range": "bytes 2-99999/100000",
        "content-length": "99998",
      };
      return new Response(text.slice(2), { status: 206, headers });
    }
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode("He"));
        controller.error(new TypeError("connection reset"));
      },
    }, { highWaterMark: 0 });
    const headers = { etag, "content-length": "100000" };
    return new Response(body, { headers });
  };
  assertEquals(await serving(broken('"v1"')).store.readText("a"), text);
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

Deno.test("HTTP-READ-001 a part that is shorter than what was asked for is never the whole of it", async () => {
  const text = "0123456789";
  // Some servers give a few bytes of a range at a time.
  const miserly = (etag: string) => (request: Request) => {
    const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(
      request.headers.get("range") ?? "",
    ) ?? [];
    const start = first === "" ? 10 - Number(last) : Number(first);
    const end = Math.min(
      first === "" || last === "" ? 9 : Number(last),
      start + 1,
    );
    return new Response(text.slice(start, end + 1), {
      status: 206,
      headers: {
        etag,
        "content-range": `bytes ${start}-${end}/10`,
        "content-length": `${end - start + 1}`,
      },
    });
  };
  const ranges = [
    [{ offset: 2, length: 3 }, "234"],
    [{ offset: 7 }, "789"],
    [{ offset: 7, length: 99 }, "789"],
    [{ suffix: 4 }, "6789"],
  ] as const;
  for (const [range, wanted] of ranges) {
    const bytes = await serving(miserly('"v1"')).store.readBytes("a", {
      range,
    });
    assertEquals(new TextDecoder().decode(bytes), wanted);
    // Nothing promises that the rest is of the same version.
    await assertRejects(
      () => serving(miserly('W/"v1"')).store.readBytes("a", { range }),
      BackendUnavailableError,
    );
  }
});

Deno.test("HTTP-READ-001 several parts in one body are not the part that was asked for", async () => {
  const { store } = serving(() =>
    new Response("--x\r\ncontent-range: bytes 1-3/5\r\n\r\nell\r\n--x--", {
      status: 206,
      headers: { "content-type": "multipart/byteranges; boundary=x" },
    })
  );
  await assertRejects(
    () => store.readBytes("a", { range: { offset: 1, length: 3 } }),
    BackendUnavailableError,
  );
});

Deno.test("HTTP-READ-001, HTTP-ERR-001 the body of an answer that is not handed on is let go", async () => {
  const ranged = { range: { offset: 1, length: 1 } };
  const calls: Record<number, (store: Store) => Promise<unknown>> = {
    403: (store) => store.read("a"),
    404: (store) => store.read("a"),
    // Not asked for, so nobody knows what it is a part of.
    206: (store) => store.read("a"),
    // HEAD is refused, and the byte that is asked for then comes as a whole file.
    200: (store) => store.exists("a"),
    416: (store) => store.read("a", ranged),
  };
  for (const [code, call] of Object.entries(calls)) {
    let [opened, letGo] = [0, 0];
    const { store } = serving((request) => {
      if (request.method === "HEAD") return status(405);
      opened++;
      const body = new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1024)),
        cancel: () => void letGo++,
      });
      return new Response(body, { status: Number(code) });
    });
    await call(store).catch(() => {});
    assertEquals([code, letGo], [code, opened]);
  }
});

Deno.test("HTTP-READ-001 an encoded answer is asked for once more with the same condition", async () => {
  const { store, requests } = serving((request) =>
    request.headers.has("accept-encoding")
      ? new Response("gz", {
        headers: { etag: '"1"', "content-encoding": "gzip" },
      })
      : new Response("Hello", { headers: { etag: '"1"' } })
  );
  assertEquals(await store.readText("a", { ifMatch: '"1"' }), "Hello");
  assertEquals(
    requests.map(({ headers }) => headers.get("if-match")),
    ['"1"', '"1"'],
  );
});
