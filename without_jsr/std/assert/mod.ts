/**
 * The assertions that this project's tests use.
 *
 * @module
 */
export { AssertionError, fail } from "./failure.ts";
export {
  assert,
  assertExists,
  assertInstanceOf,
  assertMatch,
  assertStringIncludes,
} from "./value.ts";
export { assertAlmostEquals, assertGreater, assertLess } from "./order.ts";
export { equal } from "./equal.ts";
export {
  assertEquals,
  assertNotEquals,
  assertNotStrictEquals,
  assertStrictEquals,
} from "./equality.ts";
export { assertRejects, assertThrows } from "./thrown.ts";
