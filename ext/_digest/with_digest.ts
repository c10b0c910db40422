// This module is browser compatible.
import type { ContentDigest, WriteResult } from "../../mod.ts";

/** Returns a write's own result with the digest in place of the service's, and nothing else changed. */
export function withDigest(
  result: WriteResult,
  digest: ContentDigest,
): WriteResult {
  return Object.freeze({ ...result, digest });
}
