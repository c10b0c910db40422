// This module is browser compatible.
import type { FileEntry, ReadAnswer } from "./backend.ts";
import { BodyReader, type BodySource, streamOf } from "./body_reader.ts";
import { toStream } from "./content.ts";
import { isRemoteStoreError, RemoteStoreError } from "./errors.ts";

type Body = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

/** Returns the codings that a file is stored with; `null` for none. */
function codingOf({ extra }: FileEntry): string | null {
  const stored = extra?.["contentEncoding"];
  if (typeof stored !== "string") return null;
  const codings = stored.toLowerCase().split(",").map((one) => one.trim())
    .filter((one) => one !== "" && one !== "identity");
  return codings.length === 0 ? null : codings.join(", ");
}

/** Returns a file's entry as it is told to who reads its content: of unknown size. */
export function contentEntry({ entry, decoded }: ReadAnswer): FileEntry {
  return decoded || codingOf(entry) !== null ? { ...entry, size: null } : entry;
}

/**
 * Returns the content of a body: undone here, where neither the service nor the runtime
 * has done it.
 *
 * @throws {RemoteStoreError} If the runtime knows no way to undo the coding.
 */
export function contentOf(body: Body, { entry, decoded }: ReadAnswer): Body {
  const coding = codingOf(entry);
  if (coding === null || decoded) return body;
  const undo = decompression(coding);
  if (undo === null) {
    throw new RemoteStoreError(
      `it is stored with the Content-Encoding ${coding}, which cannot be undone here`,
    );
  }
  const stream = body instanceof Uint8Array ? toStream(body) : body;
  return streamOf(checked(new BodyReader(stream.pipeThrough(undo)), coding));
}

function decompression(
  coding: string,
): ReadableWritablePair<Uint8Array, Uint8Array> | null {
  try {
    // RFC 9110 §8.4.1: the old name of the same.
    const format = coding.replace(/^x-/, "") as CompressionFormat;
    // It takes any bytes, which its type says in another way.
    return new DecompressionStream(format) as ReadableWritablePair<
      Uint8Array,
      Uint8Array
    >;
  } catch {
    return null;
  }
}

/** Tells bytes that are none of their coding from what ends a read otherwise. */
function checked(body: BodyReader, coding: string): BodySource {
  return {
    async read(view) {
      try {
        return await body.read(view);
      } catch (error) {
        // The platform's word for it, in every engine.
        if (isRemoteStoreError(error) || !(error instanceof TypeError)) {
          throw error;
        }
        throw new RemoteStoreError(
          `it is stored with the Content-Encoding ${coding}, but its bytes are not of it`,
          { cause: error },
        );
      }
    },
    cancel: (reason) => body.cancel(reason),
  };
}
