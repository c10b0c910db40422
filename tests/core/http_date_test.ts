import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseHttpDate } from "../../mod.ts";

const SPRING = Date.UTC(1994, 10, 6, 8, 49, 37);

Deno.test("DATE-001: the three forms of RFC 9110 §5.6.7 are one time", () => {
  for (
    const text of [
      "Sun, 06 Nov 1994 08:49:37 GMT",
      "Sunday, 06-Nov-94 08:49:37 GMT",
      "Sun Nov  6 08:49:37 1994",
      " Sun, 06 Nov 1994 08:49:37 GMT ",
    ]
  ) assertEquals(parseHttpDate(text), SPRING, text);
  assertEquals(
    parseHttpDate("Sat, 31 Dec 2016 23:59:60 GMT"),
    Date.UTC(2017, 0, 1),
  );
});

Deno.test("DATE-001: two digits of a year are no more than 50 years ahead", () => {
  const now = new Date().getUTCFullYear();
  for (const ahead of [0, 50, 51]) {
    const year = now + ahead;
    const digits = String(year % 100).padStart(2, "0");
    const found = parseHttpDate(`Monday, 01-Jan-${digits} 00:00:00 GMT`);
    const expected = ahead > 50 ? year - 100 : year;
    assertEquals(new Date(found ?? NaN).getUTCFullYear(), expected);
  }
});

Deno.test("DATE-001: what is no such date is none, though Date.parse takes it", () => {
  for (
    const text of [
      "",
      "0",
      "1",
      "99999",
      "1994-11-06T08:49:37Z",
      "Sun, 06 Nov 1994 08:49:37",
      "Sun, 06 Nov 1994 08:49:37 UTC",
      "Sun, 6 Nov 1994 08:49:37 GMT",
      "sun, 06 nov 1994 08:49:37 gmt",
      "Sun, 31 Feb 1994 08:49:37 GMT",
      "Sun, 00 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 24:49:37 GMT",
      "Sun, 06 Abc 1994 08:49:37 GMT",
      "Sun, 06 anF 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
      "never",
    ]
  ) assertEquals(parseHttpDate(text), null, text);
  assertEquals([parseHttpDate(null), parseHttpDate(undefined)], [null, null]);
});

Deno.test("DATE-001: what toUTCString() writes comes back, to the second", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 253_402_300_799 }),
    (second) => {
      const text = new Date(second * 1000).toUTCString();
      assertEquals(parseHttpDate(text), second * 1000);
    },
  ));
});
