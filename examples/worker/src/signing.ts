/**
 * `/sign`: signs for pages that have the whole store without a secret. Bytes then go between
 * the page and the bucket, and not through this Worker.
 *
 * @module
 */
import type { StoreLike, UnsignedFields } from "@remote-store/core";
import { s3Signing } from "@remote-store/core/backends/s3-signing";
import { type SignHandler, signHandler } from "@remote-store/core/ext/sign";
import { mayChange } from "./handler.ts";

/** How pages are signed for. */
export interface SignOptions {
  /** The most bytes that a file may have. */
  readonly maxBytes: number;
  /** Who may change files: whoever sends `Authorization: Bearer` and this; nobody without. */
  readonly token: string | undefined;
  /** The origins of pages that are not this Worker's own. */
  readonly origins: readonly string[];
  /** What the service does with header fields that are not signed; needed but for AWS. */
  readonly unsignedFields: UnsignedFields | undefined;
}

/** What changes nothing, which everybody may do. */
const LOOKS: readonly string[] = ["read", "head", "list", "ping"];

/** Returns the handler, over a store that has credentials. */
export function createSign(
  store: StoreLike,
  { maxBytes, token, origins, unsignedFields }: SignOptions,
): SignHandler {
  return signHandler({
    store,
    signing: s3Signing,
    unsignedFields,
    origins,
    // All of the store, as below `/files/`. For a folder a user: return its path here.
    root: "",
    async authorize({ operation, size }, request) {
      if (LOOKS.includes(operation)) return true;
      if (!await mayChange(request, token)) return false;
      return operation !== "write" ||
        size !== null && size <= maxBytes && { maxSize: maxBytes };
    },
    // The Worker ends uploads in parts, so that no file gets larger than it may be.
    complete: "here",
  });
}
