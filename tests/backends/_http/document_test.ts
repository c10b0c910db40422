import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { BackendUnavailableError } from "../../../core/errors.ts";
import {
  read,
  readIf,
  rootName,
  text,
} from "../../../backends/_http/document.ts";
import { escapeXml } from "../../../backends/_http/tokens.ts";

Deno.test("XML-002: read() takes the fields that it is asked for, each from its place", () => {
  const xml =
    "<Page><Next>2&amp;3</Next><Items><Item><Name>a</Name><Size>1</Size></Item><Other><Name>no</Name></Other><Item/></Items><Tag>x</Tag><Tag>y</Tag></Page>";
  const found = read(xml, "Page", {
    Next: text,
    Missing: text,
    Items: { Item: [{ Name: text, Size: Number }] },
    Absent: { Name: text },
    Tag: [text],
  });
  assertEquals(found, {
    Next: "2&3",
    Missing: null,
    Items: { Item: [{ Name: "a", Size: 1 }, { Name: null, Size: null }] },
    Absent: null,
    Tag: ["x", "y"],
  });
});

Deno.test("XML-002: read() is not led astray by names that users choose", () => {
  const names = ["Page", "Item", "Name", "Next", "__proto__", "constructor"];
  const own = names.map((name) => `<${name}>${name}!</${name}>`).join("");
  const xml =
    `<Page><Item><Tags>${own}</Tags><Name>a</Name></Item><Item><Name>b</Name></Item><Next/></Page>`;
  const found = read(xml, "Page", {
    Item: [{ Name: text, Tags: { "*": text } }],
    Next: text,
  });
  assertEquals(found.Item.map(({ Name }) => Name), ["a", "b"]);
  assertEquals(found.Next, "");
  assertEquals(
    found.Item[0]?.Tags,
    new Map(names.map((name) => [name, `${name}!`])),
  );
  assertEquals(found.Item[1]?.Tags, null);
});

Deno.test("XML-002: a field sees its element's attributes, and only its own", () => {
  const xml = `<P><N e="1">a</N><N>b</N><Q e="2"/></P>`;
  const both = (own: string, attributes: string) => `${own}|${attributes}`;
  assertEquals(read(xml, "P", { N: [both] }).N, ['a|e="1"', "b|"]);
});

Deno.test("XML-004: read() fails for a document of another kind, and says nothing of what is in it", () => {
  const foreign = [
    "<html><head><title>secret</title></head></html>",
    '{"secret":true}',
    "<Error><Code>secret</Code></Error>",
    "<PageOfMore></PageOfMore>",
    "",
  ];
  for (const document of foreign) {
    const error = assertThrows(
      () => read(document, "Page", {}),
      BackendUnavailableError,
    );
    assert(!error.message.includes("secret"));
    assertEquals(readIf(document, "Page", {}), null);
  }
});

Deno.test("XML-004: read() fails unless the root closes, wherever it was cut off", () => {
  const whole = "<Page><Item>a</Item><Item>b</Item></Page>";
  for (let end = 0; end < whole.length; end++) {
    const cut = whole.slice(0, end);
    assertThrows(
      () => read(cut, "Page", { Item: [text] }),
      BackendUnavailableError,
    );
    assertThrows(() => read(cut, "Page", {}), BackendUnavailableError);
  }
  assertEquals(read(whole, "Page", { Item: [text] }).Item, ["a", "b"]);
});

Deno.test("XML-002: rootName() finds the root behind a byte order mark and a declaration", () => {
  assertEquals(rootName('\uFEFF<?xml version="1.0"?>\n<Error>'), "Error");
  assertEquals(rootName("<Error/>"), "Error");
  assertEquals(rootName("no xml"), null);
  assertEquals(rootName("<!DOCTYPE html><html>"), null);
});

Deno.test("XML-003: any text comes back as it was written, as references or as CDATA", () => {
  const plain = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(fc.array(plain), (texts) => {
      const asText = texts.map((own) => `<T>${escapeXml(own)}</T>`);
      const asData = texts.map((own) =>
        `<T><![CDATA[${own.replaceAll("]]>", "]]]]><![CDATA[>")}]]></T>`
      );
      for (const each of [asText, asData]) {
        const xml = `<P>${each.join("<!-- <T> -->")}</P>`;
        assertEquals(read(xml, "P", { T: [text] }).T, texts);
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("XML-004: no text makes read() fail in another way, or wait", () => {
  const piece = fc.constantFrom(
    ...["<P>", "</P>", "<T>", "</T>", "<T/>", "<T x='", "'>", "<!--", "-->"],
    ...["<![CDATA[", "]]>", "<?", "?>", "&amp;", "&#1;", "a", " ", "<", ">"],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const document = pieces.join("");
      const found = readIf(document, "P", { T: [text], U: { "*": text } });
      if (found !== null) assert(rootName(document) === "P");
      try {
        read(document, "P", { T: [text] });
      } catch (error) {
        assert(error instanceof BackendUnavailableError, `${error}`);
      }
    }),
    { numRuns: 2000 },
  );
});
