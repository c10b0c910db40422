import { assertEquals } from "@std/assert";
import { Clock } from "../../../backends/_http/clock.ts";
import { S3Signer } from "../../../backends/s3/sigv4.ts";
import { encodeKey, formatQuery } from "../../../backends/s3/endpoint.ts";
import { KEYS } from "../../backends/s3/keys.ts";
import { ask } from "./oracle.ts";

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
