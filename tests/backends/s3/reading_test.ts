import { DECODING, inRuntime } from "../_http/runtime.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  NotFoundError,
  type RemoteStoreError,
  RetryPolicy,
} from "../../../mod.ts";
import { BucketBackend } from "../../../backends/s3/bucket.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { storeOf } from "./setup.ts";

const SIZE = 300_000;
const BYTES = Uint8Array.from({ length: SIZE }, (_, i) => i * 7 + (i >> 8));

/** Cuts the bodies of reads after some of their bytes. */
function cutting(fake: FakeS3, cuts: number[], clean = false): void {
  fake.fault = async ({ method }, next) => {
    const response = await next();
    const at = method === "GET" && response.ok ? cuts.shift() : undefined;
    if (at === undefined) return response;
    const bytes = new Uint8Array(await response.arrayBuffer()).slice(0, at);
    let sent = false;
    const body = new ReadableStream({
      type: "bytes",
      pull(controller: ReadableByteStreamController) {
        if (!sent && at > 0) controller.enqueue(bytes);
        else if (clean) {
          controller.close();
          controller.byobRequest?.respond(0);
        } else controller.error(new TypeError("connection reset"));
        sent = true;
      },
    });
    const { status, headers } = response;
    return new Response(body, { status, headers });
  };
}

for (const clean of [false, true]) {
  Deno.test(`SIO-001: a body that ${clean ? "ends early" : "breaks off"} is read on where it ended`, async () => {
    const fake = new FakeS3();
    fake.bucket.put("a", BYTES, {});
    cutting(fake, [100_000, 0, 50_000, 1], clean);
    assertEquals(await storeOf(fake).readBytes("a"), BYTES);
    assertEquals(fake.log.length, 5);
    cutting(fake, [10], clean);
    const range = { offset: 1000, length: 5000 };
    assertEquals(
      await storeOf(fake).readBytes("a", { range }),
      BYTES.slice(1000, 6000),
    );
  });
}

Deno.test("SIO-001: a body heals in a buffer of the reader's own too", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a", BYTES, {});
  cutting(fake, [100_000, 50_000]);
  const stream = await storeOf(fake).read("a");
  const reader = stream.getReader({ mode: "byob" });
  let buffer = new ArrayBuffer(7000);
  let position = 0;
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (done) break;
    assertEquals(value, BYTES.slice(position, position += value.byteLength));
    buffer = value.buffer;
    assertEquals(buffer.byteLength, 7000);
  }
  assertEquals(position, SIZE);
});

Deno.test("SIO-001: a file that is replaced in mid-read is an error, never a mixture", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a", BYTES, {});
  cutting(fake, [100_000]);
  const stream = await storeOf(fake).read("a");
  fake.bucket.put("a", BYTES.slice().reverse(), {});
  const error = await assertRejects(() => new Response(stream).arrayBuffer());
  assertEquals((error as RemoteStoreError).code, "PreconditionFailed");
});

Deno.test("RET-001: a body that gives nothing is given up", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a", BYTES, {});
  cutting(fake, Array(50).fill(0));
  const store = storeOf(fake, {
    retry: new RetryPolicy({ attempts: 2, minDelay: 0 }),
  });
  const error = await assertRejects(() => store.readBytes("a"));
  assertEquals((error as RemoteStoreError).code, "BackendUnavailable");
});

Deno.test("SEEK-002: a service that takes the last bytes for the first is asked again", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a", BYTES, {});
  fake.fault = async ({ headers }, next) => {
    if (headers.get("range") !== "bytes=-3") return await next();
    return new Response(BYTES.slice(0, 4), {
      status: 206,
      headers: {
        "content-range": `bytes 0-3/${SIZE}`,
        etag: fake.bucket.objects.get("a")!.etag,
      },
    });
  };
  const bytes = await storeOf(fake).readBytes("a", { range: { suffix: 3 } });
  assertEquals(bytes, BYTES.slice(-3));
});

Deno.test("SEEK-002: beyond the end there is nothing, and 416 tells no size", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a", BYTES, {});
  const store = storeOf(fake);
  const range = { offset: SIZE };
  assertEquals((await store.readBytes("a", { range })).byteLength, 0);
  const error = await assertRejects(() =>
    store.readBytes("a", { range, ifMatch: '"x"' })
  );
  assertEquals((error as RemoteStoreError).code, "PreconditionFailed");
});

Deno.test("S3-023: what fetch would decode is refused, and not with a wrong size", async () => {
  const fake = new FakeS3();
  for (const encoding of ["gzip", "x-own, br"]) {
    fake.bucket.put("a", BYTES, { "content-encoding": encoding });
    const error = await inRuntime(
      DECODING,
      () => assertRejects(() => storeOf(fake).read("a")),
    );
    assert((error as Error).message.includes(encoding));
  }
  fake.bucket.put("a", BYTES, { "content-encoding": "aws-chunked" });
  assertEquals((await storeOf(fake).readBytes("a")).byteLength, SIZE);
});

Deno.test("CACHE-001: a file that is still the same comes without a body", async () => {
  const fake = new FakeS3();
  const { etag } = fake.bucket.put("a", BYTES, {});
  const { info, body } = await storeOf(fake).open("a", { ifNoneMatch: etag });
  assertEquals([body, info.etag], [null, etag]);
  assertEquals(fake.log.length, 1);
});

Deno.test("PERF: where only bytes are wanted, the entry has size and tag, and the same body", async () => {
  const fake = new FakeS3();
  fake.bucket.put("a", BYTES.slice(0, 10), { "x-amz-meta-k": "v" });
  const backend = storeOf(fake).unwrap(BucketBackend);
  const all = { range: null, ifMatch: null, ifNoneMatch: null };
  for (const range of [null, { offset: 2, length: 3 }, { suffix: 4 }]) {
    const asked = { ...all, range, signal: undefined };
    const full = await backend.read("a", asked);
    const bare = await backend.read("a", { ...asked, bytesOnly: true });
    const { size, etag } = full!.entry;
    assertEquals(full?.entry.metadata, { k: "v" });
    assertEquals([bare?.entry.size, bare?.entry.etag], [size, etag]);
    assertEquals(bare?.entry.metadata, null);
    assertEquals({ ...bare, entry: null }, { ...full, entry: null });
  }
});

Deno.test("FIND-003 a miss of open with missingOk costs one request, a folder's path too", async () => {
  const fake = new FakeS3();
  fake.bucket.put("folder/a", BYTES, {});
  const store = storeOf(fake);
  const range = { offset: 1, length: 2 };
  for (const path of ["absent", "folder"]) {
    for (const options of [{}, { range }]) {
      fake.log.length = 0;
      const missing = { ...options, missingOk: true };
      assertEquals(await store.open(path, missing), null);
      assertEquals(fake.log.length, 1);
    }
  }
  await assertRejects(
    () => storeOf(fake, { bucket: "gone" }).open("a", { missingOk: true }),
    NotFoundError,
    '"gone"',
  );
});
