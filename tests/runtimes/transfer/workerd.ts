/**
 * `deno task test:workerd`: what `toResponse` answers in the runtime of Workers.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { serveInWorkerd } from "../workerd.ts";
import { BASE, PLAIN } from "./served.ts";

Deno.test("toResponse() answers in workerd as it does elsewhere", async (t) => {
  await using workerd = await serveInWorkerd("tests/runtimes/transfer/edge.ts");
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await workerd.ask(path, init);
    return [response.status, await response.text()];
  };
  await t.step("what is stored encoded is not encoded once more", async () => {
    assertEquals(await ask(`${BASE}zipped.txt`), [200, PLAIN]);
    assertEquals(await ask("/zipped.txt"), [200, PLAIN]);
  });
  await t.step("ranges, conditions and HEAD", async () => {
    const path = `${BASE}plain.txt`;
    const asked = (headers: HeadersInit) => ask(path, { headers });
    assertEquals(await asked({ range: "bytes=1-2" }), [206, PLAIN.slice(1, 3)]);
    assertEquals(await asked({ range: "bytes=99-" }), [416, ""]);
    assertEquals(await asked({ "if-none-match": "*" }), [304, ""]);
    const head = await workerd.ask(path, { method: "HEAD" });
    assertEquals(head.headers.get("content-length"), `${PLAIN.length}`);
    assertEquals(head.headers.get("accept-ranges"), "bytes");
  });
});
