import { display } from "./display.ts";
import { equal } from "./equal.ts";
import { AssertionError, ending } from "./failure.ts";

/** Fails unless the two values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    `Values are not equal${ending(msg)}\n${comparison(actual, expected)}`,
  );
}

/** Fails when the two values are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    `Expected actual: ${display(actual)} not to be: ${display(expected)}${
      ending(msg)
    }`,
  );
}

/** Fails unless both are one value, in the sense of `Object.is`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  throw new AssertionError(
    display(actual) === display(expected)
      ? `Values have the same structure but are not reference-equal${
        ending(msg)
      }\n\n${display(actual)}\n`
      : `Values are not strictly equal${ending(msg)}\n${
        comparison(actual, expected)
      }`,
  );
}

/** Fails when both are one value, in the sense of `Object.is`. */
export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!Object.is(actual, expected)) return;
  throw new AssertionError(
    `Expected "actual" to not be strictly equal to: ${display(actual)}${
      ending(msg)
    }\n`,
  );
}

/** Both values line by line; the lines that both begin and end with stand once. */
function comparison(actual: unknown, expected: unknown): string {
  const found = display(actual).split("\n");
  const wanted = display(expected).split("\n");
  const shorter = Math.min(found.length, wanted.length);
  let head = 0;
  while (head < shorter && found[head] === wanted[head]) head++;
  let tail = 0;
  while (
    tail < shorter - head && found.at(-1 - tail) === wanted.at(-1 - tail)
  ) tail++;
  const changed = (lines: readonly string[], sign: string) =>
    lines.slice(head, lines.length - tail).map((line) => `${sign} ${line}`);
  return [
    "",
    "    [Diff] Actual / Expected",
    "",
    ...found.slice(0, head).map((line) => `  ${line}`),
    ...changed(found, "-"),
    ...changed(wanted, "+"),
    ...found.slice(found.length - tail).map((line) => `  ${line}`),
    "",
  ].join("\n");
}
