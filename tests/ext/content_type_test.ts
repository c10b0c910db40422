import { assertEquals, assertThrows } from "@std/assert";
import { contentTypeOf } from "../../ext/content_type.ts";
import { InvalidPathError } from "../../mod.ts";

Deno.test("SITE-001 contentTypeOf() goes by the last end of the name, in any case, and text is UTF-8", () => {
  const rows: readonly [string, string | null][] = [
    ["a.html", "text/html; charset=utf-8"],
    ["x.y/a.TAR.GZ", "application/gzip"],
    ["a/b.Js", "text/javascript; charset=utf-8"],
    ["a.json", "application/json"],
    ["a.svg", "image/svg+xml"],
    ["a.html/b", null],
    ["html", null],
    [".html", null],
    ["a.", null],
    ["a.exe", null],
    ["a.constructor", null],
    ["a.__proto__", null],
  ];
  for (const [path, type] of rows) {
    assertEquals(contentTypeOf(path), type, path);
  }
  assertThrows(() => contentTypeOf("a/../b.html"), InvalidPathError);
});
