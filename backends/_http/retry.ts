// This module is browser compatible.
import { parseHttpDate } from "../../core/http_date.ts";
import type { RetryPolicy } from "../../core/retry.ts";
import { onAbort } from "../../core/signal.ts";
import { servedAt } from "./headers.ts";

/** Registered statuses from 500 on that do not say "later" (RFC 9110 §15.6 and the registry). */
const FINAL: ReadonlySet<number> = new Set([501, 505, 506, 507, 508, 510, 511]);

/**
 * Returns whether a status means that the same request may succeed later: RFC 9110 §15.5.9,
 * RFC 6585 §4. An unknown one from 500 on is a 500 (RFC 9110 §15), as those that CDNs send.
 */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 ||
    (status >= 500 && status < 600 && !FINAL.has(status));
}

/** The clock and the dice, replaceable by tests. */
export interface Timing {
  /** The time in milliseconds since 1970. */
  now(): number;
  /** A number from 0 up to 1. */
  random(): number;
  /** Waits; rejects with the signal's reason as soon as it is aborted. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void>;
}

/** The real clock and dice. */
export const REAL_TIMING: Timing = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep,
};

/** The longest that timers wait: one that is to wait longer does not wait at all. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Returns how long to wait after the failure of attempt number `attempt` (from 1),
 * or `null` to give up. What the service asks for, in milliseconds, wins over a shorter wait
 * that is drawn; what policy or budget do not allow means giving up.
 */
export function delayAfter(
  attempt: number,
  asked: number,
  started: number,
  policy: RetryPolicy,
  timing: Timing,
): number | null {
  if (attempt >= policy.attempts) return null;
  const most = Math.min(policy.maxDelay, MAX_TIMER_MS);
  const bound = Math.min(most, policy.minDelay * 2 ** (attempt - 1));
  if (asked > most) return null;
  const delay = Math.max(timing.random() * bound, asked);
  return timing.now() - started + delay > policy.budget ? null : delay;
}

/** Returns for how long an answer asks not to be asked again (RFC 9110 §10.2.3), in milliseconds. */
export function askedWait(fields: Headers, now: number): number {
  // A date is one of the service's clock, and the device's may be another.
  return parseRetryAfter(fields.get("retry-after"), servedAt(fields) ?? now);
}

/** Returns a `Retry-After` in milliseconds from now: seconds, or an HTTP date. */
export function parseRetryAfter(value: string | null, now: number): number {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = parseHttpDate(text);
  return date === null ? 0 : Math.max(0, date - now);
}

function sleep(
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      release();
      resolve();
    }, milliseconds);
    const release = onAbort(signal, (reason) => {
      clearTimeout(timer);
      reject(reason);
    });
  });
}
