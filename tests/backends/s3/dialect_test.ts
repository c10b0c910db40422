import { assertEquals } from "@std/assert";
import {
  DIALECTS,
  guessDialect,
  writeTag,
} from "../../../backends/s3/dialect.ts";

Deno.test("S3-003: a host name gives its dialect away, an unknown one is trusted with nothing", () => {
  assertEquals(guessDialect("s3.eu-west-1.amazonaws.com").name, "aws");
  assertEquals(guessDialect("s3.cn-north-1.amazonaws.com.cn").name, "aws");
  assertEquals(guessDialect("a.r2.cloudflarestorage.com").name, "r2");
  assertEquals(guessDialect("s3.us-west-004.backblazeb2.com").name, "b2");
  assertEquals(guessDialect("storage.googleapis.com").name, "gcs");
  const { name, conditions } = guessDialect("amazonaws.com.evil.test");
  assertEquals(name, "generic");
  assertEquals(Object.values(conditions).includes(true), false);
});

Deno.test("S3-003: each profile has its own name", () => {
  for (const [name, dialect] of Object.entries(DIALECTS)) {
    assertEquals(dialect.name, name);
  }
});

Deno.test("CAS-001: Ceph gets its ETags without quotes", () => {
  assertEquals(writeTag(DIALECTS.ceph, '"abc"'), "abc");
  assertEquals(writeTag(DIALECTS.aws, '"abc"'), '"abc"');
});
