/**
 * Clocks that differ.
 *
 * @module
 */

const MINUTE = 60_000;

/** Differences that services refuse: quarter of an hour is the most that they take. */
const OFFSETS = [-180, -65, -20, 20, 65, 180];

/** Returns a time that is far off, as an HTTP date and in ISO 8601. */
export function wrongTime(
  random: (limit: number) => number,
): { http: string; iso: string } {
  const offset = (OFFSETS[random(OFFSETS.length)] ?? 0) * MINUTE;
  const date = new Date(Date.now() + offset);
  return { http: date.toUTCString(), iso: date.toISOString() };
}
