// This module is browser compatible.
import type { FileInfo, WriteOptions } from "../../mod.ts";

/** Returns what of a file goes with its bytes into another store: all but user metadata. */
export function carriedOf(
  { contentType, size, extra }: FileInfo,
): WriteOptions {
  return {
    contentType: contentType ?? undefined,
    cacheControl: textOf(extra["cacheControl"]),
    contentDisposition: textOf(extra["contentDisposition"]),
    contentLanguage: textOf(extra["contentLanguage"]),
    // Of unknown size is what a runtime has decoded on the way.
    contentEncoding: size === null
      ? undefined
      : textOf(extra["contentEncoding"]),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
