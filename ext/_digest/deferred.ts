// This module is browser compatible.

/** A promise that is settled from outside, and that needs no handler. */
export class Deferred<T> {
  /** The promise. */
  readonly promise: Promise<T>;
  /** Fulfills it. */
  resolve!: (value: T) => void;
  /** Rejects it. */
  reject!: (reason: unknown) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // A digest that nobody asks for is no failure.
    this.promise.catch(() => {});
  }
}
