// This module is browser compatible.
import { crc32Hasher, POLYNOMIALS } from "./crc32.ts";
import { crc64Hasher } from "./crc64.ts";
import type { Hasher, MakeHasher } from "./hasher.ts";
import { nativeHasher } from "./native.ts";

/** The checksums of the object stores. */
export type ChecksumAlgorithm = "crc32" | "crc32c" | "crc64nvme";

let native: MakeHasher | null | undefined;

/** Returns a fresh checksum, by the runtime's own code where there is some; it is synchronous. */
export function createChecksum(algorithm: ChecksumAlgorithm): Hasher {
  if (algorithm === "crc64nvme") return crc64Hasher();
  if (algorithm === "crc32") {
    if (native === undefined) native = nativeHasher(algorithm);
    if (native !== null) return native();
  }
  return crc32Hasher(POLYNOMIALS[algorithm]);
}
