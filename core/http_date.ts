// This module is browser compatible.

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

// Pure, so that a bundle without a backend that parses dates leaves it out.
const FORMS = /* @__PURE__ */ formsOfDates();

// RFC 9110 §5.6.7: the form that is sent, and the two that are only read.
function formsOfDates(): readonly RegExp[] {
  const day = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
  const time = "\\d\\d:\\d\\d:\\d\\d";
  const month = "[A-Z][a-z]{2}";
  return [
    `${day}, \\d\\d ${month} \\d{4} ${time} GMT`,
    `(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \\d\\d-${month}-\\d\\d ${time} GMT`,
    `${day} ${month} [ \\d]\\d ${time} \\d{4}`,
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
  const form = FORMS.findIndex((form) => form.test(text));
  const day = text.indexOf(" ") + 1;
  return form < 0
    ? null
    : form < 1
    ? toTime(text, +text.slice(12, 16), 8, 5, 17)
    : form < 2
    ? toTime(text, fullYear(pair(text, day + 7)), day + 3, day, day + 10)
    : toTime(text, +text.slice(20), 4, 8, 11);
}

// The calendar repeats itself after 400 years.
const CYCLE_MS = 12_622_780_800_000;
const DAY_MS = 86_400_000;

// By place: groups of an expression and a Date cost three times as much, with every answer.
function toTime(
  text: string,
  year: number,
  month: number,
  day: number,
  time: number,
): number | null {
  const at = MONTHS.indexOf(text.slice(month, month + 3));
  const date = pair(text, day);
  const hours = pair(text, time);
  const minutes = pair(text, time + 3);
  const seconds = pair(text, time + 6);
  // A cycle late: Date.UTC would take the years to 99 for those of a century.
  const start = (months: number) => Date.UTC(year + 400, months) - CYCLE_MS;
  const midnight = start(at / 3) + (date - 1) * DAY_MS;
  // 60 is a leap second, which is the next minute's first one here. A month has no day 0
  // and no day 31 too many.
  return at % 3 !== 0 || hours > 23 || minutes > 59 || seconds > 60 ||
      date < 1 || midnight >= start(at / 3 + 1)
    ? null
    : midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

// The number that two characters write, the first of which may be a space.
function pair(text: string, at: number): number {
  return +text.slice(at, at + 2);
}

// More than 50 years ahead means the last year in the past with these digits.
function fullYear(digits: number): number {
  const now = new Date().getUTCFullYear();
  const year = now - now % 100 + digits;
  return year > now + 50 ? year - 100 : year;
}
