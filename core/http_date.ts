// This module is browser compatible.

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

// Pure, so that a bundle without a backend that parses dates leaves it out.
const FORMS = /* @__PURE__ */ formsOfDates();

// RFC 9110 §5.6.7: the form that is sent, and the two that are only read.
function formsOfDates(): readonly RegExp[] {
  const day = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
  const time = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";
  const month = "(?<month>[A-Z][a-z]{2})";
  return [
    `${day}, (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT`,
    `(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} GMT`,
    `${day} ${month} (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})`,
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
    const found = form.exec(text)?.groups;
    if (found !== undefined) return toTime(found);
  }
  return null;
}

function toTime(found: Record<string, string>): number | null {
  const [year = NaN, day = NaN, hour = NaN, minute = NaN, second = NaN] = [
    "year",
    "day",
    "hour",
    "minute",
    "second",
  ].map((name) => Number(found[name]));
  const at = MONTHS.indexOf(found["month"] ?? "");
  // 60 is a leap second, which is the next minute's first one here.
  if (at % 3 !== 0 || hour > 23 || minute > 59 || second > 60) return null;
  const date = new Date(0);
  date.setUTCFullYear(found["year"]?.length === 2 ? fullYear(year) : year);
  date.setUTCMonth(at / 3, day);
  // A month has no day 0 and no day 31 too many.
  if (date.getUTCMonth() !== at / 3 || date.getUTCDate() !== day) return null;
  return date.setUTCHours(hour, minute, second);
}

// More than 50 years ahead means the last year in the past with these digits.
function fullYear(digits: number): number {
  const now = new Date().getUTCFullYear();
  const year = now - now % 100 + digits;
  return year > now + 50 ? year - 100 : year;
}
