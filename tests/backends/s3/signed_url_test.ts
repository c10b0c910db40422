import { assertEquals } from "@std/assert";
import { AwsV4Signer } from "aws4fetch";
import fc from "fast-check";
import { signUrl } from "../../../backends/s3/signed_url.ts";

const NOW = Date.UTC(2026, 10, 24);

Deno.test("S3-015: a URL is signed as aws4fetch signs it", async () => {
  await fc.assert(fc.asyncProperty(
    fc.record({
      method: fc.constantFrom("GET", "HEAD", "PUT", "DELETE"),
      key: fc.array(fc.string({ minLength: 1 }), {
        minLength: 1,
        maxLength: 3,
      }),
      secretAccessKey: fc.stringMatching(/^[\x21-\x7e]{1,80}$/),
      sessionToken: fc.constantFrom(undefined, "token/+="),
      region: fc.constantFrom("us-east-1", "auto", "eu-central-1"),
      size: fc.constantFrom(null, 0, 7),
    }),
    async ({ method, key, secretAccessKey, sessionToken, region, size }) => {
      const path = key.map(encodeURIComponent).join("/");
      const url = `https://a.example/b/${path}?x=a%20b`;
      const accessKeyId = "AKIDEXAMPLE";
      const expected = await new AwsV4Signer({
        method,
        url: `${url}&X-Amz-Expires=60`,
        headers: {
          "content-type": "text/plain",
          ...size === null ? {} : { "content-length": `${size}` },
        },
        accessKeyId,
        secretAccessKey,
        sessionToken: sessionToken as string,
        service: "s3",
        region,
        datetime: "20261124T000000Z",
        signQuery: true,
        allHeaders: true,
      }).sign();
      const signed = await signUrl({
        method,
        url,
        headers: { "content-type": "text/plain" },
        seconds: 60,
        size,
      }, {
        credentials: { accessKeyId, secretAccessKey, sessionToken },
        region,
        now: NOW,
      });
      const spaces = (href: string) => href.replaceAll("+", "%20");
      assertEquals(spaces(signed), spaces(expected.url.href));
    },
  ));
});
