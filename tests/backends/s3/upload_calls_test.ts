import { assertEquals, assertRejects } from "@std/assert";
import { S3Connection } from "../../../backends/s3/connection.ts";
import { toSigning } from "../../../backends/s3/sigv4.ts";
import { formatParts, UploadCalls } from "../../../backends/s3/upload_calls.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { optionsOf } from "./setup.ts";

const PLAN = {
  size: 5,
  partSize: 2,
  create: true,
  ifMatch: null,
  contentType: null,
  source: null,
};

function callsOver(fake: FakeS3) {
  const connection = new S3Connection(optionsOf(fake), toSigning);
  return new UploadCalls(connection, "a", PLAN, { text: null });
}

Deno.test("UPL-001 the requests of an upload carry its promise, and the sizes of the parts behind", async () => {
  const calls = callsOver(new FakeS3());
  await calls.open({}, "write", undefined);
  const call = calls.partCall(1, Uint8Array.of(1, 2), null);
  assertEquals(call.plan, PLAN);
  assertEquals(
    call.ahead?.().map(({ query, size }) => [query?.["partNumber"], size]),
    [[2, 2], [3, 1]],
  );
  const checked = calls.partCall(1, Uint8Array.of(1, 2), "hash");
  assertEquals(checked.headers, { "x-amz-checksum-sha256": "hash" });
});

Deno.test("UPL-010 the service lists parts in pages, and says when an upload is gone", async () => {
  const fake = new FakeS3({ pageSize: 2 });
  const calls = callsOver(fake);
  await calls.open({}, "write", undefined);
  for (const number of [1, 2, 3]) {
    await calls.part(number, Uint8Array.of(number), null, undefined);
  }
  const numbers: (string | null)[] = [];
  for (let marker: string | null = null;;) {
    const answer = await calls.list(marker, undefined);
    if (answer.outcome === "refused") throw answer.error;
    const { Part, IsTruncated, NextPartNumberMarker } = answer.value.found;
    numbers.push(...Part.map(({ PartNumber }) => PartNumber));
    if (!IsTruncated) break;
    marker = NextPartNumberMarker;
  }
  assertEquals(numbers, ["1", "2", "3"]);
  assertEquals(await calls.isOpen(undefined), true);
  await calls.abort(undefined);
  assertEquals(await calls.isOpen(undefined), false);
  assertEquals((await calls.list(null, undefined)).outcome, "refused");
});

Deno.test("UPL-001 a completion names each part with what the service calls it", () => {
  assertEquals(
    formatParts([{ etag: '"a"', sha256: null }, { etag: '"b"', sha256: "c" }]),
    '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
      '<Part><PartNumber>1</PartNumber><ETag>"a"</ETag></Part>' +
      '<Part><PartNumber>2</PartNumber><ETag>"b"</ETag>' +
      "<ChecksumSHA256>c</ChecksumSHA256></Part></CompleteMultipartUpload>",
  );
});

Deno.test("UPL-007 a call that is aborted before it opens an upload opens none", async () => {
  const fake = new FakeS3();
  await assertRejects(() =>
    callsOver(fake).open({}, "write", AbortSignal.abort(new Error("enough")))
  );
  assertEquals(fake.bucket.uploads.size, 0);
});
