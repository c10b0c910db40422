import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { isRemoteStoreError, RetryPolicy, type Store } from "../../../mod.ts";
import { answerError, errorXml } from "../../fakes/s3/answers.ts";
import { FakeS3, type Fault } from "../../fakes/s3/service.ts";
import { source, storeOf } from "./setup.ts";

const MIB = 1024 * 1024;
const LONG = 21 * MIB;
// One part is read ahead: a source that has more to give is cancelled.
const LONGER = 29 * MIB;
const BREAK = new Error("the source broke");

function failing(test: (line: string) => boolean, times: number): Fault {
  let left = times;
  return ({ method, request }) => {
    const { pathname, search } = new URL(request.url);
    if (left === 0 || !test(`${method} ${pathname}${search}`)) return;
    left--;
    return new Response(errorXml("InternalError"), { status: 500 });
  };
}

const isPart = (line: string) => line.includes("partNumber=2");

/** Runs a write that must fail, and checks that nothing of it is left. */
async function fails(
  fault: Fault | null,
  given: ReturnType<typeof source>,
  options: Parameters<Store["write"]>[2] = {},
): Promise<{ error: unknown; fake: FakeS3 }> {
  const fake = new FakeS3();
  fake.fault = fault;
  // One part at a time, so that the source has more to give when one fails.
  const store = storeOf(fake, { concurrency: 1 });
  const call = store.write("a.bin", given.stream, options);
  const error = await call.then(() => null, (error: unknown) => error);
  assert(error !== null, "the write succeeded");
  assertEquals(fake.pending, 0, "a request is in flight after the call");
  assertEquals(fake.bucket.uploads.size, 0, "an upload is left open");
  assertEquals(fake.bucket.objects.size, 0, "a file is there");
  const sent = fake.log.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(fake.log.length, sent, "a request was sent after the call");
  return { error, fake };
}

Deno.test("AW-004: a source that fails leaves nothing, and its error comes out as it is", async () => {
  const given = source(LONG, { at: 17 * MIB, error: BREAK });
  const { error, fake } = await fails(null, given);
  assertStrictEquals(error, BREAK);
  assert(fake.log.some((line) => line.startsWith("DELETE ")), "was aborted");
});

Deno.test("AW-004: an abort ends what is in flight, throws the upload away and cancels the source", async () => {
  const given = source(LONG);
  const stop = new AbortController();
  const reason = { why: "enough" };
  const { error } = await fails(
    async ({ request }, next) => {
      if (isPart(request.url)) stop.abort(reason);
      return await next();
    },
    given,
    { signal: stop.signal },
  );
  assertStrictEquals(error, reason);
  assertEquals(given.cancelled, [reason]);
});

Deno.test("AW-004: an abort while the upload is being opened waits for its name", async () => {
  const stop = new AbortController();
  const { error, fake } = await fails(
    async ({ query }, next) => {
      if (!query.has("uploads")) return await next();
      stop.abort("now");
      await new Promise((resolve) => setTimeout(resolve, 10));
      return await next();
    },
    source(LONG),
    { signal: stop.signal },
  );
  assertEquals(error, "now");
  assert(fake.log.at(-1)?.startsWith("DELETE "), "was aborted");
});

Deno.test("AW-004: a part that is refused three times ends the write", async () => {
  const given = source(LONGER);
  const { error, fake } = await fails(failing(isPart, 3), given);
  assert(isRemoteStoreError(error));
  assertEquals(error.code, "BackendUnavailable");
  assertEquals(fake.log.filter(isPart).length, 3);
  assertEquals(given.cancelled.length, 1);
});

Deno.test("AW-004: a connection that breaks is tried again, then ends the write", async () => {
  const given = source(LONGER);
  const { error } = await fails(({ request }) => {
    if (!isPart(request.url)) return;
    throw new TypeError("connection reset");
  }, given);
  assertEquals((error as { code: unknown }).code, "BackendUnavailable");
  assertEquals(given.cancelled.length, 1);
});

Deno.test("AW-004: a Complete that is an error inside a 200 ends the write", async () => {
  const { error, fake } = await fails(({ method, query }) => {
    if (method !== "POST" || !query.has("uploadId")) return;
    return new Response(`\n   \n${errorXml("AccessDenied")}`);
  }, source(LONG));
  assertEquals((error as { code: unknown }).code, "PermissionDenied");
  assert(fake.log.at(-1)?.startsWith("DELETE "), "was aborted");
});

