// This module is browser compatible.
import type { FileInfo, WriteOptions } from "../../mod.ts";

const IN_EXTRA = [
  "cacheControl",
  "contentDisposition",
  "contentEncoding",
  "contentLanguage",
] as const;

/** Returns what of a file goes with its bytes into another store: all but user metadata. */
export function carriedOf(
  { contentType, size, extra }: FileInfo,
): Pick<WriteOptions, typeof IN_EXTRA[number] | "contentType"> {
  const carried: Record<string, string | undefined> = {
    contentType: contentType ?? undefined,
  };
  for (const name of IN_EXTRA) {
    const value = extra[name];
    // Of unknown size is what is decoded on the way.
    const isOff = size === null && name === "contentEncoding";
    if (typeof value === "string" && !isOff) carried[name] = value;
  }
  return carried;
}
