import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Clock } from "../../../backends/_http/clock.ts";
import type { Signing } from "../../../backends/s3/delegated.ts";
import type { S3Authentication } from "../../../backends/s3/credentials.ts";
import { S3Signer, toSigning } from "../../../backends/s3/sigv4.ts";
import { signWanted } from "../../../backends/s3/signed_url.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { checkSignature } from "../../fakes/s3/signature.ts";
import { storeOf } from "./setup.ts";

// The account and the examples of "Authenticating Requests: Using the Authorization
// Header" and "… Using Query Parameters" in the Amazon S3 API Reference.
const EXAMPLE = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const NOW = () => Date.UTC(2013, 4, 24);
const HOST = "https://examplebucket.s3.amazonaws.com";

function signer(
  given: S3Authentication = { credentials: EXAMPLE },
  payload = true,
  now = NOW,
): Signing {
  const settings = { region: "us-east-1", signPayload: payload };
  return toSigning(given, settings, new Clock(now));
}

async function signatureOf(
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body: Uint8Array<ArrayBuffer> | null = null,
): Promise<string | undefined> {
  const request = { method, url, headers, body };
  const signed = await signer().sign(request, undefined);
  return /Signature=(\w+)/.exec(signed.headers["authorization"] ?? "")?.[1];
}

Deno.test("S3-015: the documented example of PUT Object", async () => {
  assertEquals(
    await signatureOf("PUT", `${HOST}/test%24file.text`, {
      date: "Fri, 24 May 2013 00:00:00 GMT",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
    }, new TextEncoder().encode("Welcome to Amazon S3.")),
    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  );
});

Deno.test("S3-015: the documented example of GET Bucket Lifecycle", async () => {
  assertEquals(
    await signatureOf("GET", `${HOST}/?lifecycle=`),
    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
  );
});

Deno.test("S3-015: the documented example of GET Bucket (List Objects)", async () => {
  assertEquals(
    await signatureOf("GET", `${HOST}/?max-keys=2&prefix=J`),
    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  );
});

Deno.test("S3-015: the documented example of a signed URL", async () => {
  const { url } = await signWanted(
    signer(),
    {
      method: "GET",
      url: `${HOST}/test.txt`,
      headers: {},
      seconds: 86_400,
      size: null,
    },
    undefined,
  );
  assertEquals(
    new URL(url).searchParams.get("X-Amz-Signature"),
    "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  );
});

Deno.test("S3-015: a strict verifier accepts every odd key, in header and URL", async () => {
  const account = { ...EXAMPLE };
  for (
    const key of ["a+b", "a b", "%20", "ü/😀", "!'()*", "a&b=c", "~", ";:@$,"]
  ) {
    const url = `${HOST}/${
      encodeURIComponent(key).replaceAll("%2F", "/").replace(
        /[!'()*]/g,
        (c) => `%${c.charCodeAt(0).toString(16)}`,
      )
    }?prefix=${encodeURIComponent(key)}`;
    const headers = { "x-amz-meta-a": "a  b", "if-none-match": "*" };
    const signed = await signer().sign(
      { method: "PUT", url, headers, body: null },
      undefined,
    );
    const request = new Request(signed.url, {
      method: "PUT",
      headers: signed.headers,
    });
    const none = new Uint8Array(0);
    assertEquals(
      checkSignature(request, none, account, "us-east-1", NOW()),
      null,
      key,
    );
    const { url: link } = await signWanted(
      signer(),
      { method: "GET", url, headers: {}, seconds: 60, size: null },
      undefined,
    );
    const opened = (at: string, now: number) =>
      checkSignature(new Request(at), none, account, "us-east-1", now)?.[1] ??
        null;
    assertEquals(opened(link, NOW()), null, key);
    assertEquals(opened(link, NOW() + 61_000), "AccessDenied");
    assertEquals(opened(`${link}&a=b`, NOW()), "SignatureDoesNotMatch");
  }
});

Deno.test("S3-015: a field with a tab is sent and not signed", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  for (const value of ["a\tb", "a \t  b", "a  b"]) {
    await store.write("a", "a", { contentDisposition: value, overwrite: true });
    const { extra } = await store.getFileInfo("a");
    assertEquals(extra["contentDisposition"], value);
  }
});

