// This module is browser compatible.

const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const LONG_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day";
const MONTH = "(?<month>[A-Z][a-z]{2})";
const TIME = "(?<time>\\d\\d:\\d\\d:\\d\\d)";

/** The forms of RFC 9110 §5.6.7: what is sent, and two that are still to be understood. */
const FORMS = [
  `${DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT`,
  `${LONG_DAY}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT`,
  `${DAY} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})`,
].map((form) => new RegExp(`^${form}$`));

const FIFTY_YEARS = 50 * 365.25 * 86_400_000;

/**
 * Returns the time that a date in a field names, in milliseconds since 1970; `NaN` where
 * it is none. `Date.parse` takes numbers and much else for dates.
 */
export function timeOf(date: string): number {
  for (const form of FORMS) {
    const found = form.exec(date)?.groups;
    if (found === undefined) continue;
    const { day = "", month, year = "", time } = found;
    const at = (year: string) => {
      const text = `${day.replace(" ", "0")} ${month} ${year} ${time} GMT`;
      const at = Date.parse(text);
      // February 30 and 25 o'clock are none.
      return new Date(at).toUTCString().endsWith(text) ? at : NaN;
    };
    if (year.length === 4) return at(year);
    // Of two digits the year that is less than 50 years ahead.
    const now = new Date();
    const century = Math.floor(now.getUTCFullYear() / 100);
    const near = at(`${century}${year}`);
    return near > now.getTime() + FIFTY_YEARS
      ? at(`${century - 1}${year}`)
      : near;
  }
  return NaN;
}
