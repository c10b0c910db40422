// This module is browser compatible.
import type { FileEntry, ReadAnswer } from "./backend.ts";
import { BodyReader, type BodySource, streamOf } from "./body_reader.ts";
import { toStream } from "./content.ts";
import { isRemoteStoreError, RemoteStoreError } from "./errors.ts";

type Body = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

/** Names that change no byte; the last is how an upload to S3 is framed. */
const NO_CODINGS = ["", "identity", "aws-chunked"];

/** Returns a `Content-Encoding` in one spelling; `null` where it names no coding. */
export function codingOf(field: string | null): string | null {
  // Nearly always: every answer is asked, several times.
  if (!field) return null;
  const codings = field.toLowerCase().split(",")
    .map((coding) =>
      coding.trim().replace(/^x-(?=(?:gzip|compress|deflate)$)/, "")
    )
    .filter((coding) => !NO_CODINGS.includes(coding));
  return codings.length === 0 ? null : codings.join(", ");
}

function storedCoding({ extra }: FileEntry): string | null {
  const stored = extra?.["contentEncoding"];
  return typeof stored === "string" ? codingOf(stored) : null;
}

/** Returns a file's entry as it is told to who reads its content: of unknown size. */
export function contentEntry({ entry, decoded }: ReadAnswer): FileEntry {
  return decoded || storedCoding(entry) !== null
    ? { ...entry, size: null }
    : entry;
}

/**
 * Returns the content of a body: undone here, where neither the service nor the runtime
 * has done it.
 *
 * @throws {RemoteStoreError} If the runtime knows no way to undo the coding.
 */
export function contentOf(body: Body, { entry, decoded }: ReadAnswer): Body {
  const coding = storedCoding(entry);
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
    // It takes any bytes, which its type says in another way.
    return new DecompressionStream(
      coding as CompressionFormat,
    ) as ReadableWritablePair<Uint8Array, Uint8Array>;
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
