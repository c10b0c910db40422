import { assert, assertEquals } from "@std/assert";
import { s3Signing } from "../../../backends/s3/signing.ts";
import type { SigningQuestion } from "../../../mod.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { formatDelete } from "../../../backends/s3/deleting.ts";
import { sha256Base64 } from "../../../backends/s3/checksums.ts";
import { storeOf } from "./setup.ts";
import { defineProto } from "../_http/runtime.ts";

const fake = new FakeS3();

function read(change: Partial<SigningQuestion>) {
  const service = s3Signing(storeOf(fake), { unsignedFields: undefined });
  return service.read({
    method: "GET",
    url: "http://s3.test/bucket/a",
    headers: {},
    size: 0,
    body: null,
    plan: null,
    expiresIn: null,
    ...change,
  });
}

Deno.test("SIGN-024 an operation is told in the words of the store", async () => {
  const { operations: [write] } = await read({
    method: "PUT",
    size: 3,
    headers: {
      "content-type": "text/plain",
      "x-amz-meta-a": "=?UTF-8?B?w6Q=?=",
      "if-none-match": "*",
      "x-amz-checksum-sha256": `${"A".repeat(43)}=`,
    },
  });
  assertEquals([write?.operation, write?.key, write?.size, write?.create], [
    "write",
    "a",
    3,
    true,
  ]);
  assertEquals([write?.contentType, write?.metadata], ["text/plain", {
    a: "ä",
  }]);
  assertEquals(write?.digest?.value, "0".repeat(64));
  const { operations: [copy] } = await read({
    method: "PUT",
    headers: { "x-amz-copy-source": "/bucket/b" },
  });
  assertEquals([copy?.operation, copy?.key, copy?.sourceKey], [
    "copy",
    "a",
    "b",
  ]);
});

Deno.test("SIGN-024 no metadata is signed that a rule does not see, whatever its key", async () => {
  using _ = defineProto();
  const { operations: [write] } = await read({
    method: "PUT",
    size: 3,
    headers: { "x-amz-meta-__proto__": "a" },
  });
  assertEquals(Object.entries(write?.metadata ?? {}), [["__proto__", "a"]]);
});

Deno.test("SIGN-024 a bulk delete is bound by the hash of its body", async () => {
  const body = formatDelete(["a", "b"]);
  const understood = await read({
    method: "POST",
    url: "http://s3.test/bucket/?delete=",
    headers: {
      "content-type": "application/xml",
      "x-amz-checksum-sha256": await sha256Base64(body),
    },
    size: body.byteLength,
    body,
  });
  assertEquals(understood.operations.map(({ key }) => key), ["a", "b"]);
  const { url, headers } = await understood.sign({ seconds: 60 });
  fake.bucket.put("c", new Uint8Array(1), {});
  const send = async (content: Uint8Array<ArrayBuffer>) => {
    const response = await fake.fetch(url, {
      method: "POST",
      headers,
      body: content,
    });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await send(formatDelete(["a", "c"])), 400);
  assert(fake.bucket.objects.has("c"));
  assertEquals(await send(body), 200);
});
