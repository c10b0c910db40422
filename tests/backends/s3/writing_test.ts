import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
} from "@std/assert";
import { DECODING, inRuntime } from "../_http/runtime.ts";
import { planReach, planUpload } from "../../../backends/_http/upload_plan.ts";
import { S3Connection } from "../../../backends/s3/connection.ts";
import { checkOptions, uploadLimits } from "../../../backends/s3/options.ts";
import { toSigning } from "../../../backends/s3/sigv4.ts";
import { factsIfSame } from "../../../backends/s3/writing.ts";
import {
  BackendUnavailableError,
  InvalidArgumentError,
  type RemoteStoreError,
} from "../../../mod.ts";
import { answerError } from "../../fakes/s3/answers.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf, source, storeOf } from "./setup.ts";

const code = (error: unknown) => (error as RemoteStoreError).code;

/** Stores the first PUT and loses its answer. */
function losing(fake: FakeS3): void {
  let lost = false;
  fake.fault = async ({ method }, next) => {
    const response = await next();
    if (method !== "PUT" || lost) return response;
    lost = true;
    throw new TypeError("connection reset");
  };
}

Deno.test("S3-010: bytes and a short stream are one request each", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  await store.write("a", "a");
  await store.write("b", source(100).stream);
  await store.write("c", new ReadableStream({ start: (c) => c.close() }));
  assertEquals(fake.log, ["PUT /bucket/a", "PUT /bucket/b", "PUT /bucket/c"]);
});

Deno.test("WR-001: the result is the answer's own", async () => {
  const fake = new FakeS3();
  const { etag, versionId, digest, lastModified } = await storeOf(fake).write(
    "a",
    "a",
  );
  assertEquals([etag, versionId], [fake.bucket.objects.get("a")?.etag, "v1"]);
  assertEquals([digest?.algorithm, lastModified], ["crc64nvme", null]);
});

Deno.test("WR-007: confirmWrites looks once, and has the time too", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake, { confirmWrites: true });
  const { lastModified, digest } = await store.write("a", "a");
  const info = await store.getFileInfo("a");
  assertEquals([lastModified, digest], [info.lastModified, info.digest]);
  assertEquals(fake.log.slice(0, 2), ["PUT /bucket/a", "HEAD /bucket/a"]);
});

Deno.test("RET-015: a create whose answer was lost is known by its bytes", async () => {
  const fake = new FakeS3();
  losing(fake);
  const { etag } = await storeOf(fake).write("a", "mine");
  assertEquals(etag, fake.bucket.objects.get("a")?.etag);
});

Deno.test("RET-015: another's file of the same size is not taken for one's own", async () => {
  const fake = new FakeS3();
  let first = true;
  fake.fault = ({ method }) => {
    if (method !== "PUT" || !first) return;
    first = false;
    fake.bucket.put("a", new TextEncoder().encode("your"), {});
    throw new TypeError("connection reset");
  };
  const error = await assertRejects(
    () => storeOf(fake).write("a", "mine"),
    BackendUnavailableError,
  );
  assert(error.inDoubt);
});

Deno.test("BE-008: a conflict of conditions is tried again", async () => {
  const fake = new FakeS3();
  let conflicts = 2;
  fake.fault = (arrived) =>
    arrived.method === "PUT" && conflicts-- > 0
      ? answerError(arrived, 409, "ConditionalRequestConflict")
      : undefined;
  await storeOf(fake).write("a", "a");
  assertEquals(fake.log.length, 3);
});

Deno.test("BE-008: where a condition is not implemented, a look takes its place", async () => {
  const fake = new FakeS3();
  fake.fault = (arrived) =>
    arrived.headers.has("if-none-match")
      ? answerError(arrived, 501, "NotImplemented")
      : undefined;
  // A service that was not known to honour it, so it was looked at before, too.
  const store = storeOf(fake, { dialect: "generic" });
  await store.write("a", "first");
  const error = await assertRejects(() => store.write("a", "second"));
  assertEquals(code(error), "AlreadyExists");
  assertEquals(await store.readText("a"), "first");
});

Deno.test("BE-008: a service that is not known is looked at first", async () => {
  const fake = new FakeS3({ ignoresConditions: true });
  const store = storeOf(fake, { dialect: "generic" });
  await store.write("a", "first");
  const error = await assertRejects(() => store.write("a", "second"));
  assertEquals(code(error), "AlreadyExists");
  await store.write("long", source(17 * 1024 * 1024).stream);
  const late = await assertRejects(() =>
    store.write("long", source(17 * 1024 * 1024).stream)
  );
  assertEquals(code(late), "AlreadyExists");
  assertEquals(fake.bucket.uploads.size, 0);
});

