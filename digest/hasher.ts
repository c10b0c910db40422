// This module is browser compatible.

/** A hash that grows with the bytes it is given. */
export interface Hasher {
  /** Whether bytes are hashed when `update` returns. */
  readonly sync: boolean;
  /**
   * Adds bytes. Where it is not `sync` a promise is returned: the bytes must not
   * change, and nothing else may be called, before it resolves.
   */
  update(bytes: Uint8Array): void | Promise<void>;
  /** Ends the hash and returns it. Called once. */
  digest(): Uint8Array | Promise<Uint8Array>;
  /** Returns the hash of the bytes so far and goes on; missing where the engine cannot. */
  soFar?(): Uint8Array;
}

/** Makes a hasher of one algorithm. */
export type MakeHasher = () => Hasher;
