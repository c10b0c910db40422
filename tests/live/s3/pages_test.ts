import { assertEquals } from "@std/assert";
import {
  RemoteS3Backend,
  type RemoteS3Options,
  remoteSigner,
} from "../../../backends/s3/remote.ts";
import { s3Signing } from "../../../backends/s3/signing.ts";
import { S3Backend } from "../../../backends/s3/mod.ts";
import { signHandler, type SignHandlerOptions } from "../../../ext/sign.ts";
import { RetryPolicy, Store } from "../../../mod.ts";
import { type ConformanceReport, testBackend } from "../../conformance/mod.ts";
import {
  createBucket,
  CREDENTIALS,
  DIALECT,
  ENDPOINT,
  optionsFor,
  send,
} from "./server.ts";
import { SKIPS } from "./skips.ts";

const ROOT = "users/42";
const skip = SKIPS[DIALECT] ?? [];
const retry = new RetryPolicy({ attempts: 5, minDelay: 20, maxDelay: 500 });

/** The service does not refuse what is not signed, and these tests never ask it to. */
const UNSIGNED = "accepted";

function handlerFor(
  bucket: string,
  root: SignHandlerOptions["root"],
  options: Partial<SignHandlerOptions> = {},
) {
  return signHandler({
    store: new Store({ backend: new S3Backend(optionsFor(bucket)) }),
    signing: s3Signing,
    root,
    authorize: () => true,
    unsignedFields: UNSIGNED,
    ...options,
  });
}

function pageFor(
  bucket: string,
  url: string,
  root: string,
  options: Partial<RemoteS3Options> = {},
): Store {
  const backend = new RemoteS3Backend({
    ...options,
    bucket,
    endpoint: ENDPOINT,
    dialect: DIALECT,
    retry,
    signer: remoteSigner(url, {
      retry,
      headers: () => Promise.resolve({ "x-root": root }),
    }),
  });
  return new Store({ backend, root });
}

let shared: Promise<[string, string]> | undefined;
let roots = 0;

// The handler over HTTP, as pages have it.
async function serve(): Promise<[bucket: string, url: string]> {
  const bucket = await createBucket();
  const sign = handlerFor(
    bucket,
    (request) => request.headers.get("x-root") ?? "",
    { complete: "page" },
  );
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    sign,
  );
  server.unref();
  return [bucket, `http://127.0.0.1:${server.addr.port}/sign`];
}

await testBackend(`s3 on ${DIALECT}, a page that a handler signs for`, {
  test: Deno.test,
  create: async () => {
    const [bucket, url] = await (shared ??= serve());
    return pageFor(bucket, url, `${ROOT}/root-${roots++}`);
  },
  namespace: "flat",
  closeIsTerminal: true,
  skip,
  report(report: ConformanceReport) {
    assertEquals(report.failed, 0);
    assertEquals(report.skips.length, skip.length);
  },
});

interface Signed {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly ticket?: string;
  readonly answer?: { readonly body: string };
}

const MIB = 2 ** 20;

Deno.test({
  name: "SIGN-030 a page copies a file in parts, with what is stored beside it",
  // The other servers know no UploadPartCopy.
  ignore: DIALECT !== "ceph",
  async fn() {
    const [bucket, url] = await (shared ??= serve());
    const options = { copyThreshold: 5 * MIB };
    const store = pageFor(bucket, url, `${ROOT}/copying`, options);
    const bytes = new Uint8Array(12 * MIB).map((_, at) => at % 251);
    await store.write("a", new Blob([bytes]), {
      contentType: "image/png",
      cacheControl: "max-age=60",
      metadata: { author: "Zo\u00eb" },
    });
    await store.copy("a", "b");
    assertEquals(await store.readBytes("b"), bytes);
    const { contentType, metadata, extra, etag } = await store.getFileInfo("b");
    assertEquals([contentType, metadata], ["image/png", {
      author: "Zo\u00eb",
    }]);
    assertEquals(extra["cacheControl"], "max-age=60");
    assertEquals(etag?.endsWith('-3"'), true, `${etag} is of one part`);
  },
});

