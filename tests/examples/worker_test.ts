import { Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { handle } from "../../examples/worker.ts";

const URL_OF_FILE = "https://files.example.com/reports/q%203.csv";

function server(): (init?: RequestInit, url?: string) => Promise<Response> {
  const store = new Store({ backend: new MemoryBackend() });
  return (init = {}, url = URL_OF_FILE) =>
    handle(store, new Request(url, init));
}

Deno.test("worker keeps what it is given, and serves it in ranges", async () => {
  const ask = server();
  const headers = { "content-type": "text/csv" };
  const put = await ask({ method: "PUT", body: "id,total\n", headers });
  assertEquals([put.status, await put.json()], [200, { size: 9 }]);
  const part = await ask({ headers: { range: "bytes=3-7" } });
  assertEquals([part.status, await part.text()], [206, "total"]);
  assertEquals(part.headers.get("content-type"), "text/csv");
  assertEquals(part.headers.get("etag"), put.headers.get("etag"));
  assertEquals((await ask({ method: "DELETE" })).status, 204);
  assertEquals((await ask()).status, 404);
  assertEquals((await ask({ method: "DELETE" })).status, 404);
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
  assertEquals([over.status, await over.json()], [200, { size: 0 }]);
});

Deno.test("worker answers what is no path without details, and throws what it cannot judge", async () => {
  const ask = server();
  const put = { method: "PUT", body: "x" };
  for (const path of ["%", "a/%2e%2e%2fb", "%00", ""]) {
    const { status, body } = await ask(
      put,
      `https://files.example.com/${path}`,
    );
    assertEquals([status, body], [400, null], path);
  }
  assertEquals((await ask({ method: "POST" })).status, 405);
  const failing = new ReadableStream({
    pull: (controller) => controller.error(new TypeError("cut off")),
  });
  const request = new Request(URL_OF_FILE, { method: "PUT", body: failing });
  const store = new Store({ backend: new MemoryBackend() });
  await assertRejects(() => handle(store, request), TypeError, "cut off");
});
