import { assert, assertEquals, assertThrows } from "@std/assert";
import { toMaxRequests } from "../../../backends/_http/max_requests.ts";
import { AzureBackend } from "../../../backends/azure/mod.ts";
import { HttpBackend } from "../../../backends/http/mod.ts";
import { type Fetch, S3Backend } from "../../../backends/s3/mod.ts";
import { InvalidArgumentError, Store } from "../../../mod.ts";

const MIB = 1024 * 1024;
const settled = (milliseconds = 0) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

const FIELDS = {
  etag: '"1"',
  "last-modified": "Sat, 21 Nov 2026 04:00:00 GMT",
};

function s3(fetch: Fetch, maxRequests: number): Store {
  const backend = new S3Backend({
    bucket: "b",
    endpoint: "http://s3.example.com",
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
    dialect: "aws",
    partSize: 5 * MIB,
    fetch,
    maxRequests,
  });
  return new Store({ backend });
}

function azure(fetch: Fetch, maxRequests: number): Store {
  const backend = new AzureBackend({
    accountUrl: "http://azure.example.com/account",
    accountName: "account",
    accountKey: btoa("0123456789abcdef0123456789abcdef"),
    container: "con",
    hns: false,
    blockSize: 5 * MIB,
    fetch,
    maxRequests,
  });
  return new Store({ backend });
}

function http(fetch: Fetch, maxRequests: number): Store {
  const backend = new HttpBackend({
    baseUrl: "http://h.example.com",
    fetch,
    maxRequests,
  });
  return new Store({ backend });
}

/** A service that takes all that it is sent, after a while, and counts. */
function service(milliseconds: number) {
  const seen = {
    /** The paths of requests, in their order. */
    paths: [] as string[],
    /** Of those who came, how many were there together at most. */
    most: 0,
    /** The memory that bodies came in. */
    buffers: new Set<ArrayBufferLike>(),
  };
  let now = 0;
  const fetch: Fetch = async (url, init) => {
    const { pathname, searchParams } = new URL(url);
    seen.paths.push(pathname);
    seen.most = Math.max(seen.most, ++now);
    const { body } = init;
    if (body instanceof Blob && body.size >= MIB) {
      for await (const { buffer } of body.stream()) seen.buffers.add(buffer);
    }
    try {
      await settled(milliseconds);
    } finally {
      now--;
    }
    if (init.method === "GET" || init.method === "HEAD") {
      const headers = { ...FIELDS, "content-length": "4" };
      return new Response(init.method === "GET" ? "text" : null, { headers });
    }
    if (init.method === "POST") {
      return new Response(
        searchParams.has("uploads")
          ? "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
          : '<CompleteMultipartUploadResult><ETag>"2"</ETag></CompleteMultipartUploadResult>',
      );
    }
    const isAzure = url.startsWith("http://azure");
    return new Response(null, { status: isAzure ? 201 : 200, headers: FIELDS });
  };
  return { fetch, seen };
}

/** Content of unknown length. */
function source(size: number): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(MIB);
  let left = size;
  return new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close();
      controller.enqueue(chunk.subarray(0, Math.min(left, MIB)));
      left -= Math.min(left, MIB);
    },
  }, { highWaterMark: 0 });
}

for (const [name, make] of Object.entries({ s3, azure, http })) {
  Deno.test(`FLOW-001: ${name}: no more than maxRequests are under way, in their order`, async () => {
    const { fetch, seen } = service(1);
    const store = make(fetch, 3);
    const names = Array.from({ length: 20 }, (_, i) => `f${i}`);
    await Promise.all(names.map((name) => store.readBytes(name)));
    assertEquals(seen.most, 3);
    assertEquals(
      seen.paths.map((path) => path.slice(path.lastIndexOf("/") + 1)),
      names,
    );
  });
}

