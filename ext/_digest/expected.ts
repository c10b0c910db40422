// This module is browser compatible.
import {
  ContentDigest,
  IntegrityError,
  InvalidArgumentError,
} from "../../mod.ts";
import type { HashAlgorithm } from "../../digest/algorithm.ts";
import { type HashName, toAlgorithm } from "./algorithm.ts";

/** A digest in the shape that callers have one in. */
export interface DigestLike {
  /** The algorithm, in either spelling. */
  readonly algorithm: string;
  /** The hash, hexadecimal. */
  readonly value: string;
}

/** What to compute, and what must come out. */
export interface Wanted {
  /** The algorithm. */
  readonly algorithm: HashAlgorithm;
  /** The digest that the bytes must have; `null` for any. */
  readonly expected: ContentDigest | null;
}

const DEFAULT_ALGORITHM = "sha256";

/**
 * Returns what a call wants: the algorithm that it names, else that of the digest it
 * expects, else SHA-256.
 *
 * @throws {InvalidArgumentError} If an algorithm is unsupported, or the two differ.
 */
export function toWanted(
  algorithm: HashName | undefined,
  expected: DigestLike | undefined,
): Wanted {
  if (expected === undefined) {
    return {
      algorithm: toAlgorithm(algorithm ?? DEFAULT_ALGORITHM),
      expected: null,
    };
  }
  if (
    typeof expected?.algorithm !== "string" ||
    typeof expected.value !== "string"
  ) {
    const found = expected === null ? "null" : `of type ${typeof expected}`;
    throw new InvalidArgumentError(
      `Cannot compare digests: what is expected is ${found}, a digest { algorithm, value } is needed`,
    );
  }
  // Checked and brought to one spelling also where it is a ContentDigest already:
  // it may be one of another copy of this package.
  const digest = new ContentDigest(expected.algorithm, expected.value);
  const named = toAlgorithm(algorithm ?? digest.algorithm);
  if (named === toAlgorithm(digest.algorithm)) {
    return { algorithm: named, expected: digest };
  }
  throw new InvalidArgumentError(
    `Cannot compute a ${named} hash: a ${digest.algorithm} digest is expected`,
  );
}

/**
 * Refuses bytes that do not have the digest.
 *
 * @throws {IntegrityError} If they have another one.
 */
export function requireDigest(
  action: string,
  path: string,
  digest: ContentDigest,
  expected: ContentDigest,
): void {
  if (digest.equals(expected)) return;
  throw new IntegrityError(
    `Cannot ${action} ${
      JSON.stringify(path)
    }: the bytes have the digest ${digest}, ${expected} is expected`,
    { path },
  );
}
