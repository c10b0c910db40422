/**
 * The Worker of `examples/`, in workerd.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { serveInWorkerd } from "../../runtimes/workerd.ts";
import { createBucket, CREDENTIALS, DIALECT, ENDPOINT } from "./server.ts";

const MIB = 1024 * 1024;

Deno.test("XFER-018, S3-010: a Worker takes long files and serves their ranges", async () => {
  await using worker = await serveInWorkerd("examples/worker.ts", {
    BUCKET: await createBucket(),
    ENDPOINT,
    ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    DIALECT,
  });
  const url = `${worker.origin}/videos/long%20one.bin`;
  const ask = async (init: RequestInit) => {
    const response = await fetch(url, init);
    return [response.status, await response.text()];
  };
  const bytes = new Uint8Array(20 * MIB).map((_, i) => i >> 16);
  const put = { method: "PUT", headers: { "if-none-match": "*" } };
  const size = JSON.stringify({ size: bytes.byteLength });
  assertEquals(await ask({ ...put, body: bytes }), [200, size]);
  assertEquals(await ask({ ...put, body: "late" }), [412, ""]);
  // Across the end of a part.
  const range = `bytes=${8 * MIB - 2}-${8 * MIB + 1}`;
  const part = await fetch(url, { headers: { range } });
  assertEquals(part.status, 206);
  assertEquals([...await part.bytes()], [127, 127, 128, 128]);
  assertEquals(await ask({ method: "DELETE" }), [204, ""]);
  assertEquals(await ask({}), [404, ""]);
});
