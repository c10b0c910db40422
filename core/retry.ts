// This module is browser compatible.
import { refuse } from "./errors.ts";
import { type KnownOptions, requireKnown } from "./known_options.ts";

/** Options of {@linkcode RetryPolicy}. Durations are milliseconds. */
export interface RetryOptions {
  /**
   * How often a request is sent at most, the first time included.
   *
   * @default {3}
   */
  readonly attempts?: number | undefined;
  /**
   * The bound of the first wait, in milliseconds. It doubles from one wait to the next; each wait is
   * drawn evenly from zero to its bound.
   *
   * @default {1000}
   */
  readonly minDelay?: number | undefined;
  /**
   * The bound of every wait, and the longest `Retry-After` that is obeyed, in
   * milliseconds.
   *
   * @default {60000}
   */
  readonly maxDelay?: number | undefined;
  /**
   * How long a request and its repetitions may take in all, in milliseconds: no wait
   * begins that would go beyond it.
   *
   * @default {Infinity}
   */
  readonly budget?: number | undefined;
}

/**
 * When an HTTP backend repeats a request. What is repeated: network failures, 408,
 * 429, 500, 502, 503, 504, and the service's own words for them. Never repeated: a
 * refusal, a conflict, a lock, and a body that cannot be sent twice.
 *
 * @example Five tries within ten seconds
 * ```ts
 * import { RetryPolicy } from "@remote-store/core";
 * import { assertEquals } from "@std/assert";
 *
 * const policy = new RetryPolicy({ attempts: 5, budget: 10_000 });
 * assertEquals(policy.minDelay, 1000);
 * assertEquals(RetryPolicy.disabled().attempts, 1);
 * ```
 */
export class RetryPolicy {
  /** How often a request is sent at most. */
  readonly attempts: number;
  /** The bound of the first wait, in milliseconds. */
  readonly minDelay: number;
  /** The bound of every wait, in milliseconds. */
  readonly maxDelay: number;
  /** The time for all attempts, in milliseconds. */
  readonly budget: number;

  /**
   * Creates a frozen policy.
   *
   * @throws {InvalidArgumentError} If a number is out of range.
   */
  constructor(options: RetryOptions = {}) {
    requireKnown("create a RetryPolicy", null, options, RETRY);
    const {
      attempts = 3,
      minDelay = 1000,
      maxDelay = 60_000,
      budget = Infinity,
    } = options;
    requireNumber(
      "attempts",
      attempts,
      Number.isSafeInteger(attempts) && attempts >= 1,
    );
    requireNumber("minDelay", minDelay, minDelay >= 0 && minDelay < Infinity);
    requireNumber("maxDelay", maxDelay, maxDelay >= 0 && maxDelay < Infinity);
    requireNumber("budget", budget, budget > 0);
    this.attempts = attempts;
    this.minDelay = minDelay;
    this.maxDelay = maxDelay;
    this.budget = budget;
    Object.freeze(this);
  }

  /** Returns a policy of one attempt. */
  static disabled(): RetryPolicy {
    return new RetryPolicy({ attempts: 1 });
  }

  /** Returns whether all numbers are the same. */
  equals(other: RetryOptions): boolean {
    return this.attempts === other.attempts &&
      this.minDelay === other.minDelay &&
      this.maxDelay === other.maxDelay && this.budget === other.budget;
  }
}

const RETRY: KnownOptions<RetryOptions> = {
  attempts: "number",
  minDelay: "number",
  maxDelay: "number",
  budget: "number",
};

// `ok` is false for NaN, because every comparison with it is.
function requireNumber(name: string, value: unknown, ok: boolean): void {
  if (typeof value === "number" && ok) return;
  refuse("create a RetryPolicy", null, `${name} is ${String(value)}`);
}
