import { assertEquals } from "@std/assert";
import { AwsV4Signer } from "aws4fetch";
import fc from "fast-check";
import {
  type SignerInit,
  type SigningKeys,
  SynchronousSigner,
} from "../../../backends/s3/signature.ts";

const INIT: SignerInit = {
  method: "PUT",
  url: "https://bucket.s3.us-east-1.amazonaws.com/a.txt",
  headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  service: "s3",
  region: "us-east-1",
  datetime: "20261124T000000Z",
};

Deno.test("S3 SynchronousSigner signs as the signer that it extends, whatever it signs", async () => {
  const keys: SigningKeys = new Map();
  await fc.assert(fc.asyncProperty(
    fc.record({
      method: fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD"),
      url: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }).map((key) =>
        `https://a.example/b/${key.map(encodeURIComponent).join("/")}?x=1`
      ),
      secretAccessKey: fc.stringMatching(/^[\x21-\x7e]{1,80}$/),
      region: fc.constantFrom("us-east-1", "auto", "eu-central-1"),
      datetime: fc.constantFrom("20261124T000000Z", "20270101T235959Z"),
      signQuery: fc.boolean(),
    }),
    async (change) => {
      const init = { ...INIT, ...change };
      const expected = await new AwsV4Signer(init).sign();
      const signed = await new SynchronousSigner(init, keys).sign();
      assertEquals(signed.url.href, expected.url.href);
      assertEquals([...signed.headers], [...expected.headers]);
    },
  ));
});

Deno.test("S3 SynchronousSigner derives a key once a day, a region and an account", async () => {
  const keys: SigningKeys = new Map();
  const sign = (change: Partial<SignerInit>) =>
    new SynchronousSigner({ ...INIT, ...change }, keys).signature();
  await sign({});
  await sign({ method: "GET", datetime: "20261124T235959Z" });
  assertEquals(keys.size, 1);
  await sign({ datetime: "20261125T000000Z" });
  await sign({ region: "auto" });
  await sign({ secretAccessKey: "another" });
  assertEquals(keys.size, 4);
});

Deno.test("S3 SynchronousSigner keeps few keys", async () => {
  const keys: SigningKeys = new Map();
  const sign = (region: string) =>
    new SynchronousSigner({ ...INIT, region }, keys).signature();
  const first = await sign("region-0");
  for (let i = 1; i < 100; i++) await sign(`region-${i}`);
  assertEquals(keys.size <= 8, true);
  assertEquals(await sign("region-0"), first);
});
