/**
 * Random requests, and aws4fetch's signatures of them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { AwsV4Signer } from "aws4fetch";
import fc from "fast-check";
import { encodeKey, formatQuery } from "../../backends/s3/endpoint.ts";
import { Signatures } from "../../backends/s3/signature.ts";

const NAMES = [
  "prefix",
  "max-keys",
  "max",
  "uploads",
  "partNumber",
  "uploadId",
  "X-Amz-A",
  "a b",
];

const FIELDS = [
  "content-type",
  "range",
  "if-none-match",
  "x-amz-meta-a",
  "x-amz-meta-a-b",
  "x-amz-meta-a_b",
  "x-amz-copy-source",
  "x-amz-acl",
];

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
);

// What a header field carries; more than a space in a row, and at the ends, included.
const value = fc.stringMatching(/^[\x20-\x7e]{0,60}$/);

const requests = fc.record({
  method: fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD"),
  origin: fc.constantFrom(
    "https://bucket.s3.us-east-1.amazonaws.com",
    "http://localhost:9000/base/bucket",
    "https://a.example",
  ),
  key: fc.array(text, { maxLength: 4 }),
  query: fc.dictionary(fc.constantFrom(...NAMES), text, { maxKeys: 4 }),
  headers: fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 5 }),
  payload: fc.constantFrom("UNSIGNED-PAYLOAD", "e3b0c44298fc1c149afbf4c8996fb9"),
  secretAccessKey: fc.constantFrom("secret", "x".repeat(60), "y".repeat(100)),
  sessionToken: fc.constantFrom(undefined, "token/+=", "z".repeat(900)),
  region: fc.constantFrom("us-east-1", "auto", "a-very-long-region-of-its-own-1"),
  now: fc.integer({ min: 0, max: Date.UTC(2099, 0) }),
});

/** Signs so many random requests, one signer for all of them, and compares each with aws4fetch. */
export async function compareSignatures(
  numRuns: number,
  seed?: number,
): Promise<void> {
  const signatures = new Signatures();
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const { method, origin, key, query, headers, payload, region, now } =
        request;
      const { secretAccessKey, sessionToken } = request;
      // Dots alone are a segment that the URL parser of the oracle resolves.
      const path = wellFormed(key.join("/")).split("/")
        .filter((segment) => segment !== "." && segment !== "..").join("/");
      const fields = Object.fromEntries(
        Object.entries(query).map(([name, text]) => [name, wellFormed(text)]),
      );
      const url = `${origin}/${encodeKey(path)}${
        formatQuery(fields)
      }`;
      const accessKeyId = "AKIDEXAMPLE";
      const expected = await new AwsV4Signer({
        method,
        url,
        headers: { "x-amz-content-sha256": payload, ...headers },
        accessKeyId,
        secretAccessKey,
        sessionToken: sessionToken as string,
        service: "s3",
        region,
        datetime: new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, ""),
        allHeaders: true,
      }).sign();
      const credentials = { accessKeyId, secretAccessKey, sessionToken };
      const outgoing = { method, url, headers, body: null };
      const sign = (now: number) =>
        signatures.sign(outgoing, payload, credentials, region, now);
      const signed = sign(now);
      // The second one begins with what the first has left.
      assertEquals(sign(now - now % 1000), signed);
      for (const [name, value] of expected.headers) {
        assertEquals(signed[name]?.trim(), value, name);
      }
      assertEquals(
        Object.keys(signed).toSorted(),
        [...expected.headers.keys()].toSorted(),
      );
    }),
    { numRuns, ...seed === undefined ? {} : { seed } },
  );
}

function wellFormed(text: string): string {
  return text.toWellFormed();
}
