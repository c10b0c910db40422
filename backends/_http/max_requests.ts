// This module is browser compatible.

/** How many requests a store has under way at once, where nothing is said. */
const DEFAULT = 64;

/** The same with the preset `small`. */
export const SMALL = 6;

/**
 * Returns how many requests may be under way at once. In Workers any number: there the
 * platform holds each request to six of its own, and one must not wait for another.
 *
 * @param refuse Throws.
 */
export function toMaxRequests(
  value: number = DEFAULT,
  refuse: (why: string) => never,
): number {
  const whole = Number.isSafeInteger(value) && value >= 1;
  if (!whole && value !== Infinity) {
    refuse("maxRequests is no whole number from 1 on, and not Infinity");
  }
  return "WebSocketPair" in globalThis ? Infinity : value;
}
