import { Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  handle,
  type HandlerOptions,
} from "../../examples/worker/src/handler.ts";

const ORIGIN = "https://files.example.com";
const PATH = "/files/reports/q%203.csv";
const TOKEN = "secret";
const OPTIONS: HandlerOptions = {
  base: "/files/",
  maxBytes: 20,
  token: TOKEN,
};

function server(
  store: Store = new Store({ backend: new MemoryBackend() }),
): (init?: RequestInit, path?: string) => Promise<Response> {
  return (init = {}, path = PATH) => {
    const headers = new Headers(init.headers);
    if (!headers.has("authorization")) {
      headers.set("authorization", `Bearer ${TOKEN}`);
    }
    const { body } = init;
    if (typeof body === "string") {
      // As every HTTP client does.
      headers.set("content-length", `${body.length}`);
    }
    return handle(
      store,
      new Request(ORIGIN + path, { ...init, headers }),
      OPTIONS,
    );
  };
}

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, (await response.json()).error.code];
}

Deno.test("worker keeps what it is given, and serves it in ranges", async () => {
  const ask = server();
  const headers = { "content-type": "text/csv" };
  const put = await ask({ method: "PUT", body: "id,total\n", headers });
  assertEquals(put.status, 200);
  const { etag, ...rest } = await put.json();
  assertEquals(rest, {
    name: "q 3.csv",
    size: 9,
    sha256: "7a4e458cb6bff6625337c29845cce2e04c8ca867465aae716f29f33f5a25ace9",
  });
  const part = await ask({ headers: { range: "bytes=3-7" } });
  assertEquals([part.status, await part.text()], [206, "total"]);
  assertEquals(part.headers.get("content-type"), "text/csv");
  assertEquals(part.headers.get("etag"), etag);
  assertEquals(put.headers.get("etag"), etag);
  // A stored page must not run as one of this origin's.
  assertEquals(part.headers.get("content-security-policy"), "sandbox");
  assertEquals((await ask({ method: "DELETE" })).status, 204);
  assertEquals((await ask()).status, 404);
  assertEquals(await codeOf(await ask({ method: "DELETE" })), [
    404,
    "NotFound",
  ]);
});

Deno.test("worker lets one of many create, and one of many replace", async () => {
  const ask = server();
  const race = async (headers: HeadersInit) => {
    const answers = await Promise.all(
      ["a", "b", "c"].map((body) => ask({ method: "PUT", body, headers })),
    );
    const [won, ...others] = answers.filter(({ ok }) => ok);
    assert(won !== undefined && others.length === 0, "not one winner");
    const lost = answers.filter(({ ok }) => !ok).map(({ status }) => status);
    assertEquals(lost, [412, 412]);
    return won.headers.get("etag")!;
  };
  const etag = await race({ "if-none-match": "*" });
  await race({ "if-match": etag });
  const over = await ask({ method: "PUT" });
  assertEquals([over.status, (await over.json()).size], [200, 0]);
});

Deno.test("worker changes nothing under a condition that does not hold, or that it does not know", async () => {
  const ask = server();
  const { etag } = await (await ask({ method: "PUT", body: "first" })).json();
  const refused = async (
    method: string,
    headers: Record<string, string>,
    status: number,
  ) => {
    const body = method === "PUT" ? { body: "later" } : {};
    const answer = await ask({ method, headers, ...body });
    assertEquals(answer.status, status, `${method} ${JSON.stringify(headers)}`);
    await answer.body?.cancel();
    assertEquals(await (await ask()).text(), "first");
  };
  for (const method of ["PUT", "DELETE"]) {
    await refused(method, { "if-match": '"other"' }, 412);
    await refused(method, { "if-none-match": '"other"' }, 400);
    await refused(method, { "if-match": etag, "if-none-match": "*" }, 400);
    const date = "Thu, 01 Jan 1970 00:00:00 GMT";
    await refused(method, { "if-unmodified-since": date }, 400);
  }
  await refused("DELETE", { "if-none-match": "*" }, 400);
  // A part would take the place of the whole.
  await refused("PUT", { "content-range": "bytes 5-9/10" }, 400);
  const gone = await ask({ method: "DELETE", headers: { "if-match": etag } });
  assertEquals([gone.status, (await ask()).status], [204, 404]);
});

