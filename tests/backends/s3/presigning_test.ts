import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { presign, type PresignOptions } from "../../../backends/s3/mod.ts";
import {
  CapabilityNotSupportedError,
  ContentDigest,
  InvalidArgumentError,
  InvalidPathError,
} from "../../../mod.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { statusOf } from "../presigned.ts";
import { expectedOf, outcomesOf } from "../presigned_changes.ts";
import { storeOf } from "./setup.ts";

const md5Of = (text: string) =>
  new ContentDigest("md5", createHash("md5").update(text).digest("hex"));

Deno.test("PRESIGN-001 a request is all that it takes to read, look at, write and delete the file", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake).child("x");
  const key = "a b+ü.txt";
  const send = (options: PresignOptions, body?: string) =>
    statusOf(fake.fetch, presign(store, key, options), body);
  assertEquals(await send({ method: "PUT", contentType: "text/x" }, "hi"), 200);
  assertEquals(await store.readText(key), "hi");
  assertEquals((await store.getFileInfo(key)).contentType, "text/x");
  assertEquals(await send({}), 200);
  assertEquals(await send({ method: "HEAD" }), 200);
  assertEquals(await send({ method: "DELETE" }), 204);
  assertEquals(await store.exists(key), false);
});

Deno.test("PRESIGN-001 the result is frozen, whole, and says when it ends", async () => {
  const store = storeOf(new FakeS3());
  const signed = await presign(store, "a", { expiresIn: 60 });
  assertEquals(Object.keys(signed), [
    "url",
    "method",
    "headers",
    "fields",
    "expires",
    "enforced",
  ]);
  for (const part of [signed, signed.headers, signed.enforced]) {
    assert(Object.isFrozen(part));
  }
  assertEquals([signed.method, signed.fields], ["GET", null]);
  const { searchParams } = new URL(signed.url);
  assertEquals(searchParams.get("X-Amz-Expires"), "60");
  const left = signed.expires.getTime() - Date.now();
  assert(left > 50_000 && left <= 60_000, `${left}`);
  assertEquals(JSON.parse(JSON.stringify(signed)).expires.length, 24);
});

Deno.test("PRESIGN-002 a write creates, unless it may overwrite", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  const signed = await presign(store, "a", { method: "PUT" });
  assertEquals(signed.headers, { "if-none-match": "*" });
  assertEquals(signed.enforced, ["create"]);
  const put = (headers: Record<string, string>) =>
    statusOf(fake.fetch, { ...signed, headers }, "x");
  assertEquals(await put({}), 403);
  assertEquals(await put(signed.headers), 200);
  assertEquals(await put(signed.headers), 412);
  const over = await presign(store, "a", { method: "PUT", overwrite: true });
  assertEquals([over.headers, over.enforced], [{}, []]);
  assertEquals(await statusOf(fake.fetch, over, "y"), 200);
  assertEquals(await store.readText("a"), "y");
});

Deno.test("PRESIGN-002 where a condition is not known to be honored, nothing is signed that could replace a file", async () => {
  const store = storeOf(new FakeS3(), { dialect: "generic" });
  const error = await assertRejects(
    () => presign(store, "a", { method: "PUT" }),
    CapabilityNotSupportedError,
    'Cannot presign "a": the service (dialect generic) is not known to honor If-None-Match, so overwrite: true is needed',
  );
  assertEquals(error.capability, "conditional_write");
  await presign(store, "a", { method: "PUT", overwrite: true });
});

const WRITTEN: PresignOptions = {
  method: "PUT",
  contentType: "text/csv",
  cacheControl: "no-cache",
  contentDisposition: 'attachment; filename="a.csv"',
  contentEncoding: "br",
  contentLanguage: "en",
  metadata: { by: "ädä", kind: "two  spaces" },
  contentLength: 3,
  digest: md5Of("abc"),
};

