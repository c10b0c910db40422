import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  BackendUnavailableError,
  CapabilityNotSupportedError,
  NotFoundError,
  PermissionDeniedError,
  RemoteStoreError,
  RetryPolicy,
} from "@remote-store/core";
import { HttpBackend } from "@remote-store/core/backends/http";
import { BASE, serving, status } from "./server_fixture.ts";

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

Deno.test("HTTP-META-002 without listings no folder is summed up, the root neither", async () => {
  const { store, requests } = serving(() => status(404));
  for (const path of ["", "a"]) {
    const error = await assertRejects(
      () => store.getFolderInfo(path),
      CapabilityNotSupportedError,
    );
    assertEquals(error.capability, "list");
  }
  assertEquals(requests.length, 0);
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
      // Of an encoded answer nobody knows the size.
      assertEquals(request.headers.get("accept-encoding"), "identity");
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
    () => serving(() => status(410)).store.ping(),
    NotFoundError,
  );
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

Deno.test("HTTP-EXIST-003 a server's redirect to a folder's page is not a file, however the server spells it", async () => {
  const spellings = [
    (url: string) => url,
    (url: string) => url.replace("%2B", "+"),
    (url: string) => url.replace("https:", "http:"),
  ];
  for (const spell of spellings) {
    const { store } = serving((request) => {
      const response = new Response("<html>");
      Object.defineProperty(response, "redirected", { value: true });
      const value = `${spell(request.url)}/?from=folder`;
      Object.defineProperty(response, "url", { value });
      return response;
    });
    assertEquals(await store.exists("a+b"), false);
    await assertRejects(() => store.readText("a+b"), NotFoundError);
  }
});
