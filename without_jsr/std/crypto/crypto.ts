import { BlockHash } from "./block_hash.ts";
import { md5 } from "./md5.ts";
import { sha1 } from "./sha1.ts";
import { sha256 } from "./sha256.ts";
import { sha384, sha512 } from "./sha512.ts";

const HASHES = {
  "MD5": md5,
  "SHA-1": sha1,
  "SHA-256": sha256,
  "SHA-384": sha384,
  "SHA-512": sha512,
} as const;

/** The algorithms of the real package that this project asks for. */
export type DigestAlgorithmName = keyof typeof HASHES;

async function digest(
  algorithm: DigestAlgorithmName,
  data: BufferSource | AsyncIterable<BufferSource>,
): Promise<ArrayBuffer> {
  const start = HASHES[algorithm.toUpperCase() as DigestAlgorithmName];
  if (start === undefined) {
    throw new DOMException("Unrecognized algorithm name", "NotSupportedError");
  }
  const hash = new BlockHash(start());
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) {
    hash.update(toBytes(data));
    return hash.digest();
  }
  for await (const chunk of data) hash.update(toBytes(chunk));
  return hash.digest();
}

function toBytes(chunk: BufferSource): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (ArrayBuffer.isView(chunk)) {
    return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  throw new TypeError(
    "Cannot digest the data: A chunk is not ArrayBuffer nor ArrayBufferView",
  );
}

/** `crypto` with a `subtle.digest` that takes a stream of chunks. */
export const crypto = { subtle: { digest } };
