import { assertEquals, assertRejects } from "@std/assert";
import type { RemoteStoreError } from "../../../mod.ts";
import { answerError, errorXml } from "../../fakes/s3/answers.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { storeOf } from "./setup.ts";

const MIB = 1024 * 1024;
const code = (error: unknown) => (error as RemoteStoreError).code;

Deno.test("S3-014: a copy is two requests and keeps what is stored beside the bytes", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  await store.write("a +ü", "a", {
    metadata: { k: "v" },
    contentType: "text/x",
  });
  fake.log.length = 0;
  await store.copy("a +ü", "b");
  assertEquals(fake.log, ["HEAD /bucket/a +ü", "PUT /bucket/b"]);
  const { metadata, contentType } = await store.getFileInfo("b");
  assertEquals([metadata, contentType], [{ k: "v" }, "text/x"]);
});

Deno.test("S3-014: above the threshold a copy goes by ranges, with the metadata", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake, { copyThreshold: 5 * MIB });
  const bytes = new Uint8Array(12 * MIB).fill(7);
  await store.write("a", bytes, {
    metadata: { k: "ü" },
    contentType: "text/x",
    cacheControl: "no-store",
  });
  await store.copy("a", "b");
  const info = await store.getFileInfo("b");
  assertEquals([info.metadata, info.contentType, info.size], [
    { k: "ü" },
    "text/x",
    bytes.length,
  ]);
  assertEquals(info.extra["cacheControl"], "no-store");
  assertEquals(
    fake.log.filter((line) => line.includes("partNumber")).length,
    3,
  );
  assertEquals(
    code(await assertRejects(() => store.copy("a", "b"))),
    "AlreadyExists",
  );
  assertEquals(fake.bucket.uploads.size, 0);
});

Deno.test("S3-014: a copy in parts that fails leaves no upload", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake, { copyThreshold: 5 * MIB });
  await store.write("a", new Uint8Array(12 * MIB));
  fake.fault = ({ query }) =>
    query.get("partNumber") === "2"
      ? new Response(errorXml("AccessDenied"))
      : undefined;
  assertEquals(
    code(await assertRejects(() => store.copy("a", "b"))),
    "PermissionDenied",
  );
  assertEquals([fake.bucket.uploads.size, fake.pending], [0, 0]);
});

Deno.test("BE-019: an error inside of a 200 is an error", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  await store.write("a", "a");
  fake.fault = ({ headers }) =>
    headers.has("x-amz-copy-source")
      ? new Response(errorXml("AccessDenied"))
      : undefined;
  assertEquals(
    code(await assertRejects(() => store.copy("a", "b"))),
    "PermissionDenied",
  );
});

Deno.test("BE-019: a 200 with nothing in it is no copy", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  await store.write("a", "a");
  let empty = 2;
  fake.fault = ({ headers }) =>
    headers.has("x-amz-copy-source") && empty-- > 0
      ? new Response(" ")
      : undefined;
  await store.copy("a", "b");
  assertEquals(await store.readText("b"), "a");
  empty = 3;
  assertEquals(
    code(await assertRejects(() => store.copy("a", "c"))),
    "BackendUnavailable",
  );
});

Deno.test("BE-019: where the condition is not implemented, a look takes its place", async () => {
  const fake = new FakeS3();
  fake.fault = (arrived) =>
    arrived.headers.has("x-amz-copy-source") &&
      arrived.headers.has("if-none-match")
      ? answerError(arrived, 501, "NotImplemented")
      : undefined;
  const store = storeOf(fake);
  await store.write("a", "a");
  await store.write("b", "b");
  await store.copy("a", "c");
  assertEquals(await store.readText("c"), "a");
  assertEquals(
    code(await assertRejects(() => store.copy("a", "b"))),
    "AlreadyExists",
  );
  assertEquals(await store.readText("b"), "b");
});

Deno.test("BE-019: a source that changes in between is not copied", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  await store.write("a", "a");
  fake.fault = async ({ method }, next) => {
    const response = await next();
    if (method === "HEAD") fake.bucket.put("a", new Uint8Array(9), {});
    return response;
  };
  const error = await assertRejects(() => store.copy("a", "b"));
  assertEquals([code(error), (error as RemoteStoreError).path], [
    "PreconditionFailed",
    "a",
  ]);
});

Deno.test("BE-019: where the service ignores the condition, the backend looks", async () => {
  const fake = new FakeS3({ ignoresConditions: true });
  const store = storeOf(fake, { dialect: "ceph" });
  await store.write("a", "a");
  fake.bucket.put("b", new Uint8Array(0), {});
  assertEquals(
    code(await assertRejects(() => store.copy("a", "b"))),
    "AlreadyExists",
  );
});

Deno.test("STORE-008a: a copy onto itself sends no copy", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  await store.write("a", "a");
  fake.log.length = 0;
  await store.copy("a", "./a", { overwrite: true });
  assertEquals(fake.log, ["HEAD /bucket/a"]);
});
