/** What a failed assertion throws. */
export class AssertionError extends Error {
  /** Makes an error that test runners show as a failed expectation. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/** Fails always. */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${ending(msg)}`);
}

/** How each message ends: with the caller's words, or a full stop. */
export function ending(msg: string | undefined): string {
  return msg ? `: ${msg}` : ".";
}