Deno.test("PRESIGN-003 what is to be stored is stored, and every limit is held", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  const signed = await presign(store, "a", WRITTEN);
  assertEquals(signed.enforced, [
    "create",
    "contentType",
    "cacheControl",
    "contentDisposition",
    "contentEncoding",
    "contentLanguage",
    "contentLength",
    "digest",
    "metadata",
  ]);
  assert(!("content-length" in signed.headers), "fetch sets it");
  const put = (body: string, headers = signed.headers) =>
    statusOf(fake.fetch, { ...signed, headers }, body);
  for (const name of Object.keys(signed.headers)) {
    const { [name]: value = "", ...others } = signed.headers;
    assertEquals(await put("abc", others), 403, `without ${name}`);
    const other = { ...others, [name]: `${value}x` };
    assertEquals(await put("abc", other), 403, `another ${name}`);
  }
  assertEquals([await put("ab"), await put("abcd")], [403, 403]);
  assertEquals(await put("abd"), 400, "another content");
  const more = { ...signed.headers, "x-amz-meta-more": "1" };
  assertEquals(await put("abc", more), 403);
  assertEquals(await put("abc"), 200);
  const { contentType, metadata, extra } = await store.getFileInfo("a");
  assertEquals([contentType, metadata], ["text/csv", {
    by: "ädä",
    kind: "two  spaces",
  }]);
  assertEquals(extra["cacheControl"], "no-cache");
});

Deno.test("PRESIGN-003 a checksum goes where the dialect has it verified, and nowhere else", async () => {
  const fake = new FakeS3();
  const digest = new ContentDigest(
    "sha256",
    createHash("sha256").update("abc").digest("hex"),
  );
  const signed = await presign(storeOf(fake), "a", { method: "PUT", digest });
  assertEquals(signed.enforced, ["create", "digest"]);
  assertEquals(await statusOf(fake.fetch, signed, "abd"), 400);
  assertEquals(await statusOf(fake.fetch, signed, "abc"), 200);
  const rows = [["ceph", digest], ["generic", md5Of("abc")]] as const;
  for (const [dialect, wanted] of rows) {
    await assertRejects(
      () =>
        presign(storeOf(fake, { dialect }), "a", {
          method: "PUT",
          overwrite: true,
          digest: wanted,
        }),
      CapabilityNotSupportedError,
      `is not known to check ${wanted.algorithm} digests`,
    );
  }
});

Deno.test("PRESIGN-003 metadata counts as held only where no field can be added", async () => {
  const options: PresignOptions = { method: "PUT", metadata: { by: "ada" } };
  for (const [dialect, held] of [["aws", true], ["ceph", false]] as const) {
    const store = storeOf(new FakeS3(), { dialect });
    const { enforced } = await presign(store, "a", options);
    assertEquals(enforced.includes("metadata"), held, dialect);
  }
});

Deno.test("PRESIGN-004 a read says of the file what was signed", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  await store.write("a", "hi");
  const signed = await presign(store, "a", {
    response: { contentDisposition: "a b; c", contentType: "text/y" },
  });
  assertEquals(signed.enforced, ["response"]);
  const response = await fake.fetch(signed.url);
  assertEquals(response.headers.get("content-disposition"), "a b; c");
  assertEquals(response.headers.get("content-type"), "text/y");
  assertEquals(await response.text(), "hi");
});

Deno.test("PRESIGN-005 what means nothing to the method, or nothing at all, is refused by name", async () => {
  const fake = new FakeS3();
  const store = storeOf(fake);
  const digest = md5Of("abc");
  const rows: [object, string][] = [
    [{ expiresIn: 0 }, "expiresIn is 0, a whole number of seconds from 1"],
    [{ expiresIn: 604_801 }, "expiresIn is 604801"],
    [{ method: "get" }, 'method is "get", one of GET, HEAD, PUT, POST, DELETE'],
    [{ contentType: "a/b" }, "contentType is for PUT and POST, and the method"],
    [{ overwrite: false }, "overwrite is for PUT and POST"],
    [{ method: "HEAD", metadata: {} }, "metadata is for PUT and POST"],
    [{ method: "DELETE", contentLength: 1 }, "contentLength is for PUT and"],
    [{ method: "POST", overwrite: true, digest }, "digest is for PUT, and"],
    [{ method: "PUT", response: {} }, "response is for GET, and the method"],
    [{ response: { contenttype: "a" } }, "did you mean contentType?"],
    [{ response: { contentType: "a\nb" } }, "response.contentType is"],
    [{ method: "PUT", contentLength: -1 }, "contentLength is -1, a whole"],
    [{ method: "PUT", contentLength: "1" }, "contentLength is 1, a whole"],
    [
      { method: "PUT", contentLength: { max: 2 } },
      "a range, which is for POST",
    ],
    [{ method: "PUT", digest: "ab" }, "digest is of type string, a ContentD"],
    [{ method: "PUT", overwrite: "no" }, "overwrite is no boolean"],
    [{ method: "PUT", contentType: "a\nb" }, "contentType is"],
    [{ size: 3 }, "there is no option size"],
    [{ expiresin: 3 }, "did you mean expiresIn?"],
    [{ responseContentType: "a" }, "there is no option responseContentType"],
    [{ signal: new AbortController() }, "signal is an AbortController"],
  ];
  for (const [options, message] of rows) {
    const error = await assertRejects(
      () => presign(store, "a", options as PresignOptions),
      InvalidArgumentError,
      message,
    );
    assert(error.message.startsWith('Cannot presign "a": '), error.message);
  }
  assertEquals(fake.log, []);
});

