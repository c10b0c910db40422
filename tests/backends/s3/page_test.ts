import { assertEquals, assertThrows } from "@std/assert";
import { BackendUnavailableError } from "../../../core/errors.ts";
import { readPage, truth } from "../../../backends/s3/page.ts";
import { scanPage } from "../../../backends/s3/scan.ts";

const page = (inner: string) => `<ListBucketResult>${inner}</ListBucketResult>`;

Deno.test("XML-003: readPage() reads a page however its text is written", () => {
  const { files, folders } = readPage(page(
    "<Contents><!-- <Key>no</Key> --><Key a='b'>a&amp;<![CDATA[<b>]]></Key><Size>&#51;</Size><StorageClass>X</StorageClass></Contents><CommonPrefixes><Prefix>c/</Prefix></CommonPrefixes><Contents><Key>d/</Key></Contents>",
  ));
  assertEquals(files.map(({ key, size, extra }) => [key, size, extra]), [
    ["a&<b>", 3, { storageClass: "X" }],
    ["d/", null, null],
  ]);
  assertEquals(folders, ["c/"]);
});

Deno.test("XML-004: readPage() fails for a page that is cut off at any place, and for none", () => {
  const whole = page("<Contents><Key>a</Key></Contents>");
  const cut = Array.from(whole, (_, end) => whole.slice(0, end));
  for (const xml of [...cut, "<html></html>", "{}", "<Error/>"]) {
    assertThrows(() => readPage(xml), BackendUnavailableError, "", xml);
  }
});

Deno.test("ANS-009 half of a listing is never taken for all of it, however it is written that more follows", () => {
  const next = "<NextContinuationToken>t</NextContinuationToken>";
  const file = "<Contents><Key>a</Key></Contents>";
  const cursor = (said: string, token = next) => {
    const xml = page(`${said}${file}${token}`);
    const { cursor } = readPage(xml);
    assertEquals(scanPage(xml)?.cursor, cursor, xml);
    return cursor;
  };
  const said = (word: string) => `<IsTruncated>${word}</IsTruncated>`;
  for (const word of ["true", "True", " true\n", "TRUE"]) {
    assertEquals(cursor(said(word)), "t");
  }
  // Where nothing is said, a token is said for something.
  assertEquals(cursor(""), "t");
  assertEquals(cursor("", ""), null);
  for (const word of ["false", "False", "false "]) {
    assertEquals(cursor(said(word)), null);
    assertEquals(cursor(said(word), ""), null);
  }
  for (const word of ["", "yes", "1", "truefalse", "null"]) {
    const xml = page(`${said(word)}${file}`);
    assertThrows(() => readPage(xml), BackendUnavailableError, "goes on");
    assertEquals(scanned(xml), null);
    assertThrows(() => truth(word), BackendUnavailableError, "goes on");
  }
});

// The fast way hands over what it does not know, and fails with nothing of its own.
function scanned(xml: string): unknown {
  try {
    return scanPage(xml);
  } catch (error) {
    if (error instanceof BackendUnavailableError) return null;
    throw error;
  }
}
