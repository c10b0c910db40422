// This module is browser compatible.
import { ContentDigest } from "../../mod.ts";
import { type HashAlgorithm, WEB_NAMES } from "../../digest/algorithm.ts";
import { createChecksum } from "../../digest/checksum.ts";
import { digestStreamHasher } from "../../digest/digest_stream.ts";
import { toHex } from "../../digest/hex.ts";
import type { Hasher, MakeHasher } from "../../digest/hasher.ts";
import { nativeHasher } from "../../digest/native.ts";
import { portableHasher } from "./portable.ts";

const chosen = new Map<HashAlgorithm, MakeHasher>();

/** Returns a hasher of the fastest kind that this runtime has; looked for once. */
export function createHasher(algorithm: HashAlgorithm): Hasher {
  let make = chosen.get(algorithm);
  if (make === undefined) chosen.set(algorithm, make = choose(algorithm));
  return make();
}

function choose(algorithm: HashAlgorithm): MakeHasher {
  const native = nativeHasher(algorithm);
  if (native !== null) return native;
  switch (algorithm) {
    case "crc32":
    case "crc32c":
    case "crc64nvme":
      return () => createChecksum(algorithm);
    default:
      return digestStreamHasher(algorithm) ?? portableHasher(algorithm);
  }
}

/** Returns the digest of bytes at hand, as they are at the call. */
export function digestOf(
  algorithm: HashAlgorithm,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<ContentDigest> {
  return hashOf(algorithm, bytes)
    .then((hash) => toDigest(algorithm, hash));
}

// A thread of its own costs WebCrypto some 80 µs, in which a native hash has done
// more than this.
const THREAD_WORTH_BYTES = 128 * 1024;

async function hashOf(
  algorithm: HashAlgorithm,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const hasher = createHasher(algorithm);
  if (algorithm.startsWith("sha")) {
    // Absent on pages without https.
    const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
    const worth = !hasher.sync || bytes.byteLength >= THREAD_WORTH_BYTES;
    if (subtle !== undefined && worth) {
      return new Uint8Array(await subtle.digest(WEB_NAMES[algorithm], bytes));
    }
  }
  await hasher.update(hasher.sync ? bytes : bytes.slice());
  return await hasher.digest();
}

/** Returns a hash as a digest. */
export function toDigest(
  algorithm: HashAlgorithm,
  hash: Uint8Array,
): ContentDigest {
  return new ContentDigest(algorithm, toHex(hash));
}
