import { assertEquals, assertThrows } from "@std/assert";
import {
  checkFields,
  READ_FIELDS,
  show,
  sourceKeyOf,
  STORED_FIELDS,
  writeConditions,
} from "../../../backends/s3/asked_fields.ts";
import { DIALECTS } from "../../../backends/s3/dialect.ts";

Deno.test("SIGN-023 a type is one type", () => {
  const isType = STORED_FIELDS["content-type"]!;
  for (
    const type of [
      "text/plain",
      "text/html; charset=utf-8",
      "application/vnd.a+json",
      'a/b; c="d e"',
    ]
  ) {
    assertEquals(isType(type), true, type);
  }
  for (
    const type of ["", "text", "a/b, c/d", "a/b;", "a/b\nc", "ä/b", " a/b"]
  ) {
    assertEquals(isType(type), false, type);
  }
});

Deno.test("SIGN-023 a condition is as the service wants it, and no star", () => {
  const holds = (name: "aws" | "ceph", value: string) =>
    writeConditions(DIALECTS[name])["if-match"]!(value);
  assertEquals([holds("aws", '"a"'), holds("aws", "a"), holds("aws", "*")], [
    true,
    false,
    false,
  ]);
  assertEquals([holds("ceph", "a"), holds("ceph", "*")], [true, false]);
  const isRange = READ_FIELDS["range"]!;
  assertEquals(
    ["bytes=0-1", "bytes=5-", "bytes=-3", "bytes=0-1,3-4", "items=0-1"].map(
      isRange,
    ),
    [true, true, true, false, false],
  );
});

Deno.test("SIGN-023 fields are those that belong, and metadata is metadata", () => {
  checkFields(
    { "x-amz-meta-a": "", "content-type": "a/b" },
    STORED_FIELDS,
    {},
    true,
  );
  assertThrows(
    () => checkFields({ "x-amz-meta-a": "b" }, STORED_FIELDS, {}, false),
    TypeError,
  );
  assertThrows(
    () => checkFields({ constructor: "a" }, STORED_FIELDS, {}, true),
    TypeError,
  );
  assertEquals(show(`ä${"x".repeat(99)}`).length, 66);
});

Deno.test("SIGN-023 the source of a copy is written in one way", () => {
  assertEquals(sourceKeyOf("/b/a%20%C3%A4", "b"), "a ä");
  for (
    const value of [
      "/b/a%20%c3%a4",
      "/b/a b",
      "/b/",
      "/c/a",
      "b/a",
      "/b/%",
      "/b/a?versionId=1",
    ]
  ) {
    assertThrows(() => sourceKeyOf(value, "b"), TypeError);
  }
});