Deno.test("BE-019: a Complete that says InternalError inside a 200 is tried again", async () => {
  const fake = new FakeS3();
  let failures = 2;
  fake.fault = ({ method, query }) => {
    if (method !== "POST" || !query.has("uploadId") || failures-- <= 0) return;
    return new Response(`  \n${errorXml("InternalError")}`);
  };
  const { etag } = await storeOf(fake).write("a.bin", source(LONG).stream);
  assertEquals(etag, fake.bucket.objects.get("a.bin")?.etag);
});

Deno.test("RET-015: a Complete that succeeded behind a lost answer is found", async () => {
  const fake = new FakeS3();
  let lost = 0;
  fake.fault = async ({ method, query }, next) => {
    const response = await next();
    if (method === "POST" && query.has("uploadId") && lost++ === 0) {
      throw new TypeError("connection reset");
    }
    return response;
  };
  const result = await storeOf(fake).write("a.bin", source(LONG).stream);
  assertEquals(result.etag, fake.bucket.objects.get("a.bin")?.etag);
  assertEquals(fake.bucket.uploads.size, 0);
});

Deno.test("BE-008: a create that loses at Complete is AlreadyExists, and the winner stays", async () => {
  const fake = new FakeS3();
  fake.fault = ({ method, query }) => {
    if (method === "POST" && query.has("uploadId")) {
      fake.bucket.put("a.bin", new Uint8Array([1]), {});
    }
    return undefined;
  };
  const error = await assertRejects(() =>
    storeOf(fake).write("a.bin", source(LONG).stream)
  );
  assertEquals((error as { code?: unknown }).code, "AlreadyExists");
  assertEquals(fake.bucket.objects.get("a.bin")?.bytes.byteLength, 1);
  assertEquals(fake.bucket.uploads.size, 0);
});

Deno.test("BE-008: who loses at Complete is told so, however alike the winner's file is", async () => {
  const fake = new FakeS3();
  const winner = storeOf(fake);
  let conflicts = 0;
  fake.fault = async (arrived, next) => {
    const { method, query } = arrived;
    if (method !== "POST" || !query.has("uploadId") || conflicts++ > 0) {
      return await next();
    }
    // The other one completes meanwhile, and takes this upload with it.
    await winner.write("a.bin", source(LONG).stream);
    fake.bucket.uploads.clear();
    return answerError(arrived, 409, "ConditionalRequestConflict");
  };
  const error = await assertRejects(() =>
    storeOf(fake).write("a.bin", source(LONG).stream)
  );
  assert(isRemoteStoreError(error));
  assertEquals(error.code, "AlreadyExists");
});

Deno.test("BE-008: where Complete implements no condition, a look takes its place", async () => {
  const fake = new FakeS3();
  fake.fault = (arrived) =>
    arrived.query.has("uploadId") && arrived.headers.has("if-none-match")
      ? answerError(arrived, 501, "NotImplemented")
      : undefined;
  const store = storeOf(fake, { dialect: "minio" });
  await store.write("a.bin", source(LONG).stream);
  assertEquals(fake.bucket.objects.get("a.bin")?.bytes.byteLength, LONG);
  let looks = 0;
  const inner = fake.fault;
  fake.fault = (arrived, next) => {
    // It appears before the last look.
    if (arrived.method === "HEAD" && ++looks === 3) {
      fake.bucket.put("b.bin", new Uint8Array([1]), {});
    }
    return inner(arrived, next);
  };
  const error = await assertRejects(() =>
    store.write("b.bin", source(LONG).stream)
  );
  assertEquals((error as { code?: unknown }).code, "AlreadyExists");
  assertEquals([looks, fake.bucket.uploads.size], [3, 0]);
});

Deno.test("WR-007: a look that fails behind a Complete takes nothing back, and asks for no parts", async () => {
  const fake = new FakeS3();
  fake.fault = (arrived) =>
    arrived.method === "HEAD" && fake.bucket.objects.size > 0
      ? answerError(arrived, 403, "AccessDenied")
      : undefined;
  const store = storeOf(fake, { confirmWrites: true });
  const { etag, lastModified } = await store.write(
    "a.bin",
    source(LONG).stream,
  );
  assertEquals(fake.bucket.objects.get("a.bin")?.etag, etag);
  assertEquals(lastModified, null);
  assert(fake.log.at(-1)?.startsWith("HEAD "), `${fake.log.at(-1)}`);
});

