// This module is browser compatible.
import {
  type Backend,
  type ContentCheck,
  type ContentDigest,
  IntegrityError,
  type StoreLike,
} from "../../mod.ts";
import type { HashAlgorithm } from "../../digest/algorithm.ts";
import { Deferred } from "./deferred.ts";
import { digestOf } from "./engine.ts";

/** A store whose backend can be asked what it checks. */
export type Behind = Partial<Pick<StoreLike, "unwrap">>;

/** The strongest first. */
const PREFERRED: readonly HashAlgorithm[] = [
  "sha256",
  "sha512",
  "sha384",
  "sha1",
  "crc64nvme",
  "crc32c",
  "crc32",
  "md5",
];

/**
 * Returns the strongest algorithm that the service behind a store checks; `undefined`
 * where it checks none, or the store does not show its backend.
 */
export function checkedBy(store: Behind): HashAlgorithm | undefined {
  let checks: Backend["checks"];
  try {
    // Every backend is an object, whatever its class.
    checks = (store.unwrap?.(Object) as Partial<Backend> | undefined)?.checks;
  } catch {
    return undefined;
  }
  return PREFERRED.find((algorithm) => checks?.has(algorithm));
}

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
