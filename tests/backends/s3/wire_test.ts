import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DIALECTS } from "../../../backends/s3/dialect.ts";
import {
  conditionFields,
  contentEncoding,
  escapeKeys,
  hiddenFailure,
  isRefusal,
  toCompleteFacts,
  toEntry,
  toError,
  toFacts,
  toMetadataFields,
} from "../../../backends/s3/wire.ts";
import type { RemoteStoreError } from "../../../mod.ts";
import { errorXml } from "../../fakes/s3/answers.ts";

const { aws, ceph } = DIALECTS;

const ERRORS: readonly [status: number, code: string, expected: string][] = [
  [404, "NoSuchKey", "NotFound"],
  [404, "NoSuchBucket", "NotFound"],
  [404, "NoSuchUpload", "RemoteStoreError"],
  [404, "", "NotFound"],
  [403, "AccessDenied", "PermissionDenied"],
  [403, "", "PermissionDenied"],
  [401, "", "PermissionDenied"],
  [403, "SignatureDoesNotMatch", "PermissionDenied"],
  [403, "RequestTimeTooSkewed", "PermissionDenied"],
  [400, "ExpiredToken", "PermissionDenied"],
  [400, "KeyTooLongError", "InvalidPath"],
  [400, "BadDigest", "IntegrityError"],
  [400, "RequestTimeout", "BackendUnavailable"],
  [403, "QuotaExceeded", "QuotaExceeded"],
  [507, "XMinioStorageFull", "QuotaExceeded"],
  [403, "InvalidObjectState", "RemoteStoreError"],
  [408, "", "BackendUnavailable"],
  [429, "", "BackendUnavailable"],
  [500, "InternalError", "BackendUnavailable"],
  [503, "SlowDown", "BackendUnavailable"],
  [504, "", "BackendUnavailable"],
  [412, "PreconditionFailed", "PreconditionFailed"],
  [400, "MalformedXML", "RemoteStoreError"],
  [501, "NotImplemented", "RemoteStoreError"],
];

const failure = (status: number, code: string, headers?: HeadersInit) => ({
  status,
  headers: new Headers(headers),
  text: code === "" ? "" : errorXml(code),
});
const request = { method: "PUT", url: "", headers: {}, body: null };

for (const [status, code, expected] of ERRORS) {
  Deno.test(`S3-015, S3-016, S3-017, S3-018: ${status} ${code || "without a code"} is ${expected}`, () => {
    const error = toError(failure(status, code), request, "b");
    assertEquals((error as RemoteStoreError).code, expected);
  });
}

Deno.test("BE-008: a 412, or a conflict of conditions, to If-None-Match is AlreadyExists", () => {
  const create = { ...request, headers: { "if-none-match": "*" } };
  for (
    const [status, code] of [[412, "PreconditionFailed"], [
      409,
      "ConditionalRequestConflict",
    ]] as const
  ) {
    const error = toError(failure(status, code), create, "b");
    assertEquals((error as RemoteStoreError).code, "AlreadyExists");
  }
});

Deno.test("S3-001: an error names the bucket's region", () => {
  const { message } = toError(
    failure(301, "PermanentRedirect", { "x-amz-bucket-region": "eu-west-3" }),
    request,
    "b",
  );
  assertStringIncludes(message, "eu-west-3");
});

Deno.test("BE-019: an error inside of a 200 is found, behind white space too", () => {
  const response = new Response();
  for (
    const whole of [
      "<CopyObjectResult/>",
      '<?xml version="1.0"?>\n<CopyObjectResult a="b"><ETag>"e"</ETag></CopyObjectResult>\n',
    ]
  ) {
    assertEquals(hiddenFailure(response, whole), null);
  }
  for (
    const none of [
      "",
      " \n",
      "<html><body>Sign in</body></html>",
      "welcome",
      '<CopyObjectResult><ETag>"e"</ETag>',
    ]
  ) {
    assertEquals(hiddenFailure(response, none)?.status, 503, none);
  }
  assertEquals(
    hiddenFailure(response, `\n \n${errorXml("SlowDown")}`)?.status,
    503,
  );
  assertEquals(
    hiddenFailure(response, errorXml("PreconditionFailed"))?.status,
    412,
  );
  for (
    const [code, status] of [
      ["NoSuchUpload", 404],
      ["NoSuchKey", 404],
      ["NoSuchBucket", 404],
      ["NotImplemented", 501],
    ] as const
  ) {
    assertEquals(hiddenFailure(response, errorXml(code))?.status, status);
  }
  assertEquals(hiddenFailure(response, errorXml("AccessDenied"))?.status, 403);
  assertEquals(hiddenFailure(response, errorXml("InvalidPart"))?.status, 400);
});

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

Deno.test("WR-004: what CompleteMultipartUpload answers, or leaves out", () => {
  const facts = toCompleteFacts(
    new Headers({ "x-amz-version-id": "v1" }),
    "<R><ETag>&quot;abc-2&quot;</ETag><ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType></R>",
  );
  assertEquals([facts.etag, facts.versionId], ['"abc-2"', "v1"]);
  assertEquals(facts.digest?.algorithm, "crc64nvme");
  assertEquals(
    toCompleteFacts(new Headers(), "<R><ETag></ETag></R>").etag,
    null,
  );
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
  assertEquals(escapeKeys(metadata, aws), metadata);
  const escaped = escapeKeys(metadata, ceph) ?? {};
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
  const headers = toMetadataFields({ a: "", b: "b" }, aws);
  assert(headers["x-amz-meta-a"] !== "");
  const { metadata } = toEntry(new Response(null, { headers }), aws);
  assertEquals(metadata, { a: "", b: "b" });
});

Deno.test("RET-015: only a refusal says that nothing was done", () => {
  assert(isRefusal("SlowDown"));
  assert(!isRefusal("InternalError"));
});

Deno.test("contentEncoding() knows the framing of an upload", () => {
  assertEquals(
    contentEncoding(new Headers({ "content-encoding": "aws-chunked,gzip" })),
    "gzip",
  );
  assertEquals(contentEncoding(new Headers()), null);
});
