/**
 * `deno task test:workerd`: requests that share a store do not wait for one that is gone.
 *
 * @module
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { serveInWorkerd } from "../workerd.ts";

/** Answers after half a second, which is longer than who leaves stays. */
function slowServer(asked: string[]): Deno.HttpServer<Deno.NetAddr> {
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  return Deno.serve(options, async ({ url }) => {
    const { pathname } = new URL(url);
    asked.push(pathname);
    await new Promise((resolve) => setTimeout(resolve, 500));
    return pathname === "/key"
      ? Response.json({ accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" })
      : new Response("content", { headers: { etag: '"1"' } });
  });
}

for (const [kind, shared] of [["cache", "/b/a.txt"], ["s3", "/key"]] as const) {
  Deno.test(`of requests in workerd that wait for one answer (${kind}), none waits for ever`, async () => {
    const asked: string[] = [];
    await using server = slowServer(asked);
    await using worker = await serveInWorkerd("tests/runtimes/waiting/edge.ts");
    const origin = `http://127.0.0.1:${server.addr.port}`;
    const ask = async (more = "") => {
      const path = `/${kind}?origin=${origin}${more}`;
      const response = await worker.ask(path, {
        signal: AbortSignal.timeout(60_000),
      });
      return await response.text();
    };
    assertEquals(await ask("&leave"), "left");
    assertEquals(await Promise.all([ask(), ask()]), ["content", "content"]);
    assertEquals(asked.filter((path) => path === shared).length, 2);
    assertEquals(await ask(), "content");
    // While another request is being answered, which nobody else may end.
    const before = asked.length;
    let isOver = false;
    const reading = ask().finally(() => isOver = true);
    while (asked.length === before && !isOver) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assertEquals(await ask("&close"), "closed");
    assertEquals(await reading, "content");
  });
}

Deno.test("a Worker that does not start is told with what it has printed", async () => {
  const path = "tests/runtimes/waiting/broken.ts";
  const { message } = await assertRejects(() => serveInWorkerd(path), Error);
  assertStringIncludes(message, `Cannot serve "${path}" in workerd: it ended`);
  assertStringIncludes(message, "this Worker was not meant to start");
});
