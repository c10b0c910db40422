import { assertEquals } from "@std/assert";
import {
  children,
  elements,
  elementText,
  elementXml,
  escapeXml,
  rootName,
  unescapeXml,
} from "../../../backends/_http/xml.ts";

Deno.test("XML 1.0 §4.1 unescapeXml() resolves entities and both kinds of numbers", () => {
  assertEquals(
    unescapeXml("&lt;a&gt; &amp;amp; &quot;&apos; &#65;&#x1F600;&#xe9;"),
    "<a> &amp; \"' A😀é",
  );
});

Deno.test("XML 1.0 §4.1 unescapeXml() leaves what is no reference", () => {
  for (const text of ["a & b", "&unknown;", "&#x110000;", "&#;", "&"]) {
    assertEquals(unescapeXml(text), text);
  }
});

Deno.test("XML 1.0 escapeXml() and back gives the same text, control characters too", () => {
  const text = "<a b=\"c\" d='e'>&\t\r\n\u0001\u007f é😀";
  assertEquals(unescapeXml(escapeXml(text)), text);
  assertEquals(/[<>"'\r\n]/.test(escapeXml(text)), false);
});

Deno.test("elementText() takes the first element of exactly this name", () => {
  const xml =
    "<A><Names>no</Names><Name x='1'>a&amp;b</Name><Name>c</Name></A>";
  assertEquals(elementText(xml, "Name"), "a&b");
});

Deno.test("elementText() gives an empty text for empty elements, null for absent and open ones", () => {
  assertEquals(elementText("<a><Next /></a>", "Next"), "");
  assertEquals(elementText("<a><Next/></a>", "Next"), "");
  assertEquals(elementText("<a><Next></Next></a>", "Next"), "");
  assertEquals(elementText("<a></a>", "Next"), null);
  assertEquals(elementText("<a><Next>b", "Next"), null);
  assertEquals(elementText("<a><Next", "Next"), null);
});

Deno.test("elementXml() leaves what stands inside as it is", () => {
  assertEquals(elementXml("<a><b>1&amp;2</b></a>", "a"), "<b>1&amp;2</b>");
});

Deno.test("elements() yields each in order, empty ones too, and stops at an open one", () => {
  const xml = "<a><b>1</b><b/><bc>no</bc><b x=''>3</b><b>4";
  assertEquals([...elements(xml, "b")], ["1", "", "3"]);
});

Deno.test("children() yields the top elements, whatever is called alike below them", () => {
  const xml =
    "<Blob><Name>x</Name><Metadata><Blob>user's</Blob></Metadata></Blob><BlobPrefix><Name>y/</Name></BlobPrefix><E/>";
  assertEquals([...children(xml)], [
    {
      name: "Blob",
      inner: "<Name>x</Name><Metadata><Blob>user's</Blob></Metadata>",
    },
    { name: "BlobPrefix", inner: "<Name>y/</Name>" },
    { name: "E", inner: "" },
  ]);
});

Deno.test("children() passes over declarations, comments and attributes", () => {
  const xml = `<?xml version="1.0"?><!-- c --><a b="c">1</a>`;
  assertEquals([...children(xml)], [{ name: "a", inner: "1" }]);
  assertEquals([...children("<a>open")], []);
  assertEquals([...children("")], []);
});

Deno.test("rootName() finds the root behind a byte order mark and a declaration", () => {
  assertEquals(rootName('\uFEFF<?xml version="1.0"?>\n<Error>'), "Error");
  assertEquals(rootName("<Error/>"), "Error");
  assertEquals(rootName("no xml"), null);
});

Deno.test("elements() takes time in proportion to the text", () => {
  const xml = `<a>${"<b><c>1</c></b>".repeat(20_000)}</a>`;
  const started = performance.now();
  let missing = 0;
  for (const inner of elements(xml, "b")) {
    if (elementText(inner, "absent") === null) missing++;
  }
  assertEquals(missing, 20_000);
  const MAX_MILLISECONDS = 2000;
  assertEquals(performance.now() - started < MAX_MILLISECONDS, true);
});
