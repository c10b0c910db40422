import { assert, assertEquals, assertRejects } from "@std/assert";
import { S3Backend, type S3Options } from "../../../backends/s3/mod.ts";
import { RetryPolicy, Store } from "../../../mod.ts";

const MIB = 1024 * 1024;

/** One request as it came in. */
interface Seen {
  readonly length: string | null;
  readonly coding: string | null;
  readonly digest: string;
}

const hex = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();

/** A service that takes parts; `answer` may answer in its place. */
async function withService(
  answer: (request: Request, puts: number) => Promise<Response | null>,
  work: (store: Store, seen: Map<string, Seen>) => Promise<void>,
  options: Partial<S3Options> = {},
): Promise<void> {
  const seen = new Map<string, Seen>();
  const xml = (body: string) =>
    new Response(body, { headers: { "content-type": "application/xml" } });
  let puts = 0;
  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen() {},
  }, async (request) => {
    const { searchParams } = new URL(request.url);
    if (request.method === "DELETE") return new Response(null, { status: 204 });
    if (request.method === "POST") {
      await request.bytes();
      return searchParams.has("uploads")
        ? xml(
          "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>",
        )
        : xml(
          '<CompleteMultipartUploadResult><ETag>"e-1"</ETag></CompleteMultipartUploadResult>',
        );
    }
    const early = await answer(request, ++puts);
    if (early !== null) return early;
    // A client that has gone leaves nothing to read.
    const bytes = await request.bytes().catch(() => null);
    if (bytes === null) return new Response(null, { status: 400 });
    seen.set(searchParams.get("partNumber") ?? "", {
      length: request.headers.get("content-length"),
      coding: request.headers.get("transfer-encoding"),
      digest: await hex(bytes),
    });
    return new Response(null, { headers: { etag: `"${puts}"` } });
  });
  const store = new Store({
    backend: new S3Backend({
      bucket: "bucket",
      endpoint: `http://127.0.0.1:${server.addr.port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "a", secretAccessKey: "s" },
      dialect: "aws",
      partSize: 5 * MIB,
      ...options,
    }),
  });
  try {
    await work(store, seen);
  } finally {
    await store.close();
    await server.shutdown();
  }
}

function random(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65536));
  }
  return bytes;
}

/** A stream that fills the same memory again and again. */
function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  const memory = new Uint8Array(99_991);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      const chunk = bytes.subarray(at, at += memory.byteLength);
      if (chunk.byteLength === 0) return controller.close();
      memory.set(chunk);
      controller.enqueue(memory.subarray(0, chunk.byteLength));
    },
  }, { highWaterMark: 0 });
}

async function expected(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Map<string, Seen>> {
  const parts = new Map<string, Seen>();
  for (let at = 0, number = 1; at < bytes.byteLength; at += 5 * MIB) {
    const part = bytes.slice(at, at + 5 * MIB);
    const length = `${part.byteLength}`;
    const digest = await hex(part);
    parts.set(`${number++}`, { length, coding: null, digest });
  }
  return parts;
}

const over = { overwrite: true };

Deno.test("BODY-004 parts arrive with their length, and each with its own bytes", async () => {
  const bytes = random(48 * MIB + 17);
  const parts = await expected(bytes);
  for (const content of [() => streamOf(bytes), () => new Blob([bytes])]) {
    await withService(() => Promise.resolve(null), async (store, seen) => {
      await store.write("a", content(), over);
      assertEquals(new Map([...seen].sort()), new Map([...parts].sort()));
    });
  }
});

Deno.test("BODY-004 bytes at hand arrive with their length", async () => {
  const bytes = random(3 * MIB);
  await withService(() => Promise.resolve(null), async (store, seen) => {
    await store.write("a", bytes, over);
    const length = `${bytes.byteLength}`;
    const digest = await hex(bytes);
    assertEquals(seen.get(""), { length, coding: null, digest });
  });
});

Deno.test("BODY-005 parts that were refused before they were read arrive whole the next time", async () => {
  const bytes = random(30 * MIB);
  const refuse = async (request: Request, puts: number) => {
    if (puts % 3 !== 1 || puts > 12) return null;
    await request.body?.cancel();
    return new Response(null, { status: 503 });
  };
  await withService(refuse, async (store, seen) => {
    await store.write("a", streamOf(bytes), over);
    assertEquals(
      new Map([...seen].sort()),
      new Map([...await expected(bytes)].sort()),
    );
  }, { retry: new RetryPolicy({ attempts: 8, minDelay: 1, maxDelay: 1 }) });
});

Deno.test("BODY-005 an abort ends the parts that are under way", async () => {
  const control = new AbortController();
  const slow = (_: Request, puts: number) => {
    if (puts === 2) control.abort(new Error("enough"));
    return Promise.resolve(null);
  };
  await withService(slow, async (store) => {
    const { signal } = control;
    const error = await assertRejects(() =>
      store.write("a", streamOf(random(30 * MIB)), { ...over, signal })
    );
    assert(error instanceof Error && error.message === "enough");
  });
});
