import { assertEquals, assertThrows } from "@std/assert";
import { readAsked } from "../../../backends/s3/asked.ts";
import { S3Connection } from "../../../backends/s3/connection.ts";
import { toSigning } from "../../../backends/s3/sigv4.ts";
import type { S3Options } from "../../../backends/s3/mod.ts";
import type { SigningQuestion } from "../../../mod.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf } from "./setup.ts";

function read(
  change: Partial<SigningQuestion>,
  options: Partial<S3Options> = {},
) {
  const connection = new S3Connection(
    optionsOf(new FakeS3(), options),
    toSigning,
  );
  return readAsked({
    method: "GET",
    url: "http://s3.test/bucket/a",
    headers: {},
    size: 0,
    body: null,
    plan: null,
    expiresIn: null,
    ...change,
  }, connection);
}

Deno.test("SIGN-021 a question is taken apart by the shape of its operation", () => {
  assertEquals(read({ url: "http://s3.test/bucket/a%20b/%C3%A4" }), {
    name: "get",
    key: "a b/ä",
    query: {},
    headers: {},
    url: "http://s3.test/bucket/a%20b/%C3%A4",
  });
  assertEquals(
    read({
      method: "PUT",
      size: 1,
      url: "http://s3.test/bucket/a?partNumber=2&uploadId=%2B",
    }).query,
    { partNumber: "2", uploadId: "+" },
  );
  for (const more of ["", "&part-number-marker=1000"]) {
    const listed = read({ url: `http://s3.test/bucket/a?uploadId=A${more}` });
    assertEquals(listed.name, "parts");
  }
  assertEquals(
    read({ method: "PUT", headers: { "x-amz-copy-source": "/bucket/b" } }).name,
    "copy",
  );
});

Deno.test("SIGN-021 fields of the handler's own options are added, and none is another", () => {
  const options = { headers: { "x-amz-storage-class": "STANDARD_IA" } };
  const put = { method: "PUT", size: 1 };
  const { headers } = read(put, options);
  assertEquals(headers, options.headers);
  assertEquals(
    read({ ...put, headers: options.headers }, options).headers,
    options.headers,
  );
  assertThrows(
    () =>
      read({ ...put, headers: { "x-amz-storage-class": "GLACIER" } }, options),
    TypeError,
    "another value",
  );
  assertEquals(read({}, options).headers, {});
});

Deno.test("SIGN-021 the host may hold the bucket, and the endpoint a path", () => {
  const inHost = { endpoint: "http://s3.test/base", pathStyle: false };
  assertEquals(read({ url: "http://bucket.s3.test/base/a" }, inHost).key, "a");
  assertThrows(
    () => read({ url: "http://bucket.s3.test/a" }, inHost),
    TypeError,
  );
});
