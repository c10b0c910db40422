import { assert, assertEquals, assertThrows } from "@std/assert";
import { ContentDigest } from "../../../core/digest.ts";
import { InvalidPathError } from "../../../core/errors.ts";
import {
  conditionFields,
  encodeKey,
  requireKey,
  sizeOf,
  toContentMd5,
  toDigest,
  toEntry,
  toQuery,
  withoutMark,
} from "../../../backends/azure/wire.ts";

Deno.test("KEY-001 encodeKey() encodes all that a URL would change", () => {
  assertEquals(
    encodeKey("a b/+%?#'\"é😀.txt"),
    "a%20b/%2B%25%3F%23%27%22%C3%A9%F0%9F%98%80.txt",
  );
  assertEquals(encodeKey("s/../u"), "s%2F..%2Fu");
  assertEquals(encodeKey("./u"), ".%2Fu");
  assertEquals(encodeKey("a/..b/.c"), "a/..b/.c");
});

Deno.test("KEY-001 requireKey() refuses what the service would change or choke on", () => {
  for (const key of ["a", "a/b.txt", "é", "a".repeat(1024)]) {
    assertEquals(requireKey(key), key);
  }
  const bad = [
    "a\\b",
    "a\u0001",
    "a\tb",
    "\u007f",
    "\u0085",
    "\uffff",
    "a".repeat(1025),
    "a/".repeat(254) + "b",
  ];
  for (const key of bad) {
    assertThrows(() => requireKey(key), InvalidPathError);
  }
});

Deno.test("toQuery() leaves out null and encodes values", () => {
  assertEquals(toQuery({ a: "b c&", d: null, e: 1 }), "?a=b%20c%26&e=1");
  assertEquals(toQuery({ a: null }), "");
});

Deno.test("CAS-001 conditionFields() says the condition", () => {
  const fields = (overwrite: boolean, ifMatch: string | null) =>
    conditionFields({ overwrite, ifMatch });
  assertEquals(fields(true, null), {});
  assertEquals(fields(false, null), { "if-none-match": "*" });
  assertEquals(fields(true, '"a"'), { "if-match": '"a"' });
});

Deno.test("AZ-023 toEntry() fills what the fields say and nulls the rest", () => {
  const bare = toEntry(new Headers(), null);
  assertEquals(Object.values(bare).filter((value) => value !== null), ["file"]);
  const headers = new Headers({
    etag: '"0x1"',
    "last-modified": "Fri, 26 Jun 2026 23:39:12 GMT",
    "content-md5": "XrY7u+Ae7tCTyyK7j1rNww==",
    "content-type": "text/csv",
    "cache-control": "no-store",
    "x-ms-meta-kind": "=?UTF-8?B?w6k=?=",
    "x-ms-meta-hdi_isfolder": "false",
  });
  const entry = toEntry(headers, 3);
  assertEquals(entry.digest?.value, "5eb63bbbe01eeed093cb22bb8f5acdc3");
  assertEquals(entry.metadata, { kind: "é" });
  assertEquals(entry.extra, { cacheControl: "no-store" });
  assertEquals(entry.folderMark, undefined);
});

Deno.test("WR-007 toEntry() takes the whole's digest, never a range's", () => {
  const md5 = "XrY7u+Ae7tCTyyK7j1rNww==";
  const range = { "content-range": "bytes 0-1/3", "content-md5": md5 };
  assertEquals(toEntry(new Headers(range), 3).digest, null);
  const whole = { ...range, "x-ms-blob-content-md5": md5 };
  assertEquals(toEntry(new Headers(whole), 3).digest?.algorithm, "md5");
});

Deno.test("WR-007 toDigest() and toContentMd5() are each other's inverse; what is no MD5 is null", () => {
  const digest = new ContentDigest("md5", "5eb63bbbe01eeed093cb22bb8f5acdc3");
  assertEquals(toContentMd5(digest), "XrY7u+Ae7tCTyyK7j1rNww==");
  assert(digest.equals(toDigest(toContentMd5(digest))));
  for (const bad of [null, "", "AAAA", "no base64!"]) {
    assertEquals(toDigest(bad), null);
  }
});

Deno.test("AZ-008 toEntry() and withoutMark() know the mark", () => {
  const marked = new Headers({ "x-ms-meta-hdi_isfolder": "True" });
  assertEquals(toEntry(marked, 0).folderMark, true);
  assertEquals(withoutMark({ hdi_isfolder: "true" }), null);
  assertEquals(withoutMark({ hdi_isfolder: "true", a: "b" }), { a: "b" });
});

Deno.test("sizeOf() is null where the field is absent", () => {
  assertEquals(sizeOf(new Headers({ "content-length": "5" }), false), 5);
  assertEquals(sizeOf(new Headers(), false), null);
});
