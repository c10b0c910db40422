// This module is browser compatible.
import type { ContentDigest } from "../../mod.ts";
import type { HashAlgorithm } from "../../digest/algorithm.ts";
import { toChunk } from "./bytes.ts";
import { createHasher, toDigest } from "./engine.ts";

/** Reads a stream to its end and returns its digest, in constant memory; an abort cancels it. */
export async function hashStream(
  algorithm: HashAlgorithm,
  body: ReadableStream<Uint8Array>,
  signal?: AbortSignal,
): Promise<ContentDigest> {
  const hasher = createHasher(algorithm);
  const reader = body.getReader();
  // A blob's stream heeds no signal.
  const end = () => void reader.cancel(signal?.reason).catch(() => {});
  if (signal?.aborted) end();
  signal?.addEventListener("abort", end);
  try {
    // Hashed in the loop that reads: the cheapest place there is.
    for (;;) {
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) break;
      const hashed = hasher.update(toChunk(value));
      if (hashed !== undefined) await hashed;
    }
  } catch (error) {
    reader.cancel(error).catch(() => {});
    throw error;
  } finally {
    signal?.removeEventListener("abort", end);
  }
  return toDigest(algorithm, await hasher.digest());
}
