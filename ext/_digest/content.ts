// This module is browser compatible.
import { type Content, toContent, type WriteContent } from "../../mod.ts";
import type { Puller } from "./passing.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Content whose bytes are at hand. */
export interface BytesAtHand {
  readonly kind: "bytes";
  /** The bytes, the caller's own. */
  readonly bytes: Bytes;
}

/** Content whose bytes are still to come. */
export interface BytesToCome {
  readonly kind: "stream";
  /** Opens the content; where it can be read twice, again. */
  readonly open: () => Puller;
  /** Whether it is known that nothing will come. */
  readonly empty: boolean;
  /** Returns content of the same size and type with other streams for its bytes. */
  readonly over: (stream: () => ReadableStream<Uint8Array>) => WriteContent;
}

/**
 * Tells where the bytes of content come from, without touching them. `null` for what a
 * store refuses: it knows the reasons, and is left to say them.
 */
export function sourceOf(
  content: WriteContent,
): BytesAtHand | BytesToCome | null {
  let given: Content;
  try {
    given = toContent("hash", "", content);
  } catch {
    return null;
  }
  const { bytes, size, type, open } = given;
  if (bytes !== null) return { kind: "bytes", bytes };
  return {
    kind: "stream",
    open: () => open().getReader(),
    empty: size === 0,
    over: (stream) =>
      size === null && type === null
        ? stream()
        // No copy is made to build a real Blob: what has its shape is taken for one, and
        // a size that is no number for unknown.
        : { size: size ?? NaN, type: type ?? "", stream } as unknown as Blob,
  };
}
