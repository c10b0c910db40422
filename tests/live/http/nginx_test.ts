import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  NotFoundError,
  PermissionDeniedError,
  Store,
} from "@remote-store/core";
import { HttpBackend } from "@remote-store/core/backends/http";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { testBackend } from "@remote-store/core/conformance";
import { toResponse } from "../../../ext/transfer.ts";
import { startNginx } from "./nginx.ts";

const nginx = await startNginx();

const storeAt = (place: string) =>
  new Store({ backend: new HttpBackend({ baseUrl: `${nginx.url}${place}` }) });

async function put(path: string, bytes: Uint8Array) {
  const file = `${nginx.folder}/${path}`;
  await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  await Deno.writeFile(file, bytes);
}

let stores = 0;
const roots = new WeakMap<object, string>();

await testBackend("http on nginx", {
  test: Deno.test,
  create: () => {
    const root = `suite/${++stores}`;
    const store = new Store({
      backend: new HttpBackend({
        baseUrl: `${nginx.url}${root}`,
        pingPath: "ping",
      }),
    });
    roots.set(store, root);
    return store;
  },
  namespace: "flat",
  seed: (store, path, bytes) => put(`${roots.get(store)}/${path}`, bytes),
});

const text = new TextEncoder().encode("0123456789");

Deno.test("HTTP-META-001 nginx's size, date, tag and type are the file's", async () => {
  await put("plain/a.txt", text);
  const info = await storeAt("plain").getFileInfo("a.txt");
  assertEquals([info.size, info.contentType], [10, "text/plain"]);
  assert(info.etag?.startsWith('"') && info.lastModified !== null);
  const { body } = await storeAt("plain").open("a.txt", {
    ifNoneMatch: info.etag ?? "",
  });
  assertEquals(body, null);
});

Deno.test("HTTP-READ-001 nginx serves ranges; where it does not, they are cut", async () => {
  for (const place of ["plain", "norange"]) {
    await put(`${place}/a.txt`, text);
    const store = storeAt(place);
    const part = async (range: { offset: number } | { suffix: number }) =>
      new TextDecoder().decode(await store.readBytes("a.txt", { range }));
    assertEquals(await part({ offset: 7 }), "789");
    assertEquals(await part({ suffix: 2 }), "89");
    assertEquals(await part({ offset: 99 }), "");
  }
});

Deno.test("HTTP-META-003 an answer that fetch decodes has no known size, and reads as decoded", async () => {
  const packed = new Response(
    new Blob([text]).stream().pipeThrough(new CompressionStream("gzip")),
  );
  await put("gz/a.txt", new Uint8Array(await packed.arrayBuffer()));
  const store = storeAt("gz");
  assertEquals((await store.getFileInfo("a.txt")).size, null);
  assertEquals(await store.readText("a.txt"), "0123456789");
  const range = { offset: 8 };
  assertEquals(
    new TextDecoder().decode(await store.readBytes("a.txt", { range })),
    "89",
  );
});

Deno.test("HTTP-FALLBACK-001 where nginx refuses HEAD a byte is asked for", async () => {
  await put("nohead/a.txt", text);
  await put("nohead/empty", new Uint8Array());
  const store = storeAt("nohead");
  assertEquals((await store.getFileInfo("a.txt")).size, 10);
  assertEquals((await store.getFileInfo("empty")).size, 0);
  assertEquals(await store.exists("absent"), false);
});

Deno.test("HTTP-EXIST-003 a folder on the server is no file, and what is denied is no absence", async () => {
  await put("plain/folder/a.txt", text);
  const store = storeAt("plain");
  // Of its own name nginx escapes other letters than we do.
  const odd = "a+b (c)~'é&=";
  await put(`plain/${odd}/a.txt`, text);
  for (const folder of ["folder", odd]) {
    assertEquals(await store.exists(folder), false);
    await assertRejects(() => store.readText(folder), NotFoundError);
  }
  await assertRejects(
    () => storeAt("denied").exists("a"),
    PermissionDeniedError,
  );
});

Deno.test("toResponse() serves curl: a range, the rest of a download, a condition", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const written = await store.write("a.txt", text, {
    contentType: "text/plain",
  });
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => toResponse(store, request),
  );
  const url = `http://127.0.0.1:${server.addr.port}/a.txt`;
  const curl = async (...args: string[]) => {
    const { stdout } = await new Deno.Command("curl", {
      args: ["-s", "-w", " %{http_code}", ...args, url],
    }).output();
    return new TextDecoder().decode(stdout);
  };
  assertEquals(await curl(), "0123456789 200");
  assertEquals(await curl("-r", "2-4"), "234 206");
  assertEquals(await curl("-r", "-3"), "789 206");
  assertEquals(await curl("-r", "10-"), " 416");
  assertEquals(await curl("-C", "5"), "56789 206");
  assertEquals(await curl("-H", `If-None-Match: ${written.etag}`), " 304");
  const head = await curl("-I");
  assert(/accept-ranges: bytes/i.test(head) && head.endsWith(" 200"));
});

Deno.test("nginx is stopped", async () => {
  await nginx[Symbol.asyncDispose]();
  await assertRejects(() => fetch(nginx.url));
});
