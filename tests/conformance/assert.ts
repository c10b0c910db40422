/** A point of the contract that a backend does not hold. */
export class ConformanceFailure extends Error {
  /** The class name. */
  override readonly name: "ConformanceFailure" = "ConformanceFailure";
}

/** Fails with `message`. */
export function fail(message: string): never {
  throw new ConformanceFailure(message);
}

/** Fails unless `condition` is true. */
export function assert(
  condition: unknown,
  message: string,
): asserts condition {
  if (!condition) fail(message);
}

/** Fails unless both values are deeply equal; `what` names them in the message. */
export function assertEquals(
  actual: unknown,
  expected: unknown,
  what: string,
): void {
  if (isEqual(actual, expected)) return;
  fail(`${what}: got ${show(actual)}, expected ${show(expected)}`);
}

/** Fails unless both lists hold the same values, in any order. */
export function assertSameSet(
  actual: readonly string[],
  expected: readonly string[],
  what: string,
): void {
  assertEquals([...actual].sort(), [...expected].sort(), what);
}

/** Returns what `call` throws or rejects with; fails if it does neither. */
export async function thrownBy(
  call: () => unknown,
  what: string,
): Promise<unknown> {
  let value: unknown;
  try {
    value = await call();
  } catch (error) {
    return error;
  }
  fail(`${what}: expected an error, got ${show(value)}`);
}

/** Returns what `call` throws before it returns; fails if it returns. */
export function thrownAtCall(call: () => unknown, what: string): unknown {
  let value: unknown;
  try {
    value = call();
  } catch (error) {
    return error;
  }
  fail(`${what}: expected an error at the call, got ${show(value)}`);
}

/** Returns whether two values are deeply equal. Dates compare by time, bytes by content. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (
    typeof a !== "object" || typeof b !== "object" || a === null || b === null
  ) {
    return false;
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return isSameBytes(a, b);
  }
  if (a instanceof Date && b instanceof Date) {
    return a.getTime() === b.getTime();
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) =>
    Object.hasOwn(b, key) &&
    isEqual(
      (a as Record<string, unknown>)[key],
      (b as Record<string, unknown>)[key],
    )
  );
}

function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) return false;
  for (let i = 0; i < a.byteLength; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}

const LONGEST = 200;

/** Returns a value as messages print it. */
export function show(value: unknown): string {
  const text = value instanceof Uint8Array
    ? `${value.byteLength} bytes ${JSON.stringify([...value.slice(0, 24)])}`
    : value instanceof Error
    ? `${value.name}: ${value.message}`
    : typeof value === "string" || (typeof value === "object" && value !== null)
    ? JSON.stringify(value) ?? String(value)
    : String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