for (const [name, make] of Object.entries({ s3, azure })) {
  Deno.test(`FLOW-003: ${name}: a read feeds a write of the same store, one request at a time`, async () => {
    const { fetch, seen } = service(1);
    const store = make(fetch, 1);
    await store.write("target", await store.read("source"), {
      overwrite: true,
    });
    // One that opens its source when it is read.
    const blob = await store.openBlob("source");
    await store.write("target", blob.stream(), { overwrite: true });
    assertEquals(seen.most, 1);
  });

  Deno.test(`FLOW-004: ${name}: 32 uploads at once hold as many parts as maxRequests says`, async () => {
    const { fetch, seen } = service(1);
    const store = make(fetch, 8);
    const uploads = Array.from(
      { length: 32 },
      (_, i) => store.write(`f${i}`, source(11 * MIB), { overwrite: true }),
    );
    await Promise.all(uploads);
    assertEquals(seen.most, 8);
    const { size } = seen.buffers;
    assert(size > 0 && size <= 8, `${size} buffers`);
  });

  Deno.test(`FLOW-005: ${name}: uploads that wait for one another come to their end`, async () => {
    const { fetch } = service(0);
    const store = make(fetch, 1);
    // Who feeds both waits for the slower one.
    const sinks = ["a", "b"].map((name) => {
      const { readable, writable } = new TransformStream<
        Uint8Array,
        Uint8Array
      >();
      const written = store.write(name, readable, { overwrite: true });
      return { writer: writable.getWriter(), written };
    });
    const chunk = new Uint8Array(MIB);
    for (let i = 0; i < 6; i++) {
      for (const { writer } of sinks) await writer.write(chunk);
    }
    await Promise.all(sinks.map(({ writer }) => writer.close()));
    const sizes = await Promise.all(sinks.map(({ written }) => written));
    assertEquals(sizes.map(({ size }) => size), [6 * MIB, 6 * MIB]);
  });
}

Deno.test("FLOW-002: of 1,000 writes whose signal ends meanwhile, those in time are stored, and the others never sent", async () => {
  const { fetch, seen } = service(5);
  const control = new AbortController();
  const store = s3((url, init) => {
    const answer = fetch(url, init);
    // By what has come, and not by a time in which a busy machine does little.
    if (seen.paths.length === 100) control.abort();
    return answer;
  }, 6);
  const outcomes = await Promise.allSettled(
    Array.from(
      { length: 1000 },
      (_, i) =>
        store.write(`f${i}`, new Uint8Array(10), {
          overwrite: true,
          signal: control.signal,
        }),
    ),
  );
  const stored = outcomes.filter(({ status }) => status === "fulfilled").length;
  assert(seen.most <= 6);
  // Those under way when it ended may or may not have made it.
  assert(seen.paths.length - stored <= 6, `${seen.paths.length} sent`);
  assert(stored >= 94 && stored <= 100, `${stored} stored`);
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled") continue;
    assert(outcome.reason === control.signal.reason);
  }
  await store.write("late", new Uint8Array(1), { overwrite: true });
});

Deno.test("FLOW-003: a failed request gives its place back before it waits to come again", async () => {
  let isFirst = true;
  const { fetch, seen } = service(0);
  const store = s3((url, init) => {
    if (!isFirst) return fetch(url, init);
    isFirst = false;
    return Promise.resolve(
      new Response(null, { status: 503 }),
    );
  }, 1);
  const first = store.write("first", new Uint8Array(1), { overwrite: true });
  await store.write("second", new Uint8Array(1), { overwrite: true });
  await first;
  assertEquals(seen.paths, ["/b/second", "/b/first"]);
});

Deno.test("FLOW-006: in a Worker no request waits for another one", () => {
  const refuse = () => {
    throw new Error("refused");
  };
  assertEquals(toMaxRequests(undefined, refuse), 64);
  const worker = globalThis as { WebSocketPair?: unknown };
  worker.WebSocketPair = class {};
  try {
    assertEquals(toMaxRequests(6, refuse), Infinity);
    assertEquals(toMaxRequests(undefined, refuse), Infinity);
  } finally {
    delete worker.WebSocketPair;
  }
});

Deno.test("FLOW-007: what is no number of requests is refused", () => {
  const { fetch } = service(0);
  for (const make of [s3, azure, http]) {
    for (const wrong of [0, -1, 1.5, NaN, "6" as unknown as number]) {
      assertThrows(
        () => make(fetch, wrong),
        InvalidArgumentError,
        "maxRequests",
      );
    }
    make(fetch, Infinity);
  }
});
