import { AssertionError, ending } from "./failure.ts";

// deno-lint-ignore no-explicit-any -- a constructor of any arguments
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** Fails unless `fn` throws. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Fails unless `fn` throws an `ErrorClass` whose message holds `msgIncludes`. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any -- a constructor of any arguments
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  classOrMsg?: ErrorClass<E> | string,
  includesOrMsg?: string,
  msg?: string,
): unknown {
  const wanted = readArguments(classOrMsg, includesOrMsg, msg, includesOrMsg);
  try {
    fn();
  } catch (error) {
    requireWanted(error, wanted, "thrown");
    return error;
  }
  throw new AssertionError(`Expected function to throw${ending(wanted.msg)}`);
}

/** Fails unless the promise that `fn` returns is rejected. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/** Fails unless `fn` rejects with an `ErrorClass` whose message holds `msgIncludes`. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any -- a constructor of any arguments
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorClass<E> | string,
  includesOrMsg?: string,
  msg?: string,
): Promise<unknown> {
  const wanted = readArguments(classOrMsg, includesOrMsg, msg, msg);
  const promise = startPromise(fn, wanted.msg);
  try {
    await promise;
  } catch (error) {
    requireWanted(error, wanted, "rejected");
    return error;
  }
  throw new AssertionError(`Expected function to reject${ending(wanted.msg)}`);
}

interface Wanted {
  // Not ErrorClass: every error would count as an Error, and its name be lost.
  errorClass?: abstract new () => object;
  includes?: string | undefined;
  msg: string | undefined;
}

function readArguments(
  classOrMsg: ErrorClass<Error> | string | undefined,
  includesOrMsg: string | undefined,
  msg: string | undefined,
  msgOfOtherClass: string | undefined,
): Wanted {
  if (typeof classOrMsg === "string") return { msg: classOrMsg };
  if (classOrMsg === undefined) return { msg };
  const prototype = classOrMsg.prototype;
  const isErrorClass = prototype === Error.prototype ||
    prototype instanceof Error;
  // Untyped callers may pass any class: then only the throw itself counts.
  return isErrorClass
    ? { errorClass: classOrMsg, includes: includesOrMsg, msg }
    : { msg: msgOfOtherClass };
}

/** A synchronous throw is a mistake of the caller, not the rejection waited for. */
function startPromise(
  fn: () => PromiseLike<unknown>,
  msg: string | undefined,
): PromiseLike<unknown> {
  let result: PromiseLike<unknown> | undefined;
  try {
    result = fn();
  } catch {
    result = undefined;
  }
  if (typeof result === "object" && typeof result?.then === "function") {
    return result;
  }
  throw new AssertionError(
    `Function throws when expected to reject${ending(msg)}`,
  );
}

function requireWanted(
  error: unknown,
  { errorClass, includes, msg }: Wanted,
  how: "thrown" | "rejected",
): void {
  if (errorClass === undefined) return;
  if (!(error instanceof Error)) {
    throw new AssertionError(`A non-Error object was ${how}${ending(msg)}`);
  }
  if (!(error instanceof errorClass)) {
    throw new AssertionError(
      `Expected error to be instance of "${errorClass.name}", but was "${error.constructor?.name}"${
        ending(msg)
      }`,
    );
  }
  if (includes && !plain(error.message).includes(plain(includes))) {
    throw new AssertionError(
      `Expected error message to include ${JSON.stringify(includes)}, but got ${
        JSON.stringify(error.message)
      }${ending(msg)}`,
    );
  }
}

/** Messages are compared without terminal colours. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- a colour begins with an escape
  return text.replaceAll(/\x1b\[[0-9;]*m/g, "");
}
