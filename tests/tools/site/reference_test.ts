import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  named,
  referencePage,
  repaired,
} from "../../../tools/site/reference.ts";

Deno.test("SITE-004: the reference names entries, and its addresses stay", () => {
  const exports = { ".": "./mod.ts", "./backends/s3": "./backends/s3/mod.ts" };
  assertEquals(
    named(
      "<title>Store - mod.ts - x</title><a href=./backends&#x2F;s3&#x2F;mod.ts>backends&#x2F;s3&#x2F;mod.ts</a>",
      exports,
    ),
    "<title>Store - @remote-store&#x2F;core - x</title><a href=./backends&#x2F;s3&#x2F;mod.ts>@remote-store&#x2F;core&#x2F;backends&#x2F;s3</a>",
  );
});

Deno.test("SITE-004: anchors of the reference that are not there are those that are meant", () => {
  const pages = new Map([
    [
      "api/a.html",
      '<a href=".&#x2F;b.html#method_get_0">a</a> <a href="#example_0">b</a> <a href="b.html#gone">c</a> <a href="b.html#methods">d</a> <b id="examples">',
    ],
    ["api/b.html", '<i id="method_get_2"> <i id="methods">'],
  ]);
  assertEquals(
    repaired(pages).get("api/a.html"),
    '<a href=".&#x2F;b.html#method_get_2">a</a> <a href="#examples">b</a> <a href="b.html">c</a> <a href="b.html#methods">d</a> <b id="examples">',
  );
});

Deno.test("SITE-004: the page of the reference leads to each entry and each name", () => {
  const api = [
    { entry: ".", name: "Store", kind: "class", doc: "Files." },
    { entry: "./ext/a", name: "a", kind: "function", doc: "Does it." },
  ];
  const page = referencePage(api, { ".": "./mod.ts", "./ext/a": "./ext/a.ts" });
  for (
    const part of [
      "## @remote-store/core\n",
      "## @remote-store/core/ext/a\n",
      'href="/api/mod.ts/index.html"',
      'href="/api/mod.ts/~/Store.html" target="_self"><code>Store</code></a>',
      'href="/api/ext/a.ts/~/a.html"',
    ]
  ) assertStringIncludes(page, part);
});
