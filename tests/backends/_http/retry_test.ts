import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  askedWait,
  delayAfter,
  isTransient,
  parseRetryAfter,
  REAL_TIMING,
} from "../../../backends/_http/retry.ts";
import { RetryPolicy } from "../../../mod.ts";

const timing = { ...REAL_TIMING, now: () => 1000, random: () => 0.5 };
const policy = new RetryPolicy({ attempts: 4, minDelay: 100, maxDelay: 250 });

function after(retryAfter: string, fields: HeadersInit = {}): Headers {
  const headers = new Headers(fields);
  headers.set("retry-after", retryAfter);
  return headers;
}

Deno.test("RET-015: which statuses mean later", () => {
  for (const status of [408, 429, 500, 502, 503, 504]) {
    assert(isTransient(status));
  }
  for (const status of [400, 403, 404, 409, 412, 423, 501]) {
    assert(!isTransient(status));
  }
});

Deno.test("RET-001: the bound doubles up to its own, each wait is drawn below it", () => {
  const delays = [1, 2, 3, 4].map((attempt) =>
    delayAfter(attempt, 0, 1000, policy, timing)
  );
  assertEquals(delays, [50, 100, 125, null]);
});

Deno.test("RET-001: a longer Retry-After wins, one beyond the policy ends it", () => {
  const roomy = new RetryPolicy({ minDelay: 100, maxDelay: 5000 });
  assertEquals(delayAfter(1, 2000, 1000, roomy, timing), 2000);
  assertEquals(delayAfter(1, 6000, 1000, roomy, timing), null);
  assertEquals(delayAfter(1, 0, 1000, roomy, timing), 50);
});

Deno.test("RET-001: no wait goes beyond the budget", () => {
  const short = new RetryPolicy({ minDelay: 100, budget: 60 });
  assertEquals(delayAfter(1, 0, 1000, short, timing), 50);
  assertEquals(delayAfter(1, 0, 980, short, timing), null);
});

Deno.test("parseRetryAfter() reads seconds and dates", () => {
  const now = Date.UTC(2026, 10, 21);
  assertEquals(parseRetryAfter(" 3 ", now), 3000);
  assertEquals(parseRetryAfter("Sat, 21 Nov 2026 00:00:05 GMT", now), 5000);
  assertEquals(parseRetryAfter("Sat, 21 Nov 2026 00:00:00 GMT", now + 1), 0);
  for (const value of [null, "", "soon"]) {
    assertEquals(parseRetryAfter(value, now), 0);
  }
});

Deno.test("SIO-005: an abort ends a wait with its reason", async () => {
  const stop = new AbortController();
  const waiting = REAL_TIMING.sleep(60_000, stop.signal);
  stop.abort(new Error("enough"));
  await assertRejects(() => waiting, Error, "enough");
  await assertRejects(() => REAL_TIMING.sleep(1, stop.signal), Error, "enough");
  await REAL_TIMING.sleep(1, new AbortController().signal);
});

Deno.test("DATE-002: a Retry-After that is no date and no number asks for nothing", () => {
  const now = Date.UTC(1990, 0);
  for (const text of ["-1", "1.5", "2000-01-01", "soon", "1e3"]) {
    assertEquals(parseRetryAfter(text, now), 0, text);
  }
});

Deno.test("TIME-005 a Retry-After that is a date is one of the service's clock, whatever the device's says", () => {
  const served = Date.UTC(2026, 10, 30, 12);
  const later = "Mon, 30 Nov 2026 12:00:03 GMT";
  const date = new Date(served).toUTCString();
  const roomy = new RetryPolicy({ minDelay: 100, maxDelay: 5000 });
  for (const skew of [0, -7_200_000, 7_200_000, 400 * 86_400_000]) {
    const here = { ...timing, now: () => served + skew };
    const wait = (headers: Headers) =>
      delayAfter(
        1,
        askedWait(headers, served + skew),
        served + skew,
        roomy,
        here,
      );
    assertEquals(wait(after(later, { date })), 3000, `${skew}`);
    // Of a cache the date is an old one, and without one there is the device's.
    const guess = skew === 0 ? 3000 : skew < 0 ? null : 50;
    assertEquals(wait(after(later, { date, age: "60" })), guess);
    assertEquals(wait(after(later)), guess);
    assertEquals(wait(after("2", { date })), 2000);
    const passed = after("Mon, 30 Nov 2020 12:00:00 GMT", { date });
    assertEquals(wait(passed), 50);
  }
});

Deno.test("TIME-006 no wait is longer than timers wait, as those do not wait at all", () => {
  const endless = new RetryPolicy({
    attempts: 100,
    minDelay: 1e11,
    maxDelay: 1e15,
  });
  const calm = { ...timing, random: () => 0.999 };
  const wait = (attempt: number, asked: number) =>
    delayAfter(attempt, asked, 1000, endless, calm);
  // Thirty days.
  assertEquals(wait(1, askedWait(after("2592000"), 1000)), null);
  assertEquals(wait(1, askedWait(after("9".repeat(400)), 1000)), null);
  for (const attempt of [1, 50]) {
    const delay = wait(attempt, 0);
    assert(delay !== null && delay > 2e9 && delay < 2 ** 31, `${delay}`);
  }
});