Deno.test("S3-022: who waits for an answer that never comes asks by itself", async () => {
  // As in Workers, where what a request has begun ends with it.
  let asked = 0;
  const credentials = () =>
    ++asked === 1 ? new Promise<never>(() => {}) : Promise.resolve(EXAMPLE);
  const patient = new S3Signer(
    credentials,
    "us-east-1",
    true,
    new Clock(NOW),
    20,
  );
  const request = { method: "GET", url: HOST, headers: {}, body: null };
  const gone = new AbortController();
  const first = Promise.resolve(patient.sign(request, gone.signal));
  // Its payload is hashed first, in no order with those of others.
  while (asked === 0) await new Promise((resolve) => setTimeout(resolve));
  const others = [1, 2, 3].map(() => patient.sign(request, undefined));
  const signed = await Promise.all(others);
  assert(signed.every(({ headers }) => headers["authorization"]));
  gone.abort("gone");
  assertEquals(await first.catch((reason) => reason), "gone");
  await patient.sign(request, undefined);
  assertEquals(asked, 2);
});

Deno.test("S3-022: a provider is asked once, and again shortly before the end", async () => {
  let now = NOW();
  let asked = 0;
  const given = {
    credentials: () =>
      Promise.resolve({
        ...EXAMPLE,
        sessionToken: `token${++asked}`,
        expiration: new Date(now + 120_000),
      }),
  };
  const renewing = signer(given, false, () => now);
  const sign = () =>
    renewing.sign(
      { method: "GET", url: HOST, headers: {}, body: null },
      undefined,
    );
  const [first] = await Promise.all([sign(), sign()]);
  assertEquals(first?.headers["x-amz-security-token"], "token1");
  now += 61_000;
  assertEquals((await sign()).headers["x-amz-security-token"], "token2");
});

Deno.test("S3-022: the end of credentials is told by the service's clock", async () => {
  const HOUR = 3_600_000;
  let asked = 0;
  const clock = new Clock(() => 3 * HOUR);
  const credentials = () => {
    asked++;
    return Promise.resolve({ ...EXAMPLE, expiration: new Date(HOUR) });
  };
  const renewing = new S3Signer(credentials, "us-east-1", false, clock);
  assert(clock.learn(new Headers(), 3 * HOUR, 0));
  const request = { method: "GET", url: HOST, headers: {}, body: null };
  await renewing.sign(request, undefined);
  await renewing.sign(request, undefined);
  assertEquals(asked, 1);
});

Deno.test("S3-022: an abort ends the wait for credentials, not the question", async () => {
  const { promise, resolve } = Promise.withResolvers<typeof EXAMPLE>();
  const waiting = signer({ credentials: () => promise }, false);
  const request = { method: "GET", url: HOST, headers: {}, body: null };
  const stop = new AbortController();
  const aborted = Promise.resolve(waiting.sign(request, stop.signal));
  const kept = waiting.sign(request, undefined);
  stop.abort(new Error("enough"));
  await assertRejects(() => aborted, Error, "enough");
  resolve(EXAMPLE);
  assert("authorization" in (await kept).headers);
});

Deno.test("S3-001: exactly one of credentials and signer is taken", () => {
  const seam = () => Promise.resolve({ url: "", headers: {} });
  assertThrows(() => signer({}), TypeError, "exactly one");
  assertThrows(() => signer({ credentials: EXAMPLE, signer: seam }), TypeError);
  const broken = { ...EXAMPLE, secretAccessKey: "top secret\n" };
  const error = assertThrows(() => signer({ credentials: broken }), TypeError);
  assert(!error.message.includes("top secret"));
});

Deno.test("S3-001: anonymous requests and another's signer", async () => {
  const request = { method: "GET", url: HOST, headers: { a: "b" }, body: null };
  assertEquals(
    await signer({ credentials: "anonymous" }).sign(request, undefined),
    request,
  );
  const other = signer({
    signer: ({ url, headers }) =>
      Promise.resolve({
        url: `${url}/signed`,
        headers: { ...headers, c: "d" },
      }),
  });
  assertEquals(await other.sign(request, undefined), {
    ...request,
    url: `${HOST}/signed`,
    headers: { a: "b", c: "d" },
  });
});

Deno.test("SIO-005: an abort ends the wait for a signer that does not listen", async () => {
  const stop = new AbortController();
  const deaf = signer({ signer: () => new Promise(() => {}) }, false);
  const request = { method: "GET", url: HOST, headers: {}, body: null };
  const signing = Promise.resolve(deaf.sign(request, stop.signal));
  stop.abort("enough");
  assertEquals(await signing.catch((reason) => reason), "enough");
});

Deno.test("ERR-008: no inspection shows a secret", async () => {
  const inspected = signer();
  await inspected.sign(
    { method: "GET", url: HOST, headers: {}, body: null },
    undefined,
  );
  for (
    const text of [
      Deno.inspect(inspected, { depth: 9, showHidden: true }),
      JSON.stringify(inspected),
    ]
  ) {
    assert(!text.includes("wJalr"), text);
  }
});
