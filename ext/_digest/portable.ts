// This module is browser compatible.
import { type HashAlgorithm, WEB_NAMES } from "../../digest/algorithm.ts";
import type { Hasher, MakeHasher } from "../../digest/hasher.ts";

type StdName = "MD5" | "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Returns `@std/crypto`'s streaming hash, which runs everywhere WebAssembly may be
 * compiled: the one for browsers.
 */
export function portableHasher(algorithm: HashAlgorithm): MakeHasher {
  return () => new Portable(WEB_NAMES[algorithm] as StdName);
}

// Its digest pulls chunks from an iterable, and a hasher is given them. So each
// update hands one chunk over, and is done when the next one is asked for: by
// then the chunk has been hashed and may change.
class Portable implements Hasher, AsyncIterator<Bytes>, AsyncIterable<Bytes> {
  readonly sync = false;
  readonly #name: StdName;
  #result: Promise<ArrayBuffer> | undefined;
  #give: (step: IteratorResult<Bytes, undefined>) => void = () => {};
  #taken: () => void = () => {};
  #asked: Promise<void> | undefined;

  constructor(name: StdName) {
    this.#name = name;
  }

  async update(bytes: Uint8Array): Promise<void> {
    await this.#ready();
    const taken = this.#nextAsk();
    this.#give({ done: false, value: bytes as Bytes });
    await taken;
  }

  async digest(): Promise<Uint8Array> {
    await this.#ready();
    this.#give({ done: true, value: undefined });
    return new Uint8Array(await this.#result!);
  }

  next(): Promise<IteratorResult<Bytes, undefined>> {
    this.#taken();
    return new Promise((resolve) => this.#give = resolve);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #ready(): Promise<void> {
    if (this.#asked === undefined) {
      this.#asked = this.#nextAsk();
      this.#result = this.#start();
      this.#result.catch(() => {});
    }
    return this.#asked;
  }

  /** Resolves when the next chunk is asked for, rejects when the hash has failed. */
  #nextAsk(): Promise<void> {
    const asked = new Promise<void>((resolve, reject) => {
      this.#taken = resolve;
      this.#fail = reject;
    });
    return asked;
  }

  #fail: (reason: unknown) => void = () => {};

  async #start(): Promise<ArrayBuffer> {
    try {
      // Imported here, never at the top: it compiles WebAssembly when it loads, and
      // a Worker that so much as loads it does not start.
      const { crypto } = await import("@std/crypto/crypto");
      return await crypto.subtle.digest(this.#name, this);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }
}
