// This module is browser compatible.
import { InvalidArgumentError } from "../../mod.ts";

/**
 * The hashes that can be computed: cryptographic ones, MD5 for services that know
 * nothing else, and the checksums of the object stores.
 */
export type HashAlgorithm =
  | "sha1"
  | "sha256"
  | "sha384"
  | "sha512"
  | "md5"
  | "crc32"
  | "crc32c"
  | "crc64nvme";

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

/** The spelling of WebCrypto, of `@std/crypto` and of Workers. */
export const WEB_NAMES: Readonly<Record<HashAlgorithm, string>> = Object.freeze(
  {
    sha1: "SHA-1",
    sha256: "SHA-256",
    sha384: "SHA-384",
    sha512: "SHA-512",
    md5: "MD5",
    crc32: "crc32",
    crc32c: "crc32c",
    crc64nvme: "crc64nvme",
  },
);

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
