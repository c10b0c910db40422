import { assert, assertEquals } from "@std/assert";
import { Clock } from "../../../backends/_http/clock.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const HOUR = 3_600_000;

function dated(time: number, more: Record<string, string> = {}): Headers {
  return new Headers({ date: new Date(time).toUTCString(), ...more });
}

Deno.test("TIME-001 a refused signature that is too old or too young sets the clock", () => {
  for (const off of [-HOUR, HOUR]) {
    const clock = new Clock(() => NOW + off);
    assert(clock.learn(dated(NOW), NOW + off));
    assertEquals(clock.now(), NOW);
  }
});

Deno.test("TIME-001 a time that is near enough explains nothing", () => {
  const clock = new Clock(() => NOW);
  assert(!clock.learn(dated(NOW + 60_000), NOW));
  assert(!clock.learn(new Headers(), NOW));
  assert(!clock.learn(dated(NOW + HOUR), NaN));
  assertEquals(clock.now(), NOW);
});

Deno.test("TIME-002 the date of what comes from a cache sets no clock", () => {
  const clock = new Clock(() => NOW);
  assert(!clock.learn(dated(NOW - 3 * HOUR, { age: "10800" }), NOW));
  assertEquals(clock.now(), NOW);
});

Deno.test("TIME-003 the service's own word wins over a proxy's Date", () => {
  const clock = new Clock(() => NOW);
  assert(clock.learn(dated(NOW + 5 * HOUR), NOW, NOW + HOUR));
  assertEquals(clock.now(), NOW + HOUR);
  const right = new Clock(() => NOW);
  assert(!right.learn(dated(NOW + 5 * HOUR), NOW, NOW));
});

Deno.test("TIME-004 a guess that did not help is taken back, also when it was made twice", () => {
  const clock = new Clock(() => NOW);
  clock.learn(dated(NOW + HOUR), NOW);
  clock.learn(dated(NOW + HOUR), NOW);
  clock.forget();
  assertEquals(clock.now(), NOW);
});
