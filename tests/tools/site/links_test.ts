import { assertEquals } from "@std/assert";
import { deadLinks, fileOf } from "../../../tools/site/links.ts";

Deno.test("SITE-003: dead links of a built site are found: pages, anchors, pictures, scripts", () => {
  const pages = new Map([
    [
      "index.html",
      '<a href="/a">a</a> <a class="x" href="./a.html#there">b</a> <a href="in/">c</a>' +
      '<a href="/none">d</a> <a href="/a#none">e</a> <img src="no.png">' +
      '<script src="app.js"></script> <a href="https://example.com/">f</a>' +
      '<a href="#top" id="top">g</a> <link rel="icon" href="/app.js?v=1">',
    ],
    ["a.html", '<h2 id="there">x</h2> <a href="a&#x2F;b">deep</a>'],
    ["in/index.html", '<a href="../a#there">up</a> <a href="/in/x y">z</a>'],
  ]);
  const files = new Set([...pages.keys(), "app.js", "in/x y.html"]);
  assertEquals(deadLinks({ pages, files }), [
    "index.html: /none",
    "index.html: /a#none",
    "index.html: no.png",
    "a.html: a/b",
  ]);
});

Deno.test("SITE-003: an address is answered for by its page, or its folder's", () => {
  const files = new Set(["a.html", "in/index.html", "index.html", "app.js"]);
  assertEquals(
    ["a", "a.html", "in", "in/", "", "app.js", "b"].map((it) =>
      fileOf(it, files)
    ),
    [
      "a.html",
      "a.html",
      "in/index.html",
      "in/index.html",
      "index.html",
      "app.js",
      undefined,
    ],
  );
});
