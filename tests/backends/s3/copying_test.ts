import { assert, assertEquals, assertRejects } from "@std/assert";
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
  const store = storeOf(fake, { dialect: "r2" });
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

Deno.test("BE-019: a change of the source is told at the source's path, in a 200 and of a part too", async () => {
  const inside = new FakeS3();
  await storeOf(inside).write("a", "a");
  inside.fault = ({ headers }) => {
    if (!headers.has("x-amz-copy-source")) return undefined;
    inside.bucket.put("a", new Uint8Array(9), {});
    return new Response(errorXml("PreconditionFailed"));
  };
  const parts = new FakeS3();
  parts.bucket.put("a", new Uint8Array(12 * MIB), {});
  parts.fault = ({ query }) => {
    if (query.has("uploads")) {
      parts.bucket.put("a", new Uint8Array(12 * MIB).fill(1), {});
    }
    return undefined;
  };
  for (const fake of [inside, parts]) {
    const store = storeOf(fake, { copyThreshold: 5 * MIB });
    const error = await assertRejects(() => store.copy("a", "b"));
    assertEquals(
      [code(error), (error as RemoteStoreError).path],
      ["PreconditionFailed", "a"],
    );
    assertEquals([fake.bucket.uploads.size, fake.pending], [0, 0]);
  }
});

Deno.test("BE-019: where the source is not compared, parts of two versions make no file", async () => {
  const fake = new FakeS3({ ignoresConditions: true });
  fake.bucket.put("a", new Uint8Array(12 * MIB), {});
  fake.fault = ({ query }) => {
    if (query.get("partNumber") === "2") {
      fake.bucket.put("a", new Uint8Array(12 * MIB).fill(1), {});
    }
    return undefined;
  };
  const store = storeOf(fake, { copyThreshold: 5 * MIB, dialect: "ceph" });
  const error = await assertRejects(() => store.copy("a", "b"));
  assertEquals(
    [code(error), (error as RemoteStoreError).path],
    ["PreconditionFailed", "a"],
  );
  assertEquals([fake.bucket.objects.has("b"), fake.bucket.uploads.size], [
    false,
    0,
  ]);
});

Deno.test("S3-014: a copy has its source's fields, in parts too, and not those of the options", async () => {
  for (const copyThreshold of [5 * MIB, 20 * MIB]) {
    const fake = new FakeS3();
    const fields = { "content-type": "text/x" };
    fake.bucket.put("a", new Uint8Array(12 * MIB), fields);
    const headers = {
      "content-type": "text/y",
      "cache-control": "no-store",
      "x-amz-storage-class": "STANDARD_IA",
    };
    const sent: (string | null)[] = [];
    fake.fault = ({ key, method, headers }) => {
      if (key === "b" && method !== "HEAD") {
        sent.push(headers.get("x-amz-storage-class"));
      }
      return undefined;
    };
    const store = storeOf(fake, { copyThreshold, headers });
    await store.copy("a", "b");
    const { contentType, extra } = await store.getFileInfo("b");
    assertEquals([contentType, extra["cacheControl"]], ["text/x", undefined]);
    assertEquals(sent[0], "STANDARD_IA");
  }
});

const TAGS: [string, string][] = [["k", "v w"], ["a+b", "ü&=<"]];
const STORED = {
  "content-type": "text/x",
  expires: "Thu, 01 Jan 2099 00:00:00 GMT",
  "x-amz-tagging": "k=v%20w&a%2Bb=%C3%BC%26%3D%3C",
};

function tagsOf(fake: FakeS3, key: string): [string, string][] {
  const { headers } = fake.bucket.objects.get(key) ?? {};
  return [...new URLSearchParams(headers?.["x-amz-tagging"])];
}

Deno.test("S3-014: a move in parts keeps tags and Expires, where an upload keeps tags and where not", async () => {
  const bytes = new Uint8Array(12 * MIB);
  for (const dialect of ["aws", "ceph"] as const) {
    const fake = new FakeS3({ dropsUploadTags: dialect === "ceph" });
    fake.bucket.put("a", bytes, STORED);
    await storeOf(fake, { copyThreshold: 5 * MIB, dialect }).move("a", "b");
    assertEquals(tagsOf(fake, "b"), TAGS);
    assertEquals(
      fake.bucket.objects.get("b")?.headers["expires"],
      STORED.expires,
    );
    assertEquals(fake.bucket.objects.has("a"), false);
    assertEquals(
      fake.log.filter((line) => line.includes("tagging")).length,
      dialect === "ceph" ? 2 : 1,
    );
  }
});

Deno.test("S3-014: tags too long for a header field follow the copy", async () => {
  const fake = new FakeS3();
  const value = "ü".repeat(256);
  const tags = new URLSearchParams([["a", value], ["b", value]]);
  fake.bucket.put("a", new Uint8Array(12 * MIB), {
    "x-amz-tagging": `${tags}`,
  });
  await storeOf(fake, { copyThreshold: 5 * MIB }).copy("a", "b");
  assertEquals(tagsOf(fake, "b"), [["a", value], ["b", value]]);
});

