import { assertEquals, assertRejects } from "@std/assert";
import { contentTypeOf } from "../../../ext/content_type.ts";
import { type ResponseOptions, toResponse } from "../../../ext/transfer.ts";
import { InvalidArgumentError, Store } from "../../../mod.ts";
import { MemoryBackend } from "../../../backends/memory.ts";
import { FlatBackend } from "../../fakes/flat_backend.ts";

const SITE = { index: "index.html" } as const;

async function site(backend: MemoryBackend | FlatBackend) {
  const store = new Store({ backend });
  void await store.write("index.html", "root");
  void await store.write("docs/index.html", "docs");
  void await store.write("a b/ü/index.html", "deep");
  void await store.write("bare/a.txt", "no index");
  return (url: string, options: ResponseOptions = SITE, method = "GET") =>
    toResponse(
      store,
      new Request(`https://example.com${url}`, { method }),
      options,
    );
}

for (
  const [name, make] of [
    ["memory", () => new MemoryBackend()],
    ["flat", () => new FlatBackend()],
  ] as const
) {
  Deno.test(`SITE-002 a URL with a slash at its end is the folder's index, on ${name}`, async () => {
    const ask = await site(make());
    const rows: readonly [string, number, string, ResponseOptions?][] = [
      ["/", 200, "root"],
      ["/docs/", 200, "docs"],
      ["/docs/?q#f", 200, "docs"],
      ["/a%20b/%C3%BC/", 200, "deep"],
      ["/s/docs/", 200, "docs", { ...SITE, base: "/s" }],
      ["/s/", 200, "root", { ...SITE, base: "/s/" }],
      ["/bare/", 404, ""],
      ["/none/", 404, ""],
      ["//docs/", 404, ""],
      ["/docs//", 404, ""],
      ["//", 404, ""],
      ["/docs/", 404, "", {}],
      ["/", 404, "", {}],
    ];
    for (const [url, status, text, options] of rows) {
      const response = await ask(url, options);
      assertEquals(
        [response.status, await response.text()],
        [status, text],
        url,
      );
      const head = await ask(url, options, "HEAD");
      assertEquals(head.status, status, url);
    }
  });

  Deno.test(`SITE-003 a folder without the slash is sent there, never to another host, on ${name}`, async () => {
    const ask = await site(make());
    const rows: readonly [string, number, string | null, ResponseOptions?][] = [
      ["/docs", 308, "/docs/"],
      ["/docs?a=/b", 308, "/docs/?a=/b"],
      ["/a%20b/%C3%BC", 308, "/a%20b/%C3%BC/"],
      ["/s/docs", 308, "/s/docs/", { ...SITE, base: "/s" }],
      ["/bare", 404, null],
      ["/none", 404, null],
      ["//docs", 404, null],
      ["/docs", 404, null, {}],
      ["/any", 404, null, { ...SITE, path: "docs" }],
    ];
    for (const [url, status, location, options] of rows) {
      for (const method of ["GET", "HEAD"]) {
        const response = await ask(url, options, method);
        assertEquals(
          [response.status, response.headers.get("location")],
          [status, location],
          url,
        );
        await response.body?.cancel();
      }
    }
  });
}

Deno.test("SITE-004 types and Cache-Control are for files that have none of their own", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const octets = "application/octet-stream";
  void await store.write("a.html", "a");
  void await store.write("b.html", "b", { contentType: octets });
  void await store.write("c.html", "c", {
    contentType: "text/plain",
    cacheControl: "no-store",
  });
  void await store.write("d", "d");
  const options = { typeOf: contentTypeOf, cacheControl: "max-age=9" };
  const fields = async (path: string, options: ResponseOptions = {}) => {
    const request = new Request(`https://example.com/${path}`);
    const { headers, body } = await toResponse(store, request, options);
    await body?.cancel();
    return [headers.get("content-type"), headers.get("cache-control")];
  };
  const html = "text/html; charset=utf-8";
  assertEquals(await fields("a.html", options), [html, "max-age=9"]);
  assertEquals(await fields("b.html", options), [html, "max-age=9"]);
  assertEquals(await fields("c.html", options), ["text/plain", "no-store"]);
  assertEquals(await fields("d", options), [octets, "max-age=9"]);
  assertEquals(await fields("a.html"), [octets, null]);
  const forced = { ...options, headers: { "cache-control": "no-cache" } };
  assertEquals(await fields("c.html", forced), ["text/plain", "no-cache"]);
});

Deno.test("SITE-005 toResponse() refuses an option that it does not know", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const request = new Request("https://example.com/a");
  await assertRejects(
    () => toResponse(store, request, { cachecontrol: "x" } as never),
    InvalidArgumentError,
    "there is no option cachecontrol: did you mean cacheControl?",
  );
});
