// This module is browser compatible.

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

// Pure, so that a bundle without a backend that parses dates leaves it out.
const FORMS = /* @__PURE__ */ formsOfDates();

// RFC 9110 §5.6.7: the form that is sent, and the two that are only read.
function formsOfDates(): readonly [sent: RegExp, day: RegExp, bare: RegExp] {
  const day = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
  const time = "(\\d\\d:\\d\\d:\\d\\d)";
  const month = "([A-Z][a-z]{2})";
  const whole = (form: string) => new RegExp(`^${form}$`);
  return [
    whole(`${day}, \\d\\d ${month} \\d{4} ${time} GMT`),
    whole(
      `(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\\d\\d)-${month}-(\\d\\d) ${time} GMT`,
    ),
    whole(`${day} ${month} ([ \\d]\\d) ${time} (\\d{4})`),
  ];
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
  if (FORMS[0].test(text)) return toTime(text);
  const [, day, month, digits, time] = FORMS[1].exec(text) ?? [];
  if (digits !== undefined) {
    return toTime(`Day, ${day} ${month} ${fullYear(+digits)} ${time}`);
  }
  const [, name, date, clock, year] = FORMS[2].exec(text) ?? [];
  return date === undefined
    ? null
    : toTime(`Day, ${date.replace(" ", "0")} ${name} ${year} ${clock}`);
}

/** The calendar repeats itself after so many years, which are so many days. */
const CYCLE_YEARS = 400;
const CYCLE_DAYS = 146_097;
const DAY_MS = 86_400_000;

// By place in the form that is sent: groups of an expression and a Date cost five times as
// much, with every answer.
function toTime(text: string): number | null {
  const at = MONTHS.indexOf(text.slice(8, 11));
  const day = pair(text, 5);
  const hours = pair(text, 17);
  const minutes = pair(text, 20);
  const seconds = pair(text, 23);
  // 60 is a leap second, which is the next minute's first one here.
  if (at % 3 !== 0 || hours > 23 || minutes > 59 || seconds > 60) return null;
  // A cycle late: Date.UTC would take the years to 99 for those of a century.
  const year = pair(text, 12) * 100 + pair(text, 14) + CYCLE_YEARS;
  const date = Date.UTC(year, at / 3) + (day - 1) * DAY_MS;
  // A month has no day 0 and no day 31 too many.
  return day > 0 && date < Date.UTC(year, at / 3 + 1)
    ? date - CYCLE_DAYS * DAY_MS +
      ((hours * 60 + minutes) * 60 + seconds) * 1000
    : null;
}

// The number that two digits write.
function pair(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
}

// More than 50 years ahead means the last year in the past with these digits.
function fullYear(digits: number): number {
  const now = new Date().getUTCFullYear();
  const year = now - now % 100 + digits;
  return year > now + 50 ? year - 100 : year;
}
