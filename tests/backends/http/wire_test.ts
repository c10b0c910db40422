import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  keyOf,
  sizeOfNone,
  toBase,
  toEntry,
  urlOf,
} from "../../../backends/http/wire.ts";
import { defineProto } from "../_http/runtime.ts";

Deno.test("HTTP-PATH-004 every key leads to a URL of its own and back", () => {
  const base = toBase("https://x.example/a");
  const segment = fc.string({ minLength: 1, unit: "grapheme" })
    .filter((text) => !/^\.{1,2}$|[/\\\0]/.test(text) && text.isWellFormed());
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1 }), (segments) => {
      const key = segments.join("/");
      const url = urlOf(base, key);
      assertEquals(new URL(url).href, url);
      assertEquals(keyOf(base, url), key);
    }),
    { seed: 32 },
  );
});

Deno.test("HTTP-META-001 the size is the total of a part, and the length of a whole", () => {
  const size = (status: number, headers: HeadersInit) =>
    toEntry(new Response(null, { status, headers })).size;
  assertEquals(size(200, { "content-length": "5" }), 5);
  assertEquals(size(204, {}), 0);
  assertEquals(
    size(206, { "content-range": "bytes 0-0/9", "content-length": "1" }),
    9,
  );
  assertEquals(
    size(206, { "content-range": "bytes 0-0/*", "content-length": "1" }),
    null,
  );
  const none = (headers: HeadersInit) =>
    sizeOfNone({ status: 416, headers: new Headers(headers), text: "" }).size;
  assertEquals([none({ "content-range": "bytes */7" }), none({})], [7, null]);
  assertEquals(size(200, { "content-length": "x" }), null);
});

Deno.test("HTTP-META-001 a cookie is no part of what is known of a file", () => {
  const headers = { "set-cookie": "session=s3cret", "x-own": "1" };
  const { extra } = toEntry(new Response(null, { headers }));
  assertEquals(extra?.["headers"], { "x-own": "1" });
});

Deno.test("HTTP-META-001 no field of an answer is lost by its name", () => {
  using _ = defineProto();
  const headers = new Headers([["__proto__", "a"], ["x-own", "1"]]);
  const { extra } = toEntry(new Response(null, { headers }));
  assertEquals(
    Object.entries(extra?.["headers"] as Record<string, string>).sort(),
    [["__proto__", "a"], ["x-own", "1"]],
  );
});
