import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { unsigned } from "../../oracles/shared_keys.ts";
import {
  canonicalHeaders,
  canonicalResource,
  SharedKeySignatures,
  stringToSign,
} from "../../../backends/azure/shared_key.ts";
import { fromBase64, toHmacKey } from "../../../backends/_http/hmac.ts";

interface Vectors {
  readonly account: string;
  readonly rows: readonly {
    readonly name: string;
    readonly method: string;
    readonly url: string;
    readonly headers: Record<string, string>;
    readonly length: number;
    readonly expected: string;
  }[];
}

const path = new URL("../../vectors/azure/shared_key.json", import.meta.url);
const vectors: Vectors = JSON.parse(await Deno.readTextFile(path));

const request = (
  method: string,
  url: string,
  headers: Record<string, string>,
  length = 0,
) => ({
  method,
  url,
  headers,
  body: length === 0 ? null : new Uint8Array(length),
});

Deno.test("AZ-001 stringToSign() gives what @azure/storage-blob signs, in every row", () => {
  assert(vectors.rows.length >= 60);
  const wrong = vectors.rows.filter((row) =>
    stringToSign(
      request(row.method, row.url, row.headers, row.length),
      vectors.account,
    ) !== row.expected
  );
  assertEquals(wrong.map((row) => row.name), []);
});

// Rows of the documentation, "Authorize with Shared Key". The SDK has the first two
// fields the other way round, so they cannot come from it.
Deno.test("AZ-001 stringToSign() follows the documentation where the SDK does not", () => {
  const headers = {
    "content-encoding": "gzip",
    "content-language": "en",
    "x-ms-date": "Fri, 26 Jun 2015 23:39:12 GMT",
    "x-ms-version": "2015-02-21",
  };
  const url =
    "https://myaccount.blob.core.windows.net/mycontainer?comp=metadata&restype=container&timeout=20";
  const resource =
    "/myaccount/mycontainer\ncomp:metadata\nrestype:container\ntimeout:20";
  const dated =
    "x-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n";
  assertEquals(
    stringToSign(request("GET", url, headers), "myaccount"),
    `GET\ngzip\nen\n\n\n\n\n\n\n\n\n\n${dated}${resource}`,
  );
  const { "x-ms-date": date, "x-ms-version": version } = headers;
  assertEquals(
    stringToSign(
      request("GET", url, { "x-ms-version": version, "x-ms-date": date }),
      "myaccount",
    ),
    `GET\n\n\n\n\n\n\n\n\n\n\n\n${dated}${resource}`,
  );
});

Deno.test("AZ-001 canonicalHeaders() puts an underscore before digits and letters", () => {
  const names = ["x-ms-meta-ab", "x-ms-meta-a1", "x-ms-meta-a_b", "x-ms-date"];
  const headers = Object.fromEntries(names.map((name) => [name, "v"]));
  assertEquals(
    canonicalHeaders(headers),
    "x-ms-date:v\nx-ms-meta-a_b:v\nx-ms-meta-a1:v\nx-ms-meta-ab:v\n",
  );
});

Deno.test("AZ-001 canonicalHeaders() folds line breaks and trims", () => {
  assertEquals(
    canonicalHeaders({ "x-ms-meta-a": " b \r\n  c ", "content-type": "x" }),
    "x-ms-meta-a:b c\n",
  );
});

Deno.test("AZ-001 canonicalResource() joins repeated fields in their order and lowers names", () => {
  assertEquals(
    canonicalResource(
      "https://a.example/c?Include=snapshots&include=metadata&flag",
      "acct",
    ),
    "/acct/c\nflag:\ninclude:metadata,snapshots",
  );
  assertEquals(canonicalResource("https://a.example", "acct"), "/acct/");
  assertEquals(canonicalResource("https://a.example/c", "acct"), "/acct/c");
});

Deno.test("AZ-001 SharedKeySignatures names account and signature", () => {
  const secret = fromBase64(btoa("secret"));
  assert(secret !== null);
  const signatures = new SharedKeySignatures("acct", toHmacKey(secret));
  const value = signatures.sign(request("GET", "https://a.example/c", {}));
  assert(/^SharedKey acct:[A-Za-z0-9+/]{43}=$/.test(value), value);
});

Deno.test("AZ-001 SharedKeySignatures signs each text as WebCrypto does, after any other", async () => {
  const secret = crypto.getRandomValues(new Uint8Array(64));
  const signatures = new SharedKeySignatures("contoso", toHmacKey(secret));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, [
    "sign",
  ]);
  const letters = { "x-ms-meta-a": "é".repeat(40) };
  await fc.assert(
    fc.asyncProperty(unsigned, fc.boolean(), async (asked, others) => {
      const headers = others ? { ...asked.headers, ...letters } : asked.headers;
      const { method, url, length } = asked;
      const sent = request(method, url, headers, length);
      const text = new TextEncoder().encode(stringToSign(sent, "contoso"));
      const mac = await crypto.subtle.sign("HMAC", key, text);
      const expected = `SharedKey contoso:${
        btoa(String.fromCharCode(...new Uint8Array(mac)))
      }`;
      assertEquals(signatures.sign(sent), expected);
      // Begun by the first.
      assertEquals(signatures.sign(sent), expected);
    }),
    { numRuns: 300 },
  );
});

Deno.test("AZ-001 SharedKeySignatures takes no text of another request for its own", () => {
  const key = toHmacKey(new Uint8Array(32).fill(7));
  const signatures = new SharedKeySignatures("contoso", key);
  const date = "Fri, 26 Jun 2015 23:39:12 GMT";
  const plain = { "x-ms-date": date, "x-ms-version": "2023-11-03" };
  // Each differs from another in one thing.
  const asked = [
    plain,
    { ...plain, "x-ms-date": "Fri, 26 Jun 2015 23:39:13 GMT" },
    { ...plain, "x-ms-blob-type": "BlockBlob" },
    { ...plain, "if-match": '"a"' },
    { ...plain, "if-none-match": '"a"' },
    { "x-ms-version": plain["x-ms-version"], "x-ms-date": date },
    { "x-ms-date": date },
  ].flatMap((headers) =>
    [0, 1, 1024].flatMap((length) =>
      ["PUT", "GET"].map((method) =>
        request(method, "https://a.example/c/k", headers, length)
      )
    )
  );
  for (const before of asked) {
    for (const sent of asked) {
      const fresh = new SharedKeySignatures("contoso", key).sign(sent);
      signatures.sign(before);
      assertEquals(signatures.sign(sent), fresh);
    }
  }
});

Deno.test("AZ-001 SharedKeySignatures is not misled by fields that change behind it", () => {
  const key = toHmacKey(new Uint8Array(32).fill(7));
  const signatures = new SharedKeySignatures("contoso", key);
  const headers: Record<string, string> = { "x-ms-version": "2023-11-03" };
  const sent = request("PUT", "https://a.example/c/k", headers, 1);
  const first = signatures.sign(sent);
  headers["authorization"] = first;
  headers["x-ms-meta-a"] = "b";
  const expected = new SharedKeySignatures("contoso", key).sign(sent);
  assertEquals(signatures.sign(sent), expected);
  assert(expected !== first);
});