Deno.test("PRESIGN-006 a child's path is its own, in the URL and in errors", async () => {
  const child = storeOf(new FakeS3()).child("x/y");
  const { url } = await presign(child, "a b");
  assertEquals(new URL(url).pathname, "/bucket/x/y/a%20b");
  const long = "a".repeat(1021);
  const error = await assertRejects(
    () => presign(child, long),
    InvalidPathError,
    "the key has 1025 bytes",
  );
  assertEquals(error.path, long);
  await assertRejects(() => presign(child, ""), InvalidPathError, "root");
});

Deno.test("PRESIGN: headers of the options are signed and among those to send, what is not stored in the URL itself", async () => {
  const fake = new FakeS3();
  const customer = {
    "x-amz-server-side-encryption-customer-algorithm": "AES256",
    "x-amz-server-side-encryption-customer-key": "a2V5LW9mLXRoZS1jYWxsZXI=",
  };
  const store = storeOf(fake, {
    headers: {
      ...customer,
      "x-amz-request-payer": "requester",
      "x-amz-storage-class": "STANDARD_IA",
      "cache-control": "no-store",
    },
  });
  const put = await presign(store, "a", { method: "PUT", overwrite: true });
  const get = await presign(store, "a");
  for (const { url } of [put, get]) {
    assertEquals(
      new URL(url).searchParams.get("x-amz-request-payer"),
      "requester",
    );
    assert(!decodeURIComponent(url).includes("a2V5"), "shows a key");
  }
  assertEquals(put.headers, {
    ...customer,
    "x-amz-storage-class": "STANDARD_IA",
    "cache-control": "no-store",
  });
  assertEquals(get.headers, customer);
  assertEquals(await statusOf(fake.fetch, { ...put, headers: {} }, "x"), 403);
  assertEquals(await statusOf(fake.fetch, put, "x"), 200);
  assertEquals(await statusOf(fake.fetch, get), 200);
  assertEquals(await statusOf(fake.fetch, { ...get, headers: {} }), 403);
});

Deno.test("PRESIGN-009 what a sender changes is held or open as the pages list it", async () => {
  for (
    const [service, dialect] of [["s3", "aws"], ["generic", "generic"]] as const
  ) {
    const fake = new FakeS3();
    const store = storeOf(fake, { dialect });
    const outcomes = await outcomesOf(store, presign, fake.fetch);
    assertEquals(outcomes, expectedOf(service));
  }
});

Deno.test("PRESIGN-009 of a service that is not known, enforced is what every signature covers", async () => {
  const store = storeOf(new FakeS3(), { dialect: "generic" });
  const put = await presign(store, "a", {
    method: "PUT",
    overwrite: true,
    contentType: "text/csv",
    contentLength: 3,
    metadata: { by: "ada" },
  });
  assertEquals(put.enforced, ["contentType", "contentLength"]);
  const signed = new URL(put.url).searchParams.get("X-Amz-SignedHeaders");
  assertEquals(signed, "content-length;content-type;host;x-amz-meta-by");
  const get = await presign(store, "a", { response: { contentType: "a/b" } });
  assertEquals(get.enforced, ["response"]);
});
