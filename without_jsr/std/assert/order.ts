import { display } from "./display.ts";
import { AssertionError, ending } from "./failure.ts";

/** Fails unless `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (actual > expected) return;
  throw new AssertionError(
    msg ?? `Expect ${display(actual)} > ${display(expected)}`,
  );
}

/** Fails unless `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (actual < expected) return;
  throw new AssertionError(
    msg ?? `Expect ${display(actual)} < ${display(expected)}`,
  );
}

/** Fails when the two numbers are further apart than `tolerance`, by default a ten-millionth of `expected`. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance: number = Number.isFinite(expected)
    ? Math.abs(expected) * 1e-7
    : 1e-7,
  msg?: string,
): void {
  const apart = Math.abs(expected - actual);
  // Two infinities are equal although their difference is NaN.
  if (Object.is(actual, expected) || apart <= tolerance) return;
  const [a, e, d, t] = [actual, expected, apart, tolerance].map((value) =>
    Number.isInteger(value) ? `${value}` : value.toExponential()
  );
  throw new AssertionError(
    `Expected actual: "${a}" to be close to "${e}": ` +
      `delta "${d}" is greater than "${t}"${ending(msg)}`,
  );
}
