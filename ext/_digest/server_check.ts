// This module is browser compatible.
import {
  type ContentCheck,
  type ContentDigest,
  IntegrityError,
} from "../../mod.ts";
import type { HashAlgorithm } from "../../digest/algorithm.ts";
import { Deferred } from "./deferred.ts";
import { digestOf } from "./engine.ts";

/** The digest of one write's content for the service to check, and whether it was asked for. */
export class ServerCheck implements ContentCheck {
  /** The algorithm. */
  readonly algorithm: HashAlgorithm;
  /** The digest of the whole content, once it is known. */
  readonly whole: Deferred<ContentDigest> = new Deferred();
  #asked = false;

  constructor(algorithm: HashAlgorithm) {
    this.algorithm = algorithm;
  }

  /** Returns the digest of the whole content. */
  digest(): Promise<ContentDigest> {
    this.#asked = true;
    return this.whole.promise;
  }

  /** Returns the digest of one part, computed beside the whole one and off this thread. */
  digestOf(part: Uint8Array<ArrayBuffer>): Promise<ContentDigest> {
    this.#asked = true;
    return digestOf(this.algorithm, part);
  }

  /** Takes the digest of the whole content from a hash under way. */
  follow(hashing: Promise<ContentDigest>): void {
    hashing.then(this.whole.resolve, this.whole.reject);
  }

  /** Refuses to call a write verified whose digest nobody has sent: a proxy may drop options. */
  requireAsked(path: string): void {
    if (this.#asked) return;
    throw new IntegrityError(
      `Cannot verify ${
        JSON.stringify(path)
      }: it is written, but the store did not have the service check it`,
      { path },
    );
  }
}
