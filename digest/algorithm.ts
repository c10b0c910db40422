// This module is browser compatible.

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
