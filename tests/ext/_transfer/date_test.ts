import { assertEquals } from "@std/assert";
import { timeOf } from "../../../ext/_transfer/date.ts";

const AT = Date.UTC(1994, 10, 6, 8, 49, 37);

Deno.test("XFER-018 the three forms of a date in a field are understood", () => {
  for (
    const date of [
      "Sun, 06 Nov 1994 08:49:37 GMT",
      "Sunday, 06-Nov-94 08:49:37 GMT",
      "Sun Nov  6 08:49:37 1994",
    ]
  ) {
    assertEquals(timeOf(date), AT, date);
  }
  assertEquals(
    timeOf("Wed Nov 16 08:49:37 1994"),
    Date.UTC(1994, 10, 16, 8, 49, 37),
  );
  const now = new Date();
  assertEquals(timeOf(now.toUTCString()), Math.floor(+now / 1000) * 1000);
});

Deno.test("XFER-018 of two digits the year is the nearest one that is not 50 years ahead", () => {
  const year = new Date().getUTCFullYear();
  for (const ahead of [-49, -10, 0, 10, 49]) {
    const digits = `${year + ahead}`.slice(2);
    const date = `Monday, 01-Feb-${digits} 00:00:00 GMT`;
    assertEquals(new Date(timeOf(date)).getUTCFullYear(), year + ahead, date);
  }
});

Deno.test("XFER-018 nothing else is a date", () => {
  for (
    const text of [
      "",
      "0",
      "99999",
      "1",
      "2000",
      "yesterday",
      "1994-11-06T08:49:37Z",
      "Sun, 6 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37",
      "Sun, 06 Nov 1994 08:49:37 UTC",
      "Sun, 06 Nov 1994 08:49:37 +0100",
      "sun, 06 nov 1994 08:49:37 gmt",
      "Sun, 30 Feb 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 25:00:00 GMT",
      "Sun, 06 Noz 1994 08:49:37 GMT",
      " Sun, 06 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
    ]
  ) {
    assertEquals(timeOf(text), NaN, text);
  }
});