Deno.test("CAS-001: ifMatch on an absent file is PreconditionFailed, in an absent bucket NotFound", async () => {
  const fake = new FakeS3();
  const absent = await assertRejects(() =>
    storeOf(fake).write("a", "a", { ifMatch: '"x"' })
  );
  assertEquals(code(absent), "PreconditionFailed");
  const gone = storeOf(fake, { bucket: "gone" });
  const error = await assertRejects(() =>
    gone.write("a", "a", { ifMatch: '"x"' })
  );
  assertEquals(code(error), "NotFound");
});

Deno.test("MEM-010: a buffer that changes during the call changes nothing, in a retry either", async () => {
  const fake = new FakeS3();
  losing(fake);
  const bytes = new TextEncoder().encode("before");
  const writing = storeOf(fake).write("a", bytes, { overwrite: true });
  bytes.fill(0);
  await writing;
  assertEquals(await storeOf(fake).readText("a"), "before");
});

Deno.test("S3-024: a checksum that does not match is IntegrityError", async () => {
  const fake = new FakeS3();
  fake.fault = (arrived) => answerError(arrived, 400, "BadDigest");
  const store = storeOf(fake, { checksum: "sha256" });
  assertEquals(
    code(await assertRejects(() => store.write("a", "a"))),
    "IntegrityError",
  );
});

Deno.test("PATH-001: a key that is too long is refused before any request", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  const error = await assertRejects(() => store.write("x".repeat(1025), "a"));
  assertEquals(code(error), "InvalidPath");
  assertEquals(fake.log, []);
});

Deno.test("RET-015: factsIfSame() compares bytes and not sizes", async () => {
  const fake = new FakeS3();
  const bytes = new Uint8Array([1, 2, 3]);
  const { etag, versionId } = fake.bucket.put("a", bytes, {});
  const connection = new S3Connection(optionsOf(fake), toSigning);
  const facts = (bytes: Uint8Array<ArrayBuffer>, key = "a") =>
    factsIfSame(connection, key, bytes, undefined);
  const same = await facts(bytes);
  assertEquals([same?.etag, same?.versionId], [etag, versionId]);
  assertEquals(await facts(new Uint8Array([1, 2, 4])), null);
  assertEquals(await facts(new Uint8Array(2)), null);
  assertEquals(await facts(bytes, "b"), null);
  fake.bucket.put("large", new Uint8Array(100_000), {});
  assertEquals(await facts(bytes, "large"), null);
  assertEquals((await facts(new Uint8Array(100_000), "large")) !== null, true);
});

Deno.test("RET-015: what is read back heals like any body", async () => {
  const fake = new FakeS3();
  losing(fake);
  const lose = fake.fault;
  let cuts = 1;
  fake.fault = async (arrived, next) => {
    const response = await (lose?.(arrived, next) ?? next());
    if (arrived.method !== "GET" || cuts-- <= 0) return response;
    const body = new ReadableStream({
      pull: (controller) => controller.error(new TypeError("reset")),
    });
    return new Response(body, { headers: response.headers });
  };
  const { etag } = await storeOf(fake).write("a", "mine");
  assertEquals(etag, fake.bucket.objects.get("a")?.etag);
});

Deno.test("RET-015: what fetch would decode cannot be known as one's own", async () => {
  const fake = new FakeS3();
  losing(fake);
  const error = await inRuntime(DECODING, () =>
    assertRejects(
      () => storeOf(fake).write("a", "mine", { contentEncoding: "gzip" }),
      BackendUnavailableError,
    ));
  assert(error.inDoubt);
});

/** A Blob that says one size and gives other bytes. */
const blobOf = (size: number, bytes: number) =>
  ({ size, type: "", stream: () => source(bytes).stream }) as unknown as Blob;

Deno.test("CONT-001, CONT-002: a Blob that does not know its size replaces a file by all of it, at any length", async () => {
  const MIB = 1024 * 1024;
  for (const bytes of [0, 5, 9 * MIB]) {
    for (const size of [NaN, Infinity, -1]) {
      const fake = new FakeS3();
      const store = storeOf(fake);
      await store.write("a", "old");
      await store.write("a", blobOf(size, bytes), { overwrite: true });
      assertEquals((await store.readBytes("a")).byteLength, bytes);
      assertEquals(fake.bucket.uploads.size, 0);
    }
  }
});

Deno.test("PLAN-001: a known size that S3 does not store is refused before anything is sent", async () => {
  const fake = new FakeS3();
  const error = await assertRejects(() =>
    storeOf(fake).write("a", blobOf(54e12, 9), { overwrite: true })
  );
  assertInstanceOf(error, InvalidArgumentError);
  assertEquals(fake.log, []);
});

Deno.test("PLAN-003: R2 gets equal parts, others get parts that grow", () => {
  const of = (name: "r2" | "aws") => {
    const { dialect, partSize, concurrency } = checkOptions({
      bucket: "b",
      dialect: name,
      credentials: "anonymous",
    });
    return planUpload(null, uploadLimits({ dialect, partSize, concurrency }));
  };
  assertEquals(planReach(of("r2")), 10_000 * 8 * 1024 * 1024);
  assertEquals(planReach(of("aws")) > 22e12, true);
});