/** What a client can change of a signed request, as far as this service is known to hold it. */
Deno.test({
  name:
    "SIGN-029 what is changed after the signature is refused, and nothing is stored",
  ignore: DIALECT !== "ceph",
  async fn() {
    const bucket = await createBucket();
    const sign = handlerFor(bucket, ROOT);
    const home = `${ENDPOINT}/${bucket}/${ROOT}`;
    const ask = async (question: Record<string, unknown>): Promise<Signed> => {
      const response = await sign(
        new Request("http://app.test/sign", {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-remote-store": "1",
          },
          body: JSON.stringify({
            v: 1,
            requests: [{ headers: {}, size: 0, ...question }],
          }),
        }),
      );
      const { results: [result] } = await response.json();
      if (result.error) throw new Error(result.error.message);
      return result;
    };
    const status = async (url: string, init: RequestInit) => {
      const response = await fetch(url, init);
      await response.body?.cancel();
      return response.status;
    };
    const body = (size: number) => new Uint8Array(size);
    const put = await ask({
      method: "PUT",
      url: `${home}/a.txt`,
      headers: { "content-type": "text/plain", "if-none-match": "*" },
      size: 3,
    });
    const { "if-none-match": _, ...unconditional } = put.headers;
    const changes: [string, string, RequestInit][] = [
      ["a longer body", put.url, {
        method: "PUT",
        headers: put.headers,
        body: body(4),
      }],
      ["a shorter body", put.url, {
        method: "PUT",
        headers: put.headers,
        body: body(2),
      }],
      ["another type", put.url, {
        method: "PUT",
        headers: { ...put.headers, "content-type": "text/html" },
        body: body(3),
      }],
      ["no type", put.url, {
        method: "PUT",
        headers: { "if-none-match": "*" },
        body: body(3),
      }],
      ["the condition left out", put.url, {
        method: "PUT",
        headers: unconditional,
        body: body(3),
      }],
      ["another key", put.url.replace("a.txt", "b.txt"), {
        method: "PUT",
        headers: put.headers,
        body: body(3),
      }],
      ["another user's key", put.url.replace("users/42", "users/43"), {
        method: "PUT",
        headers: put.headers,
        body: body(3),
      }],
      ["another method", put.url, { method: "DELETE", headers: put.headers }],
      [
        "a longer life",
        put.url.replace("X-Amz-Expires=900", "X-Amz-Expires=9000"),
        {
          method: "PUT",
          headers: put.headers,
          body: body(3),
        },
      ],
      ["one parameter more", `${put.url}&partNumber=1`, {
        method: "PUT",
        headers: put.headers,
        body: body(3),
      }],
    ];
    for (const [name, url, init] of changes) {
      assertEquals(await status(url, init), 403, name);
    }
    const opening = await ask({
      method: "POST",
      url: `${home}/big.bin?uploads=`,
      plan: {
        size: 6 * MIB,
        partSize: 5 * MIB,
        create: false,
        ifMatch: null,
        contentType: null,
        source: null,
      },
    });
    const { body: opened = "" } = opening.answer ?? {};
    const id = /<UploadId>(.*?)</.exec(opened)?.[1] ?? "";
    const part = await ask({
      method: "PUT",
      url: `${home}/big.bin?partNumber=2&uploadId=${encodeURIComponent(id)}`,
      size: MIB,
      ticket: opening.ticket,
    });
    const parts: [string, string, number][] = [
      ["a longer part", part.url, MIB + 1],
      ["a shorter part", part.url, MIB - 1],
      ["another number", part.url.replace("partNumber=2", "partNumber=3"), MIB],
    ];
    for (const [name, url, size] of parts) {
      assertEquals(
        await status(url, { method: "PUT", body: body(size) }),
        403,
        name,
      );
    }
    const listing = await ask({
      method: "GET",
      url:
        `${ENDPOINT}/${bucket}/?list-type=2&encoding-type=url&prefix=users%2F42%2F`,
    });
    const wider = listing.url.replace("users%2F42%2F", "users%2F");
    assertEquals(await status(wider, {}), 403, "a shorter prefix");
    const read = await ask({
      method: "GET",
      url: `${home}/a.txt`,
      headers: { range: "bytes=0-0" },
    });
    assertEquals(
      await status(read.url, { headers: { range: "bytes=0-9" } }),
      403,
      "a wider range",
    );
    const keys = await (await send("GET", `/${bucket}?list-type=2`)).text();
    assertEquals(keys.includes("<Key>"), false, "something was stored");
    // As it was signed, it goes.
    const right = { method: "PUT", headers: put.headers, body: body(3) };
    assertEquals(await status(put.url, right), 200);
    // The secret key shows in nothing.
    assertEquals(
      JSON.stringify([put, part]).includes(CREDENTIALS.secretAccessKey),
      false,
    );
  },
});
