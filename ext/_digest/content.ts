// This module is browser compatible.
import type { WriteContent } from "../../mod.ts";
import { toBytes } from "./bytes.ts";
import { type Puller, pullIterable } from "./puller.ts";

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
  /** Returns content of the same kind, size and type with other streams for its bytes. */
  readonly over: (stream: () => ReadableStream<Uint8Array>) => WriteContent;
}

const ENCODER = new TextEncoder();
const NOTHING: BytesAtHand = { kind: "bytes", bytes: new Uint8Array(0) };

/**
 * Tells where the bytes of content come from, without touching them. `null` for what a
 * store refuses: it knows the reasons, and is left to say them.
 */
export function sourceOf(
  content: WriteContent,
): BytesAtHand | BytesToCome | null {
  if (typeof content === "string") {
    return { kind: "bytes", bytes: ENCODER.encode(content) };
  }
  const bytes = toBytes(content);
  if (bytes !== null) return { kind: "bytes", bytes };
  if (typeof content !== "object" || content === null) return null;
  if ("getReader" in content) {
    if (content.locked) return null;
    return {
      kind: "stream",
      empty: false,
      open: () => content.getReader(),
      over: (stream) => stream(),
    };
  }
  if ("bodyUsed" in content) return ofResponse(content);
  if ("stream" in content && "size" in content) return ofBlob(content);
  if (Symbol.asyncIterator in content) {
    return {
      kind: "stream",
      empty: false,
      open: () => pullIterable(content),
      over: (stream) => stream(),
    };
  }
  return null;
}

// Blobs and responses are told apart by shape, and no copy of their bytes is made to
// build a real one: what is handed on has the shape, and the hashed stream inside.

function ofBlob(blob: Blob): BytesToCome {
  const { size, type } = blob;
  return {
    kind: "stream",
    empty: size === 0,
    open: () => blob.stream().getReader(),
    over: (stream) => ({ size, type, stream }) as unknown as Blob,
  };
}

function ofResponse(response: Response): BytesAtHand | BytesToCome | null {
  const { ok, type, headers, body } = response;
  if (!ok || response.bodyUsed) return null;
  if (body === null) return NOTHING;
  if (body.locked) return null;
  return {
    kind: "stream",
    empty: false,
    open: () => body.getReader(),
    over: (stream) =>
      ({
        ok,
        type,
        headers,
        bodyUsed: false,
        body: stream(),
      }) as unknown as Response,
  };
}
