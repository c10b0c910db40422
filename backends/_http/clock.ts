// This module is browser compatible.
import { servedAt } from "./headers.ts";

/** A clock that is more wrong than this makes a signature invalid: services allow 15 minutes. */
const TOLERANCE_MS = 5 * 60_000;

/**
 * The service's time, as far as its answers have told it: what signs asks here and nowhere
 * else. Without a reason to doubt it, the device's own.
 */
export class Clock {
  readonly #now: () => number;
  #skew = 0;
  #before = 0;

  /** @param now The device's time, in milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The service's time, in milliseconds since 1970. */
  now(): number {
    return this.#now() + this.#skew;
  }

  /**
   * Learns from the refusal of a request that was signed at `signed`. Returns whether that
   * explains it.
   *
   * @param told The time in the service's own words; wins over the `Date` of the answer.
   */
  learn(headers: Headers, signed: number, told: number | null = null): boolean {
    const served = told ?? servedAt(headers);
    if (served === null || !(Math.abs(served - signed) > TOLERANCE_MS)) {
      return false;
    }
    const skew = served - this.#now();
    // Who was refused at the same time learns the same, but for milliseconds.
    if (Math.abs(skew - this.#skew) > TOLERANCE_MS) this.#before = this.#skew;
    this.#skew = skew;
    return true;
  }

  /** Takes back what was learned last: it did not help. */
  forget(): void {
    this.#skew = this.#before;
  }
}
