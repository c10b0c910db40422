import { assertEquals } from "@std/assert";
import { compareNames } from "../../core/name_order.ts";

const ENCODER = new TextEncoder();

function byBytes(one: string, other: string): number {
  const [a, b] = [ENCODER.encode(one), ENCODER.encode(other)];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    if (a[at] !== b[at]) return a[at]! - b[at]!;
  }
  return a.length - b.length;
}

Deno.test("FROM-004 names are compared as their UTF-8 bytes are", () => {
  const names = ["", "a", "a-b", "a/", "a/b", "a0", "ab", "\u00e9", "\ud7ff"];
  names.push("\ue000", "\uffff", "\u{10000}", "\u{10ffff}", "a\u{1f600}");
  names.push("a\uff21", "a\u{1f600}b", "a\u{1f601}");
  for (const one of names) {
    for (const other of names) {
      assertEquals(
        Math.sign(compareNames(one, other)),
        Math.sign(byBytes(one, other)),
        JSON.stringify([one, other]),
      );
    }
  }
  // The order of code units is another one.
  assertEquals("\uffff" > "\u{10000}", true);
  assertEquals(compareNames("\uffff", "\u{10000}") < 0, true);
});
