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
  const TOKEN = "secret";
  await using worker = await serveInWorkerd("examples/worker/src/worker.ts", {
    S3_BUCKET: await createBucket(),
    S3_ENDPOINT: ENDPOINT,
    S3_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    S3_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    S3_DIALECT: DIALECT,
    UPLOAD_TOKEN: TOKEN,
  });
  const path = "/files/videos/long%20one.bin";
  const ask = async (init: RequestInit) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${TOKEN}`);
    const response = await worker.ask(path, { ...init, headers });
    const said = await response.text();
    return [response.status, said === "" ? null : JSON.parse(said)];
  };
  const bytes = new Uint8Array(20 * MIB).map((_, i) => i >> 16);
  const put = { method: "PUT", headers: { "if-none-match": "*" } };
  const [status, { size }] = await ask({ ...put, body: bytes });
  assertEquals([status, size], [201, bytes.byteLength]);
  const [late] = await ask({ ...put, body: "late" });
  assertEquals(late, 412);
  // Across the end of a part.
  const range = `bytes=${8 * MIB - 2}-${8 * MIB + 1}`;
  const part = await worker.ask(path, { headers: { range } });
  assertEquals(part.status, 206);
  assertEquals([...await part.bytes()], [127, 127, 128, 128]);
  assertEquals(await ask({ method: "DELETE" }), [204, null]);
  assertEquals(await ask({}), [404, null]);
});
