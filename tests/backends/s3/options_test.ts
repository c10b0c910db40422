import { assertEquals, assertThrows } from "@std/assert";
import { checkOptions, type S3Options } from "../../../backends/s3/options.ts";

const GOOD: S3Options = { bucket: "b", credentials: "anonymous" };

Deno.test("S3-001: the defaults", () => {
  const { partSize, concurrency, checksum, region, dialect } = checkOptions(
    GOOD,
  );
  assertEquals(
    [partSize, concurrency, checksum, region, dialect.name],
    [8 * 1024 * 1024, 4, null, "us-east-1", "aws"],
  );
});

Deno.test("S3-001: the preset for small machines", () => {
  const { partSize, concurrency } = checkOptions({ ...GOOD, preset: "small" });
  assertEquals([partSize, concurrency], [5 * 1024 * 1024, 2]);
});

Deno.test("S3-001: R2 has the region auto", () => {
  const endpoint = "https://x.r2.cloudflarestorage.com";
  const { region, dialect } = checkOptions({ ...GOOD, endpoint });
  assertEquals([region, dialect.name], ["auto", "r2"]);
});

const WRONG: readonly [string, Record<string, unknown>][] = [
  ["a blank bucket", { bucket: " " }],
  ["a bucket with a slash", { bucket: "a/b" }],
  ["a region that is no name", { region: "a b" }],
  ["an unknown dialect", { dialect: "x" }],
  ["an unknown checksum", { checksum: "md5" }],
  ["an unknown preset", { preset: "x" }],
  ["parts that are too small", { partSize: 1 }],
  ["a part size of NaN", { partSize: NaN }],
  ["no concurrency", { concurrency: 0 }],
  ["a retry that is no policy", { retry: 3 }],
  ["a header of the backend's own", { headers: { "If-Match": "x" } }],
  ["a header with a line break", { headers: { "x-amz-acl": "a\nb" } }],
  ["a header named after a prototype", {
    headers: JSON.parse('{"__proto__":"a"}'),
  }],
];

for (const [label, options] of WRONG) {
  Deno.test(`S3-004: ${label} is refused`, () => {
    assertThrows(
      () => checkOptions({ ...GOOD, ...options } as S3Options),
      TypeError,
    );
  });
}

Deno.test("RET-004 S3 takes the options of a policy as well", () => {
  const { retry } = checkOptions({ ...GOOD, retry: { attempts: 5 } });
  assertEquals([retry.attempts, retry.minDelay], [5, 1000]);
});
