import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  contentFields,
  decodeWords,
  encodeWords,
  etagOf,
  extraFields,
  formatRange,
  metadataFields,
  parseContentRange,
  parseDate,
  parseLength,
  quoteEtag,
  readMetadata,
  TOKEN_REGEXP,
} from "../../../backends/_http/headers.ts";
import { InvalidArgumentError } from "../../../core/errors.ts";
import { defineProto } from "./runtime.ts";

Deno.test("WR-005 quoteEtag() adds quotes where an answer left them out", () => {
  assertEquals(quoteEtag("0x1"), '"0x1"');
  assertEquals(quoteEtag('"0x1"'), '"0x1"');
  assertEquals(quoteEtag('W/"0x1"'), 'W/"0x1"');
  assertEquals([quoteEtag(""), quoteEtag(null)], [null, null]);
});

Deno.test("WR-005 etagOf() is null where CORS rules hide the field", () => {
  assertEquals(etagOf(new Headers()), null);
  assertEquals(etagOf(new Headers({ ETag: '"a"' })), '"a"');
});

Deno.test("BE-015 parseDate() takes HTTP and ISO dates and nothing else", () => {
  const time = Date.UTC(2026, 5, 26, 23, 39, 12);
  assertEquals(parseDate("Fri, 26 Jun 2026 23:39:12 GMT"), time);
  assertEquals(parseDate("2026-06-26T23:39:12Z"), time);
  assertEquals([parseDate("soon"), parseDate(null)], [null, null]);
});

Deno.test("BE-015 parseLength() takes digits and nothing else", () => {
  assertEquals([parseLength("0"), parseLength(" 12 ")], [0, 12]);
  for (const bad of [null, "", "NaN", "-1", "1.5", "1e3", "9".repeat(16)]) {
    assertEquals(parseLength(bad), null);
  }
});

Deno.test("RFC 9110 §14.4 parseContentRange() reads a range, and null for what is none", () => {
  assertEquals(parseContentRange("bytes 0-4/10"), {
    start: 0,
    end: 4,
    size: 10,
  });
  assertEquals(parseContentRange("bytes 5-5/*")?.size, null);
  for (const bad of [null, "", "bytes 0--1/0", "bytes */5", "bytes 4-1/9"]) {
    assertEquals(parseContentRange(bad), null);
  }
});

Deno.test("RFC 9110 §14.2 formatRange() writes the three forms", () => {
  assertEquals(formatRange({ offset: 2 }), "bytes=2-");
  assertEquals(formatRange({ offset: 2, length: 3 }), "bytes=2-4");
  assertEquals(formatRange({ suffix: 5 }), "bytes=-5");
});

Deno.test("WR-003 contentFields() names what was given, by the service's names", () => {
  const headers = {
    contentType: "text/csv",
    cacheControl: null,
    contentDisposition: null,
    contentEncoding: "gzip",
    contentLanguage: null,
  };
  assertEquals(contentFields(headers), {
    "content-type": "text/csv",
    "content-encoding": "gzip",
  });
  assertEquals(contentFields(headers, "x-"), {
    "x-content-type": "text/csv",
    "x-content-encoding": "gzip",
  });
});

Deno.test("WR-003 extraFields() leaves out the type and what is empty", () => {
  const headers = new Headers({
    "content-type": "text/csv",
    "cache-control": "no-store",
    "content-language": "",
  });
  assertEquals(extraFields(headers), { cacheControl: "no-store" });
});

const EXACT = ["", "a", "a b", "a=b;c", "~!@#$%^&*()"];
const ENCODED = [
  "é",
  "😀",
  " a",
  "a ",
  "a  b",
  "a\tb",
  "a\nb",
  "=?UTF-8?B?eA==?=",
  "\u0000",
  "x".repeat(20) + "ü".repeat(200),
  "日本語".repeat(40),
];

Deno.test("WR-011 encodeWords() leaves alone what a header carries exactly", () => {
  for (const value of EXACT) assertEquals(encodeWords(value), value);
});

Deno.test("RFC 2047 encodeWords() and decodeWords() give every text back, in words of 75 characters", () => {
  for (const value of [...EXACT, ...ENCODED]) {
    const sent = encodeWords(value);
    assert(/^[\x20-\x7e]*$/.test(sent), sent);
    assert(sent === value || sent.split(" ").every((w) => w.length <= 75));
    assertEquals(decodeWords(sent), value);
  }
});

Deno.test("RFC 2047 §4.2 decodeWords() reads the Q encoding and other charsets", () => {
  assertEquals(decodeWords("=?UTF-8?Q?caf=C3=A9_noir?="), "café noir");
  assertEquals(decodeWords("=?iso-8859-1?q?caf=E9?="), "café");
});

Deno.test("RFC 2047 decodeWords() leaves what is no encoded word", () => {
  for (const text of ["a =? b", "=?UTF-8?B?%%?=", "=?none-such?B?eA==?="]) {
    assertEquals(decodeWords(text), text);
  }
});

Deno.test("WR-013 metadataFields() lowers keys, and refuses those that a rule forbids or that collide", () => {
  assertEquals(
    metadataFields({ Kind: "é" }, "x-m-", TOKEN_REGEXP, "a rule"),
    { "x-m-kind": "=?UTF-8?B?w6k=?=" },
  );
  assertEquals(metadataFields(null, "x-m-", TOKEN_REGEXP, "a rule"), {});
  assertThrows(
    () => metadataFields({ "a b": "c" }, "x-m-", TOKEN_REGEXP, "a rule"),
    InvalidArgumentError,
    '"a b": a rule',
  );
  assertThrows(
    () => metadataFields({ a: "1", A: "2" }, "x-m-", TOKEN_REGEXP, "a rule"),
    InvalidArgumentError,
    "differs only in case",
  );
});

Deno.test("WR-013 readMetadata() gives back what metadataFields() sent, and null for none", () => {
  const metadata = { title: "é  x", kind: "report" };
  const sent = metadataFields(metadata, "x-m-", TOKEN_REGEXP, "");
  assertEquals(readMetadata(new Headers(sent), "x-m-"), metadata);
  assertEquals(readMetadata(new Headers({ etag: '"a"' }), "x-m-"), null);
});

Deno.test("WR-013 readMetadata() loses no key, whatever other clients have stored", () => {
  using _ = defineProto();
  for (const name of ["__proto__", "constructor", "toString"]) {
    const sent = new Headers([[`x-m-${name}`, "a"], ["x-m-b", "c"]]);
    assertEquals(
      Object.entries(readMetadata(sent, "x-m-") ?? {}).sort(),
      [[name.toLowerCase(), "a"], ["b", "c"]].sort(),
    );
    sent.delete("x-m-b");
    const alone = Object.entries(readMetadata(sent, "x-m-") ?? {});
    assertEquals(alone, [[name.toLowerCase(), "a"]]);
  }
});

Deno.test("DATE-002: parseDate() takes no number for a date", () => {
  for (const text of ["0", "1", "99999", "2026", "11/30/2026", "Nov 30 2026"]) {
    assertEquals(parseDate(text), null, text);
  }
  const time = Date.UTC(2026, 10, 30, 8, 9, 10);
  for (
    const text of [
      "Mon, 30 Nov 2026 08:09:10 GMT",
      "2026-11-30T08:09:10Z",
      "2026-11-30T08:09:10.000Z",
      "2026-11-30T09:09:10+01:00",
    ]
  ) assertEquals(parseDate(text), time, text);
});