Deno.test("worker holds a file to its limit, whether its length is told or not", async () => {
  const ask = server();
  const chunks = (size: number) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < size; at += 7) {
          controller.enqueue(new Uint8Array(Math.min(7, size - at)));
        }
        controller.close();
      },
    });
  const large = "x".repeat(21);
  for (const body of [large, chunks(21)]) {
    const put = await ask({ method: "PUT", body });
    assertEquals(await codeOf(put), [413, "ContentTooLarge"]);
    assertEquals((await ask()).status, 404);
  }
  for (const body of [large.slice(1), chunks(20)]) {
    const put = await ask({ method: "PUT", body });
    assertEquals((await put.json()).size, 20);
  }
});

Deno.test("worker stores nothing that has another hash than was said", async () => {
  const ask = server();
  const put = (field: string) =>
    ask({ method: "PUT", body: "abc", headers: { "repr-digest": field } });
  const right = "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:";
  const wrong = right.replace("ungW", "ungX");
  assertEquals(await codeOf(await put(wrong)), [400, "IntegrityError"]);
  assertEquals((await ask()).status, 404);
  assertEquals(await codeOf(await put("md5=:AA==:")), [400, "InvalidArgument"]);
  assertEquals((await put(`sha-512=:AA==:, ${right}`)).status, 200);
});

Deno.test("worker lists a folder, and says where it stops", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const ask = server(store);
  await store.write("a/b.txt", "B", { contentType: "text/plain" });
  await store.write("a/c/d.txt", "D");
  const list = await (await ask({}, "/files/a/")).json();
  assertEquals(list.folders, ["c"]);
  assertEquals(list.truncated, false);
  const [file] = list.files;
  assertEquals([file.name, file.size, file.contentType], [
    "b.txt",
    1,
    "text/plain",
  ]);
  assertEquals((await (await ask({}, "/files/")).json()).folders, ["a"]);
  for (let i = 0; i < 1001; i++) await store.write(`many/${i}`, "");
  const many = await (await ask({}, "/files/many/")).json();
  assertEquals([many.files.length, many.truncated], [1000, true]);
});

Deno.test("worker lets nobody change files who does not have the token", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", "A");
  const ask = server(store);
  for (
    const authorization of ["", "Bearer", "Bearer other", `Basic ${TOKEN}`]
  ) {
    for (const method of ["PUT", "DELETE"]) {
      const answer = await ask(
        { method, headers: { authorization } },
        "/files/a",
      );
      assertEquals(await codeOf(answer), [401, "PermissionDenied"]);
    }
  }
  const open = { ...OPTIONS, token: undefined };
  const request = new Request(`${ORIGIN}/files/a`, { method: "DELETE" });
  assertEquals((await handle(store, request, open)).status, 401);
  assertEquals(await (await ask({}, "/files/a")).text(), "A");
});

Deno.test("worker answers what is no path without details, and throws what it cannot judge", async () => {
  const ask = server();
  const put = { method: "PUT", body: "x" };
  for (const path of ["%", "a/%2e%2e%2fb", "%00", ""]) {
    const { status } = await ask(put, `/files/${path}`);
    assertEquals(status, 400, path);
  }
  assertEquals((await ask({ method: "POST" })).status, 405);
  assertEquals((await ask({}, "/other")).status, 404);
  const failing = new ReadableStream({
    pull: (controller) => controller.error(new TypeError("cut off")),
  });
  await assertRejects(
    () => ask({ method: "PUT", body: failing }),
    TypeError,
    "cut off",
  );
});

Deno.test("the examples for Workers and for Deno Deploy have one handler", async () => {
  const read = (path: string) =>
    Deno.readTextFile(new URL(`../../examples/${path}`, import.meta.url));
  assertEquals(
    await read("deno-deploy/handler.ts"),
    await read("worker/src/handler.ts"),
  );
});
