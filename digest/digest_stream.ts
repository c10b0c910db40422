// This module is browser compatible.
import { type HashAlgorithm, WEB_NAMES } from "./algorithm.ts";
import type { Hasher, MakeHasher } from "./hasher.ts";

interface DigestStream extends WritableStream<Uint8Array> {
  readonly digest: Promise<ArrayBuffer>;
}

type DigestStreamClass = new (algorithm: string) => DigestStream;

/**
 * Returns the hash of Workers without node compatibility, `null` elsewhere. They
 * refuse to compile WebAssembly, so nothing else would be fast there.
 */
export function digestStreamHasher(
  algorithm: HashAlgorithm,
): MakeHasher | null {
  const { DigestStream } = globalThis.crypto as unknown as {
    DigestStream?: DigestStreamClass;
  } ?? {};
  if (DigestStream === undefined) return null;
  return () => new Digesting(new DigestStream(WEB_NAMES[algorithm]));
}

class Digesting implements Hasher {
  readonly sync = false;
  readonly #digest: Promise<ArrayBuffer>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  constructor(stream: DigestStream) {
    this.#digest = stream.digest;
    // A hash that is given up rejects, and nobody listens.
    this.#digest.catch(() => {});
    this.#writer = stream.getWriter();
    this.#writer.closed.catch(() => {});
  }

  // Awaited although the stream would queue it: the consumer of the chunk may change
  // it as soon as it has it, and the hash must not see that.
  update(bytes: Uint8Array): Promise<void> {
    return this.#writer.write(bytes);
  }

  async digest(): Promise<Uint8Array> {
    await this.#writer.close();
    return new Uint8Array(await this.#digest);
  }
}