Deno.test("AW-004: an abort while the opening waits for its next attempt ends it at once", async () => {
  const fake = new FakeS3();
  const stop = new AbortController();
  fake.fault = (arrived) => {
    if (!arrived.query.has("uploads")) return;
    setTimeout(() => stop.abort("now"), 5);
    return answerError(arrived, 503, "SlowDown", { "retry-after": "1" });
  };
  const retry = new RetryPolicy({ attempts: 5, maxDelay: 2000 });
  const store = storeOf(fake, { retry });
  const { signal } = stop;
  const call = store.write("a.bin", source(LONG).stream, { signal });
  assertEquals(await call.catch((error) => error), "now");
  assertEquals(fake.log.filter((line) => line.includes("uploads")).length, 1);
});

Deno.test("AW-003: a conflict is seen before the first part is sent", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a.bin", new Uint8Array([1]), {});
  await assertRejects(() => storeOf(fake).write("a.bin", source(LONG).stream));
  assertEquals(fake.log, ["HEAD /bucket/a.bin"]);
});

Deno.test("S3-010: a stream of unknown length is cut into equal parts", async () => {
  const fake = new FakeS3();
  const { size } = await storeOf(fake).write("a.bin", source(LONG).stream);
  assertEquals(size, LONG);
  const stored = fake.bucket.objects.get("a.bin");
  assertEquals(stored?.bytes.byteLength, LONG);
  assertEquals(stored?.bytes[20 * MIB], 20);
  assertEquals(
    fake.log.filter((line) => line.includes("partNumber")).length,
    3,
  );
});

Deno.test("S3-024: a CRC goes with the whole upload and comes back as its digest", async () => {
  for (const checksum of ["crc32", "crc32c", "crc64nvme"] as const) {
    const fake = new FakeS3();
    const store = storeOf(fake, { checksum, partSize: 5 * MIB });
    const { digest } = await store.write("a.bin", source(6 * MIB).stream);
    const info = await store.getFileInfo("a.bin");
    assertEquals(info.digest?.algorithm, checksum);
    if (digest !== null) assertEquals(info.digest, digest);
  }
});

Deno.test("S3-024: a SHA-256 goes with each part, and the whole has no digest", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake, { checksum: "sha256", partSize: 5 * MIB });
  const { digest } = await store.write("a.bin", source(6 * MIB).stream);
  assertEquals(digest, null);
  assertEquals((await store.getFileInfo("a.bin")).digest, null);
});

Deno.test("RET-015: after a lost answer, an error inside of a 200 is looked into like any other", async () => {
  for (const said of ["NoSuchUpload", "PreconditionFailed"]) {
    const fake = new FakeS3();
    let completes = 0;
    fake.fault = async ({ method, query }, next) => {
      if (method !== "POST" || !query.has("uploadId")) return await next();
      if (completes++ > 0) return new Response(` \n${errorXml(said)}`);
      await next();
      throw new TypeError("connection reset");
    };
    const { etag } = await storeOf(fake).write("a.bin", source(LONG).stream);
    assertEquals(etag, fake.bucket.objects.get("a.bin")?.etag);
    assertEquals(fake.bucket.uploads.size, 0);
  }
});

Deno.test("AW-004: an upload that somebody else has ended is no absent file", async () => {
  const ends = [
    isPart,
    (line: string) => line.startsWith("POST ") && line.includes("uploadId"),
  ];
  for (const isEnd of ends) {
    const fake = new FakeS3();
    fake.fault = ({ method, request }) => {
      const { pathname, search } = new URL(request.url);
      if (isEnd(`${method} ${pathname}${search}`)) fake.bucket.uploads.clear();
      return undefined;
    };
    const error = await assertRejects(() =>
      storeOf(fake).write("a.bin", source(LONG).stream)
    );
    assert(isRemoteStoreError(error));
    assertEquals(error.code, "RemoteStoreError");
    assert(error.message.includes("somebody else has ended its upload"));
  }
});

Deno.test("S3-001: the customer's key goes to the list of parts too", async () => {
  const fake = new FakeS3();
  const name = "x-amz-server-side-encryption-customer-key";
  const without: string[] = [];
  let lost = 0;
  fake.fault = async ({ method, query, headers }, next) => {
    if (!headers.has(name)) without.push(`${method} ${query}`);
    const response = await next();
    if (method === "POST" && query.has("uploadId") && lost++ === 0) {
      throw new TypeError("connection reset");
    }
    return response;
  };
  const store = storeOf(fake, { headers: { [name]: "a2V5" } });
  await store.write("a.bin", source(LONG).stream);
  assert(fake.log.some((line) => line.includes("max-parts")));
  assertEquals(without, []);
});
