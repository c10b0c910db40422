// This module is browser compatible.
import { type HashAlgorithm, WEB_NAMES } from "../../digest/algorithm.ts";
import { InvalidArgumentError } from "../../mod.ts";

/** An algorithm in the spelling of digests (`sha256`) or in WebCrypto's (`SHA-256`). */
export type HashName =
  | HashAlgorithm
  | "SHA-1"
  | "SHA-256"
  | "SHA-384"
  | "SHA-512"
  | "MD5"
  | "CRC32"
  | "CRC32C"
  | "CRC64NVME";

/**
 * Returns the one spelling that is stored, whichever was given.
 *
 * @throws {InvalidArgumentError} If nothing here computes it.
 */
export function toAlgorithm(name: string): HashAlgorithm {
  const short = findAlgorithm(name);
  if (short !== null) return short;
  throw new InvalidArgumentError(
    `Cannot compute a ${JSON.stringify(name)} hash: the algorithms are ${
      Object.keys(WEB_NAMES).join(", ")
    }`,
  );
}

/** Returns the one spelling that is stored; `null` where nothing here computes it. */
export function findAlgorithm(name: string): HashAlgorithm | null {
  const short = String(name).trim().toLowerCase().replaceAll("-", "");
  return Object.hasOwn(WEB_NAMES, short) ? short as HashAlgorithm : null;
}
