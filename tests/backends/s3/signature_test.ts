import { assertEquals, assertNotEquals } from "@std/assert";
import { createHmac } from "node:crypto";
import { AwsV4Signer } from "aws4fetch";
import {
  deriveKey,
  Signatures,
  textToSign,
  toDatetime,
} from "../../../backends/s3/signature.ts";
import { hmacSha256, toHex } from "../../../backends/_http/hmac.ts";
import { compareSignatures } from "../../oracles/signatures.ts";

const ACCOUNT = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const NOW = Date.UTC(2026, 10, 24);
const REQUEST = {
  method: "PUT",
  url: "https://bucket.s3.us-east-1.amazonaws.com/a.txt",
  headers: {},
  body: null,
};

// 10,000 of them in tests/deep.
Deno.test("S3-015, PERF: requests are signed as aws4fetch signs them", async () => {
  await compareSignatures(300);
});

Deno.test("S3-015: what one signature leaves to the next is the next one's own", () => {
  const other = { ...ACCOUNT, secretAccessKey: "another" };
  const cases = [
    [ACCOUNT, "us-east-1", NOW],
    [ACCOUNT, "us-east-1", NOW + 999],
    [ACCOUNT, "us-east-1", NOW + 1000],
    [ACCOUNT, "us-east-1", NOW + 86_400_000],
    [ACCOUNT, "auto", NOW + 86_400_000],
    [other, "auto", NOW + 86_400_000],
    [ACCOUNT, "us-east-1", NOW],
  ] as const;
  const kept = new Signatures();
  const [first, second, ...others] = cases.map(([account, region, now]) => {
    const sign = (signatures: Signatures) =>
      signatures.sign(REQUEST, "UNSIGNED-PAYLOAD", account, region, now);
    const signed = sign(kept);
    assertEquals(signed, sign(new Signatures()));
    return signed["authorization"];
  });
  assertEquals(first, second);
  assertEquals(others.pop(), first);
  assertEquals(new Set([first, ...others]).size, 5);
});

Deno.test("S3-015: a text longer than the room that is kept for texts is signed whole", async () => {
  const long = { "x-amz-meta-a": "a".repeat(9000) };
  for (const headers of [long, { ...long, "x-amz-meta-b": "é" }]) {
    const request = { ...REQUEST, headers };
    const signed = new Signatures().sign(
      request,
      "UNSIGNED-PAYLOAD",
      ACCOUNT,
      "us-east-1",
      NOW,
    );
    const expected = await new AwsV4Signer({
      method: request.method,
      url: request.url,
      headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD", ...headers },
      ...ACCOUNT,
      service: "s3",
      region: "us-east-1",
      datetime: toDatetime(NOW),
      allHeaders: true,
    }).authHeader();
    assertEquals(signed["authorization"], expected);
  }
});

Deno.test("S3-015: a path and a query that others have written are signed by the book", () => {
  const sign = (url: string) =>
    new Signatures().sign(
      { ...REQUEST, url: `https://a.example${url}` },
      "UNSIGNED-PAYLOAD",
      ACCOUNT,
      "us-east-1",
      NOW,
    )["authorization"];
  for (
    const [theirs, ours] of [
      ["/a%2a!'()+", "/a%2A%21%27%28%29%2B"],
      ["/%61", "/a"],
      ["", "/"],
      ["/?b=2&a=1", "/?a=1&b=2"],
      ["/?a-b=1&a=2&uploads", "/?a=2&a-b=1&uploads="],
      ["/?a=b&a=a", "/?a=a&a=b"],
      ["/?prefix=%2a", "/?prefix=%2A"],
    ] as const
  ) assertEquals(sign(theirs), sign(ours), theirs);
  // What is no encoding is signed as it stands, and refused by the service.
  assertNotEquals(sign("/100%"), sign("/100%25"));
});

Deno.test("S3-015: the key of a day is a chain of four", () => {
  const hmac = (key: string | Uint8Array, text: string) =>
    createHmac("sha256", key).update(text).digest();
  let chained = hmac(`AWS4${ACCOUNT.secretAccessKey}`, "20150830");
  for (const part of ["us-east-1", "s3", "aws4_request"]) {
    chained = hmac(chained, part);
  }
  const key = deriveKey(ACCOUNT.secretAccessKey, "20150830", "us-east-1");
  const text = textToSign(
    toDatetime(Date.UTC(2015, 7, 30, 12, 36)),
    "20150830/us-east-1/s3/aws4_request",
  );
  assertEquals(
    text,
    "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/s3/aws4_request\n",
  );
  assertEquals(
    toHex(hmacSha256(key, text)),
    hmac(chained, text).toString("hex"),
  );
});