Deno.test("S3-014: tags that may not be read, or not be set, are an error, and a move keeps its source", async () => {
  const bytes = new Uint8Array(12 * MIB);
  for (const denied of ["GET", "PUT"]) {
    const fake = new FakeS3({ dropsUploadTags: true });
    fake.bucket.put("a", bytes, STORED);
    fake.fault = (arrived) =>
      arrived.query.has("tagging") && arrived.method === denied
        ? answerError(arrived, 403, "AccessDenied")
        : undefined;
    const store = storeOf(fake, { copyThreshold: 5 * MIB, dialect: "ceph" });
    const error = await assertRejects(() => store.move("a", "b")) as Error;
    if (denied === "GET") {
      assertEquals(code(error), "PermissionDenied");
      assert(error.message.includes("s3:GetObjectTagging"));
      assertEquals(fake.log.length, 2);
    } else {
      assert(error.message.includes("it was copied, but without its tags"));
      assertEquals(code(error.cause), "PermissionDenied");
    }
    assertEquals(fake.bucket.objects.has("a"), true);
    assertEquals(fake.bucket.uploads.size, 0);
  }
});

Deno.test("BE-019: a proxy's page and an answer that ends in the middle are no copy", async () => {
  for (const text of ["<html>Sign in</html>", "<CopyObjectResult><ETag>"]) {
    const fake = new FakeS3();
    await storeOf(fake).write("a", "a");
    fake.fault = ({ headers }) =>
      headers.has("x-amz-copy-source") ? new Response(text) : undefined;
    const error = await assertRejects(() => storeOf(fake).move("a", "b"));
    assertEquals(code(error), "BackendUnavailable");
    assertEquals(fake.bucket.objects.has("a"), true);
  }
});

Deno.test("CPM-001 a copy with another type sends all that stays, and Expires with it, in parts too", async () => {
  for (const copyThreshold of [5 * MIB, 20 * MIB]) {
    const fake = new FakeS3();
    fake.bucket.put("a", new Uint8Array(12 * MIB), {
      ...STORED,
      "cache-control": "no-store",
      "content-language": "de",
      "x-amz-meta-k": "v",
    });
    const store = storeOf(fake, { copyThreshold });
    await store.copy("a", "b", {
      contentType: "text/y",
      contentLanguage: "en",
    });
    const info = await store.getFileInfo("b");
    assertEquals([info.contentType, info.metadata], ["text/y", { k: "v" }]);
    assertEquals(info.extra["cacheControl"], "no-store");
    assertEquals(info.extra["contentLanguage"], "en");
    assertEquals(info.extra["expires"], STORED.expires);
    assertEquals(tagsOf(fake, "b"), TAGS);
  }
});

Deno.test("CAS-007 a version that is to be replaced and is gone is no missing source", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  await store.write("a", "a");
  fake.fault = (arrived) =>
    arrived.headers.has("x-amz-copy-source")
      ? answerError(arrived, 404, "NoSuchKey")
      : undefined;
  const ifMatch = '"1"';
  const error = await assertRejects(() => store.copy("a", "b", { ifMatch }));
  assertEquals([code(error), (error as RemoteStoreError).path], [
    "PreconditionFailed",
    "b",
  ]);
});

Deno.test("CAS-007 where copies have no condition of their own, ifMatch is refused before any request", async () => {
  for (const dialect of ["r2", "minio", "ceph", "gcs", "generic"] as const) {
    const fake = new FakeS3();
    const store = storeOf(fake, { dialect });
    const error = await assertRejects(() =>
      store.copy("a", "b", { ifMatch: '"1"' })
    );
    assertEquals([code(error), fake.log], ["CapabilityNotSupported", []]);
  }
});

Deno.test("CAS-008 where the service does not compare the source, a named version is looked for once more", async () => {
  const fake = new FakeS3({ ignoresConditions: true });
  const store = storeOf(fake, { dialect: "ceph" });
  const { etag } = await store.write("a", "a");
  const sourceIfMatch = etag!;
  fake.log.length = 0;
  await store.copy("a", "b", { sourceIfMatch });
  assertEquals(fake.log.at(-1), "HEAD /bucket/a");
  fake.fault = ({ headers }) => {
    if (headers.has("x-amz-copy-source")) {
      fake.bucket.put("a", new Uint8Array(9), {});
    }
    return undefined;
  };
  const error = await assertRejects(() =>
    store.copy("a", "c", { sourceIfMatch })
  );
  assertEquals(code(error), "BackendUnavailable");
  assertEquals(code((error as Error).cause), "PreconditionFailed");
});
