// This module is browser compatible.

/** Who is told of what the application's own functions throw. */
export type OnError = (error: unknown, request: Request) => void;

/**
 * Returns a function of the application's, whose last argument is the request, that tells
 * what it throws before it throws it. What is no function stays as it is.
 */
export function heard<T>(call: T, onError: OnError | undefined): T {
  if (typeof call !== "function") return call;
  return (async (...args: unknown[]) => {
    try {
      return await call(...args);
    } catch (error) {
      try {
        await onError?.(error, args.at(-1) as Request);
      } catch {
        // A log that fails takes no other error's place.
      }
      throw error;
    }
  }) as T;
}
