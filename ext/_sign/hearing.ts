// This module is browser compatible.

/** Who is told of what the application's own functions throw. */
export type OnError = (error: unknown, request: Request) => void;

/**
 * Returns a function of the application's, whose last argument is the request, that tells
 * what it throws before it throws it.
 */
export function heard<T extends readonly unknown[], R>(
  call: (...args: [...T, Request]) => R | Promise<R>,
  onError: OnError | undefined,
): (...args: [...T, Request]) => Promise<R> {
  return async (...args) => {
    try {
      return await call(...args);
    } catch (error) {
      try {
        onError?.(error, args.at(-1) as Request);
      } catch {
        // A log that fails changes no answer.
      }
      throw error;
    }
  };
}
