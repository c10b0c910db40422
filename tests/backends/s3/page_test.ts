import { assertEquals, assertThrows } from "@std/assert";
import { BackendUnavailableError } from "../../../core/errors.ts";
import { readPage } from "../../../backends/s3/page.ts";

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
