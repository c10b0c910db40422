/** Runs `work` as if in a runtime of another name, as its user agent tells it. */
export async function inRuntime<T>(
  userAgent: string,
  work: () => Promise<T>,
): Promise<T> {
  const real = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", {
    value: { userAgent },
    configurable: true,
  });
  try {
    return await work();
  } finally {
    if (real !== undefined) {
      Object.defineProperty(globalThis, "navigator", real);
    }
  }
}

/** A runtime that undoes codings whatever was asked for. */
export const DECODING = "Node.js/24";

/** One that leaves bodies as they come. */
export const LEAVING = "Deno/2.9.5";

/** One that takes the length of a stream. */
export const BUN = "Bun/1.4.5";

/** One whose network takes a `Blob` faster than bytes. */
export const CHROMIUM = "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0";

/** Gives objects the `__proto__` of ECMA-262 §B.2.2.1, which every runtime but Deno has. */
export function defineProto(): Disposable {
  const real = Object.getOwnPropertyDescriptor(Object.prototype, "__proto__");
  Object.defineProperty(Object.prototype, "__proto__", {
    get() {
      return Object.getPrototypeOf(this);
    },
    set(value: unknown) {
      if (typeof value === "object") Object.setPrototypeOf(this, value);
    },
    configurable: true,
  });
  return {
    [Symbol.dispose]() {
      Reflect.deleteProperty(Object.prototype, "__proto__");
      if (real === undefined) return;
      Object.defineProperty(Object.prototype, "__proto__", real);
    },
  };
}
