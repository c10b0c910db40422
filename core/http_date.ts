// This module is browser compatible.

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

// Pure, so that a bundle without a backend that parses dates leaves it out.
const FORMS = /* @__PURE__ */ formsOfDates();

// RFC 9110 §5.6.7: the form that is sent, and the two that are only read. Groups by number:
// an object of names costs as much as the rest.
function formsOfDates(): readonly RegExp[] {
  const day = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
  const time = "(\\d\\d):(\\d\\d):(\\d\\d)";
  const month = "([A-Z][a-z]{2})";
  return [
    `${day}, (\\d\\d) ${month} (\\d{4}) ${time} GMT`,
    `(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\\d\\d)-${month}-(\\d\\d) ${time} GMT`,
    `${day} ${month} ([ \\d]\\d) ${time} (\\d{4})`,
  ].map((form) => new RegExp(`^${form}$`));
}

/**
 * Returns an HTTP date (RFC 9110 §5.6.7, all three forms) in milliseconds since 1970;
 * `null` for everything else. `Date.parse` takes `"0"` for the year 2000.
 *
 * @example A date and no date
 * ```ts
 * import { parseHttpDate } from "@remote-store/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"),
 *   Date.UTC(1994, 10, 6, 8, 49, 37),
 * );
 * assertEquals(parseHttpDate("0"), null);
 * ```
 */
export function parseHttpDate(
  value: string | null | undefined,
): number | null {
  const text = value?.trim() ?? "";
  for (const form of FORMS) {
    const found = form.exec(text);
    if (found === null) continue;
    const [, one, two, three, four, five, six] = found as unknown as Found;
    return form === FORMS[2]
      ? toTime(six, one, two, three, four, five)
      : toTime(three, two, one, four, five, six);
  }
  return null;
}

type Found = [string, string, string, string, string, string, string];

function toTime(
  years: string,
  month: string,
  day: string,
  hours: string,
  minutes: string,
  seconds: string,
): number | null {
  const at = MONTHS.indexOf(month);
  // 60 is a leap second, which is the next minute's first one here.
  if (at % 3 !== 0 || +hours > 23 || +minutes > 59 || +seconds > 60) {
    return null;
  }
  // Date.UTC would take the years to 99 for those of a century.
  const date = new Date(0);
  date.setUTCFullYear(
    years.length === 2 ? fullYear(+years) : +years,
    at / 3,
    +day,
  );
  // A month has no day 0 and no day 31 too many.
  return date.getUTCDate() === +day
    ? date.setUTCHours(+hours, +minutes, +seconds)
    : null;
}

// More than 50 years ahead means the last year in the past with these digits.
function fullYear(digits: number): number {
  const now = new Date().getUTCFullYear();
  const year = now - now % 100 + digits;
  return year > now + 50 ? year - 100 : year;
}
