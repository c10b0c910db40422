import { assert, assertEquals } from "@std/assert";
import { DIALECTS } from "../../../backends/s3/dialect.ts";
import {
  conditionFields,
  escapeKeys,
  factsOf,
  toCompleteFacts,
  toEntry,
  toFacts,
  toMetadataFields,
} from "../../../backends/s3/wire.ts";

const { aws, ceph } = DIALECTS;

Deno.test("S3-023: an entry has what the headers say, and null for the rest", () => {
  const entry = toEntry(
    new Response(null, {
      headers: {
        "content-length": "5",
        etag: '"e"',
        "last-modified": "Sat, 21 Nov 2026 04:00:00 GMT",
        "x-amz-meta-a": "=?UTF-8?B?w7w=?=",
        "content-encoding": "aws-chunked",
        "x-amz-checksum-sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "x-amz-storage-class": "STANDARD_IA",
      },
    }),
    aws,
  );
  assertEquals(entry.size, 5);
  assertEquals(entry.lastModified, Date.UTC(2026, 10, 21, 4));
  assertEquals(entry.metadata, { a: "ü" });
  assertEquals(entry.digest?.algorithm, "sha256");
  assertEquals(entry.extra, { storageClass: "STANDARD_IA" });
  const bare = toEntry(new Response(), aws);
  assertEquals([bare.size, bare.etag, bare.metadata, bare.extra], [
    null,
    null,
    null,
    null,
  ]);
});

Deno.test("S3-024: a checksum of checksums is no digest", () => {
  const headers = {
    "x-amz-checksum-type": "COMPOSITE",
    "x-amz-checksum-crc32": "AAAAAA==",
  };
  assertEquals(toFacts(new Headers(headers)).digest, null);
  assertEquals(
    toFacts(new Headers({ "x-amz-checksum-crc32": "AAAAAA==-2" })).digest,
    null,
  );
});

Deno.test("WR-004: what CompleteMultipartUpload answers, or leaves out", async () => {
  const facts = await toCompleteFacts(
    new Response(
      "<CompleteMultipartUploadResult><ETag>&quot;abc-2&quot;</ETag><ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType></CompleteMultipartUploadResult>",
      { headers: { "x-amz-version-id": "v1" } },
    ),
  );
  assertEquals([facts.etag, facts.versionId], ['"abc-2"', "v1"]);
  assertEquals(facts.digest?.algorithm, "crc64nvme");
  const without = await toCompleteFacts(
    new Response(
      "<CompleteMultipartUploadResult><ETag></ETag></CompleteMultipartUploadResult>",
    ),
  );
  assertEquals(without.etag, null);
});

Deno.test("CAS-001: conditions as header fields", () => {
  assertEquals(conditionFields({ overwrite: false, ifMatch: null }, aws), {
    "if-none-match": "*",
  });
  assertEquals(conditionFields({ overwrite: true, ifMatch: null }, aws), {});
  assertEquals(conditionFields({ overwrite: true, ifMatch: '"e"' }, ceph), {
    "if-match": "e",
  });
});

Deno.test("WR-013: a key that the service would change is escaped and comes back", () => {
  const metadata = { "a_b": "1", "c%5f": "2" };
  assertEquals(escapeKeys(metadata, aws, "parts"), metadata);
  const escaped = escapeKeys(metadata, ceph, "put") ?? {};
  assertEquals(escaped, { "a%5fb": "1", "c%255f": "2" });
  const headers = new Headers();
  for (const [key, value] of Object.entries(escaped)) {
    headers.set(`x-amz-meta-${key}`, value);
  }
  assertEquals(
    toEntry(new Response(null, { headers }), ceph).metadata,
    metadata,
  );
});

Deno.test("WR-013: an empty value travels as a word of nothing", () => {
  const headers = toMetadataFields({ a: "", b: "b" }, aws, "put");
  assert(headers["x-amz-meta-a"] !== "");
  const { metadata } = toEntry(new Response(null, { headers }), aws);
  assertEquals(metadata, { a: "", b: "b" });
});

Deno.test("RET-015: what is found is what its write would have answered", () => {
  const response = new Response(null, {
    headers: { etag: '"e"', "x-amz-version-id": "v1", expires: "0" },
  });
  const entry = toEntry(response, aws);
  assertEquals(factsOf(entry), {
    etag: '"e"',
    versionId: "v1",
    lastModified: null,
    digest: null,
  });
  assertEquals(entry.extra, { versionId: "v1", expires: "0" });
  const unversioned = { ...entry, extra: { versionId: "null" } };
  assertEquals(factsOf(unversioned).versionId, null);
});
