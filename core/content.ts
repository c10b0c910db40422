// This module is browser compatible.
import { refuse } from "./errors.ts";
import type { WriteContent } from "./options.ts";
import { isWellFormed } from "./path.ts";

/** Content as it was given, told apart but not yet touched. */
export interface Content {
  /** The bytes, where they are at hand. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** Opens the bytes that are not at hand; called once at most. */
  readonly open: () => ReadableStream<Uint8Array>;
  /** The number of bytes, where it is known. */
  readonly size: number | null;
  /** The media type that the content itself names. */
  readonly type: string | null;
}

const ENCODER = new TextEncoder();

/**
 * Tells the kinds of content apart, by shape because a value of another realm is
 * no instance of this one's classes. Nothing is read or locked yet.
 *
 * @throws {InvalidArgumentError} If it is no content, locked, read already, or a failed response.
 */
export function toContent(
  action: string,
  path: string,
  content: WriteContent,
): Content {
  if (typeof content === "string") {
    if (!isWellFormed(content)) {
      refuse(
        action,
        path,
        "the text holds a lone surrogate, which UTF-8 cannot carry",
      );
    }
    return ofBytes(ENCODER.encode(content));
  }
  const bytes = toUint8Array(content);
  if (bytes !== null) return ofBytes(bytes);
  if (typeof content !== "object" || content === null) {
    refuse(action, path, `content of type ${typeof content} cannot be written`);
  }
  if ("getReader" in content) {
    if (content.locked) {
      refuse(action, path, "the stream is locked to a reader");
    }
    return ofStream(() => content, null, null);
  }
  if ("bodyUsed" in content) return ofResponse(action, path, content);
  if ("stream" in content && "size" in content) {
    return ofStream(() => content.stream(), content.size, content.type || null);
  }
  if (Symbol.asyncIterator in content) {
    return ofStream(() => fromIterable(content), null, null);
  }
  refuse(
    action,
    path,
    "the content is no string, bytes, Blob, stream or Response",
  );
}

/**
 * Returns a chunk or a whole content as bytes, without a copy; `null` where it is neither.
 * Never as a subclass: the `slice` of Node's Buffer is a view of the same memory.
 */
export function toUint8Array(value: unknown): Uint8Array<ArrayBuffer> | null {
  const isView = ArrayBuffer.isView(value);
  const buffer: unknown = isView ? value.buffer : value;
  const isPlain = isView &&
    Object.getPrototypeOf(value) === Uint8Array.prototype;
  if (isPlain && buffer instanceof ArrayBuffer) {
    return value as Uint8Array<ArrayBuffer>;
  }
  const kind = Object.prototype.toString.call(buffer);
  const shared = kind === "[object SharedArrayBuffer]";
  if (!shared && kind !== "[object ArrayBuffer]") return null;
  const bytes = isView
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(buffer as ArrayBuffer);
  // fetch and WebCrypto refuse views of shared memory.
  return (shared ? bytes.slice() : bytes) as Uint8Array<ArrayBuffer>;
}

function ofBytes(bytes: Uint8Array<ArrayBuffer>): Content {
  const open = () => toStream(bytes);
  return { bytes, open, size: bytes.byteLength, type: null };
}

function ofStream(
  open: () => ReadableStream<Uint8Array>,
  size: number | null,
  type: string | null,
): Content {
  return { bytes: null, open, size, type };
}

function ofResponse(action: string, path: string, response: Response): Content {
  if (!response.ok) {
    refuse(
      action,
      path,
      response.type.startsWith("opaque")
        ? "the response is opaque, so its content cannot be read"
        : `the response has the status ${response.status}, so its body is no content to keep`,
    );
  }
  if (response.bodyUsed || response.body?.locked) {
    refuse(action, path, "the response has been read already");
  }
  const type = response.headers.get("content-type");
  const { body } = response;
  if (body === null) return { ...ofBytes(new Uint8Array(0)), type };
  // No size: fetch undoes Content-Encoding and keeps the Content-Length.
  return ofStream(() => body, null, type);
}

/** Returns content whose bytes are its own. */
export function snapshot(content: Content): Content {
  if (content.bytes === null) return content;
  const own = ofBytes(content.bytes.slice());
  return { ...own, type: content.type };
}

const CHUNK_BYTES = 256 * 1024;

/** Returns a stream over copies of `bytes`, made as they are pulled. */
export function toStream(
  bytes: Uint8Array<ArrayBuffer>,
): ReadableStream<Uint8Array> {
  let offset = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (offset >= bytes.byteLength) return controller.close();
      // A backend's bytes may be a Buffer, whose slice() is a view.
      const chunk = bytes.subarray(offset, offset += CHUNK_BYTES);
      controller.enqueue(new Uint8Array(chunk));
    },
  }, { highWaterMark: 0 });
}

function fromIterable(
  iterable: AsyncIterable<Uint8Array>,
): ReadableStream<Uint8Array> {
  let iterator: AsyncIterator<Uint8Array> | undefined;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      iterator ??= iterable[Symbol.asyncIterator]();
      const { done, value } = await iterator.next();
      if (done) return controller.close();
      // A stream gives its chunks away; a generator may fill its buffer again.
      controller.enqueue(toUint8Array(value)?.slice() ?? value);
    },
    cancel(reason) {
      // Not awaited: behind a pending next() a generator never gets to it.
      const returned = iterator?.return?.(reason);
      returned?.catch?.(() => {});
    },
  }, { highWaterMark: 0 });
}
