import { assertEquals, assertThrows } from "@std/assert";
import {
  encodeKey,
  formatQuery,
  parseEndpoint,
  requireKey,
} from "../../../backends/s3/endpoint.ts";

const CASES: readonly [
  endpoint: string | undefined,
  bucket: string,
  region: string,
  pathStyle: boolean | undefined,
  bucketUrl: string,
][] = [
  [
    undefined,
    "b-1",
    "eu-west-1",
    undefined,
    "https://b-1.s3.eu-west-1.amazonaws.com",
  ],
  [
    undefined,
    "b.1",
    "eu-west-1",
    undefined,
    "https://s3.eu-west-1.amazonaws.com/b.1",
  ],
  [
    undefined,
    "b-1",
    "us-east-1",
    true,
    "https://s3.us-east-1.amazonaws.com/b-1",
  ],
  [
    undefined,
    "bbb",
    "cn-north-1",
    true,
    "https://s3.cn-north-1.amazonaws.com.cn/bbb",
  ],
  ["minio.test:9000", "b", "x", undefined, "https://minio.test:9000/b"],
  [" http://h:1/base/ ", "b", "x", undefined, "http://h:1/base/b"],
  ["http://h:1/base", "b", "x", false, "http://b.h:1/base"],
  ["https://user:secret@h", "b", "x", undefined, "https://h/b"],
];

for (const [endpoint, bucket, region, pathStyle, bucketUrl] of CASES) {
  Deno.test(`S3-025: ${endpoint} and ${bucket} make ${bucketUrl}`, () => {
    const address = parseEndpoint(endpoint?.trim(), bucket, region, pathStyle);
    assertEquals(address.bucketUrl, bucketUrl);
  });
}

Deno.test("S3-025: an endpoint that is no http URL is refused, without showing it", () => {
  for (const endpoint of ["ftp://h", "http://", "https://a b"]) {
    assertThrows(
      () => parseEndpoint(endpoint, "b", "x", undefined),
      TypeError,
      "no http or https URL",
    );
  }
});

Deno.test("PATH-001: a key is escaped but for what RFC 3986 leaves unreserved", () => {
  assertEquals(
    encodeKey("a/b c+%?#&='!()*~ü\t"),
    "a/b%20c%2B%25%3F%23%26%3D%27%21%28%29%2A~%C3%BC%09",
  );
});

Deno.test("PATH-001: a key of 1024 bytes passes, one more is InvalidPath", () => {
  requireKey("ü".repeat(512));
  assertThrows(() => requireKey("ü".repeat(512) + "a"), Error, "1025 bytes");
});

Deno.test("formatQuery() leaves out what has no value and spells a space %20", () => {
  assertEquals(
    formatQuery({ a: "b c+", d: null, e: "", f: 1 }),
    "?a=b%20c%2B&e=&f=1",
  );
  assertEquals(formatQuery({ a: null }), "");
});

Deno.test("S3-025: a bucket that a URL would change is refused", () => {
  const CHANGED: [string | undefined, string, boolean | undefined][] = [
    ["http://h", "MyBucket", false],
    ["http://127.0.0.1:1", "b", false],
    [undefined, "..", undefined],
    ["http://h/base", ".", undefined],
  ];
  for (const [endpoint, bucket, pathStyle] of CHANGED) {
    assertThrows(
      () => parseEndpoint(endpoint, bucket, "x", pathStyle),
      TypeError,
      "makes no URL",
    );
  }
  const { bucketUrl } = parseEndpoint("http://h", "MyBucket", "x", undefined);
  assertEquals(bucketUrl, "http://h/MyBucket");
});
