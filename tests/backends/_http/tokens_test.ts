import { assertEquals, assertThrows } from "@std/assert";
import { BackendUnavailableError } from "../../../core/errors.ts";
import {
  escapeXml,
  Tokens,
  unescapeXml,
} from "../../../backends/_http/tokens.ts";
import { inTime } from "../../in_time.ts";

/** Returns an element as its name, attributes and what is inside, all the way down. */
function outline(tokens: Tokens): unknown {
  const { name, attributes } = tokens;
  const children: unknown[] = [];
  while (tokens.child()) children.push(outline(tokens));
  return attributes === "" ? [name, children] : [name, attributes, children];
}

function outlineOf(xml: string): unknown {
  const tokens = new Tokens(xml);
  tokens.root();
  const found = outline(tokens);
  tokens.end();
  return found;
}

function textOf(xml: string): string {
  const tokens = new Tokens(xml);
  tokens.root();
  const text = tokens.text();
  tokens.end();
  return text;
}

Deno.test("XML-001: unescapeXml() resolves the five entities and both kinds of numbers (XML 1.0 §4.1)", () => {
  assertEquals(
    unescapeXml("&lt;a&gt; &amp;amp; &quot;&apos; &#65;&#x1F600;&#xe9;"),
    "<a> &amp; \"' A😀é",
  );
});

Deno.test("XML-001: unescapeXml() leaves what is no reference", () => {
  const none = ["a & b", "&unknown;", "&#x110000;", "&#;", "&", "&valueOf;"];
  for (const text of none) assertEquals(unescapeXml(text), text);
});

Deno.test("XML-001: escapeXml() and back gives the same text, control characters too", () => {
  const text = "<a b=\"c\" d='e'>&\t\r\n\u0001\u007f é😀";
  assertEquals(unescapeXml(escapeXml(text)), text);
  assertEquals(/[<>\r\n]/.test(escapeXml(text)), false);
});

Deno.test("XML-001: escapeXml() leaves quotes as they are: text needs no escape of them", () => {
  assertEquals(escapeXml('"9b2cf535f27731c974"'), '"9b2cf535f27731c974"');
  assertEquals(escapeXml("it's"), "it's");
});

Deno.test("XML-002: elements are found at their own depth, whatever is called alike below them", () => {
  assertEquals(outlineOf("<a><b><a/><b>x</b></b><c />t<b\n></b\n></a>"), [
    "a",
    [["b", [["a", []], ["b", []]]], ["c", []], ["b", []]],
  ]);
});

Deno.test("XML-002: a declaration, a byte order mark, space, comments and instructions stand where they may", () => {
  const xml =
    "\uFEFF<?xml version='1.0'?>\n<!-- <a> -->\r\n<a><!-- </a> --><?x <b>?><b/></a>\t<!-- end --> ";
  assertEquals(outlineOf(xml), ["a", [["b", []]]]);
});

Deno.test("XML-002: attributes may hold what looks like an end", () => {
  assertEquals(outlineOf(`<a><b x="1>2" y='/>'>c</b><d x = "/" /></a>`), [
    "a",
    [["b", `x="1>2" y='/>'`, []], ["d", 'x = "/"', []]],
  ]);
});

Deno.test("XML-003: text is what stands in an element, CDATA as it is, comments and elements left out", () => {
  assertEquals(textOf("<a> 1 &lt; 2\n</a>"), " 1 < 2\n");
  assertEquals(
    textOf("<a>1<!-- & -->&amp;<![CDATA[<b>&amp;]]>2<b>no</b>3<c/>4</a>"),
    "1&<b>&amp;234",
  );
  for (const empty of ["<a/>", "<a />", "<a></a>", "<a><!-- c --></a>"]) {
    assertEquals(textOf(empty), "");
  }
});

Deno.test("XML-004: whatever is cut off at any place is an error, and no shorter document", () => {
  const whole =
    `<?xml version="1.0"?><a x="1"><b>1 &amp; 2</b><!-- c --><d/><e><![CDATA[x]]>y</e></a>`;
  for (let end = 0; end < whole.length; end++) {
    const part = whole.slice(0, end);
    assertThrows(() => outlineOf(part), BackendUnavailableError, "answer");
    assertThrows(() => textOf(part), BackendUnavailableError);
    assertThrows(() => {
      const tokens = new Tokens(part);
      tokens.root();
      tokens.skip();
    }, BackendUnavailableError);
  }
});

Deno.test("XML-004: what is no XML of a service is an error", () => {
  const foreign = [
    "",
    " \n",
    "\uFEFF",
    '{"error":{}}',
    "welcome <a/>",
    "<!DOCTYPE html><html></html>",
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "<a/><b/>",
    "<a></a>more",
    "<a><b></a></b>",
    "<a></b>",
    "<a><></a>",
    "<a>< b/></a>",
    "<a <b></a>",
    "</a>",
    "<a><![CDATA[</a>",
    "<a><!ELEMENT b></a>",
  ];
  for (const xml of foreign) {
    assertThrows(() => outlineOf(xml), BackendUnavailableError, "", xml);
  }
});

Deno.test("XML-005: depth and length have limits", () => {
  const nested = (depth: number) => "<a>".repeat(depth) + "</a>".repeat(depth);
  const tokens = new Tokens(nested(100));
  tokens.root();
  tokens.skip();
  tokens.end();
  assertThrows(
    () => {
      const deep = new Tokens(nested(101));
      deep.root();
      deep.skip();
    },
    BackendUnavailableError,
    "too deep",
  );
  const MAX = 128 * 1024 * 1024;
  assertThrows(
    () => new Tokens(" ".repeat(MAX + 1)),
    BackendUnavailableError,
    "too long",
  );
});

Deno.test("XML-005: time is in proportion to the text, also where every element is cut off", async () => {
  await inTime(2000, () => {
    outlineOf(`<a>${"<b><c>1</c></b>".repeat(20_000)}</a>`);
    for (const open of ["<b x='", "<!--", "<![CDATA[", "<b>", "&"]) {
      const xml = `<a>${open.repeat(20_000)}`;
      assertThrows(() => outlineOf(xml), BackendUnavailableError);
      assertThrows(() => textOf(xml), BackendUnavailableError);
    }
  });
});
