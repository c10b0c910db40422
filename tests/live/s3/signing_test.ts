import { assertEquals } from "@std/assert";
import { presign, S3Backend } from "../../../backends/s3/mod.ts";
import { Clock } from "../../../backends/_http/clock.ts";
import { S3Signer } from "../../../backends/s3/sigv4.ts";
import { encodeKey, formatQuery } from "../../../backends/s3/endpoint.ts";
import { Store } from "../../../mod.ts";
import { KEYS } from "../../backends/s3/keys.ts";
import { ask } from "./oracle.ts";
import { createBucket, DIALECT, optionsFor } from "./server.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "a/b+c=d" };

Deno.test("S3-015: 200 requests are signed as the AWS SDK signs them", async () => {
  const METHODS = ["GET", "PUT", "DELETE", "HEAD", "POST"];
  const requests = KEYS.slice(0, 200).map((key, index) => ({
    method: METHODS[index % METHODS.length]!,
    hostname: `s3-${index}.test`,
    path: `/bucket/${encodeKey(key)}`,
    query: { prefix: key, "list-type": "2", "max-keys": `${index}` },
    headers: {
      host: `s3-${index}.test`,
      "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
      "x-amz-meta-n": `v ${index}`,
      "if-none-match": "*",
    } as Record<string, string>,
    time: Date.UTC(2026, 0, 1) + index * 86_400_000,
  }));
  const theirs = await ask("sign.mjs", {
    requests,
    credentials,
    region: "eu-west-1",
  });
  const own = await Promise.all(requests.map(async (request) => {
    const signer = new S3Signer(
      credentials,
      "eu-west-1",
      false,
      new Clock(() => request.time),
    );
    const { host: _, "x-amz-content-sha256": __, ...headers } = request.headers;
    const signed = await signer.sign({
      method: request.method,
      url: `https://${request.hostname}${request.path}${
        formatQuery(request.query)
      }`,
      headers,
      body: null,
    }, undefined);
    return signed.headers["authorization"]?.replace(/.*Signature=/, "");
  }));
  assertEquals(own.length, 200);
  assertEquals(own, theirs);
});

Deno.test({
  name:
    "PRESIGN: the server takes a signed URL, and neither an altered nor an expired one",
  ignore: DIALECT === "generic",
  async fn() {
    const store = new Store({
      backend: new S3Backend(optionsFor(await createBucket())),
    });
    const path = "a b+ü&.txt";
    const status = async (url: string, init?: RequestInit) => {
      const response = await fetch(url, init);
      await response.body?.cancel();
      return response.status;
    };
    const put = await presign(store, path, { method: "PUT", expiresIn: 1 });
    assertEquals(
      await status(put, { method: "PUT", body: new Uint8Array([104, 105]) }),
      200,
    );
    assertEquals(await store.readText(path), "hi");
    const get = await presign(store, path, {
      responseContentDisposition: "a b",
    });
    const response = await fetch(get);
    assertEquals(response.headers.get("content-disposition"), "a b");
    assertEquals(await response.text(), "hi");
    assertEquals(await status(get.replace("a%20b", "a%20c")), 403);
    assertEquals(await status(get.replace("Expires=900", "Expires=901")), 403);
    assertEquals(await status(get, { method: "DELETE" }), 403);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assertEquals(
      await status(put, { method: "PUT", body: new Uint8Array(1) }),
      403,
    );
  },
});
