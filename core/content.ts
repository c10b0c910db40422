// This module is browser compatible.
import { BytesSource, streamOf } from "./body_reader.ts";
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
  /** The content itself, where it is the platform's own `Blob`. */
  readonly blob?: Blob | null;
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
  path: string | null,
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
    content = ENCODER.encode(content);
  }
  // In jsdom the encoder's bytes, too, are of another realm.
  const bytes = toUint8Array(content);
  if (bytes !== null) return ofBytes(bytes);
  if (typeof content !== "object" || content === null) {
    refuse(action, path, `content of type ${typeof content} cannot be written`);
  }
  return ofObject(action, path, content as unknown as ContentShape);
}

/**
 * What content can look like. Each kind is known by what it can do: classes differ from
 * realm to realm and from package to package, and so do the properties beside.
 */
interface ContentShape {
  readonly getReader?: unknown;
  readonly locked?: boolean;
  readonly headers?: { get?: (name: string) => string | null };
  readonly ok?: boolean;
  readonly status?: number;
  readonly method?: unknown;
  readonly type?: unknown;
  readonly body?: unknown;
  readonly bodyUsed?: boolean;
  readonly readableEnded?: boolean;
  readonly stream?: unknown;
  readonly size?: unknown;
  readonly readable?: unknown;
  readonly getFile?: unknown;
  readonly then?: unknown;
  readonly [Symbol.asyncIterator]?: unknown;
}

function ofObject(
  action: string,
  path: string | null,
  content: ContentShape,
): Content {
  if (isStream(content)) {
    if (content.locked) {
      refuse(action, path, "the stream is locked to a reader");
    }
    return ofStream(() => content, null, null);
  }
  const isMessage = typeof content.headers?.get === "function" &&
    "bodyUsed" in content;
  if (isMessage && typeof content.ok === "boolean") {
    return ofResponse(action, path, content);
  }
  if (isMessage && typeof content.method === "string") {
    refuse(
      action,
      path,
      "it is a Request: hand over its body, and its type as contentType",
    );
  }
  const { stream, size, type } = content;
  if (typeof stream === "function" && typeof size === "number") {
    // A file behind a network may not know how long it is: NaN or Infinity then.
    const known = Number.isSafeInteger(size) && size >= 0 ? size : null;
    const named = typeof type === "string" && type !== "" ? type : null;
    // Only the platform's own can be sliced and sent as it is.
    const blob = known !== null && content instanceof Blob ? content : null;
    const open = () => toReadable(stream.call(content));
    return { ...ofStream(open, known, named), blob };
  }
  const { bodyUsed, readableEnded } = content;
  if (isIterable(content)) {
    // Node's streams give nothing the second time, and a file would be empty.
    if (bodyUsed === true || readableEnded === true) {
      refuse(action, path, "the stream has been read already");
    }
    return ofStream(() => fromIterable(content), null, null);
  }
  refuse(action, path, `the content is no ${KINDS}${adviceFor(content)}`);
}

const KINDS = "string, bytes, Blob, stream or Response";

function adviceFor(content: ContentShape): string {
  if (typeof content.then === "function") return ": it is a promise, await it";
  if (typeof content.getFile === "function") {
    return ": it is a file handle, await its getFile()";
  }
  // Bytes would be known by now.
  if ("byteLength" in content) return ": its memory was given away";
  if ("arrayBuffer" in content) {
    return ": it has no stream()";
  }
  return isStream(content.readable) ? ": hand over its readable" : "";
}

function isStream(value: unknown): value is ReadableStream<Uint8Array> {
  return typeof (value as ContentShape | null)?.getReader === "function";
}

function isIterable(value: unknown): value is AsyncIterable<Uint8Array> {
  const shape = value as ContentShape | null;
  return typeof shape?.[Symbol.asyncIterator] === "function";
}

// Packages of before the web's streams give streams of Node.
function toReadable(value: unknown): ReadableStream<Uint8Array> {
  if (isStream(value)) return value;
  if (isIterable(value)) return fromIterable(value);
  refuse("read the content", null, "it gave no stream");
}

/**
 * Returns a chunk or a whole content as bytes, without a copy where the platform takes them
 * as they are; `null` where it is neither, or {@linkcode isTransferred}.
 * Never as a subclass: the `slice` of Node's Buffer is a view of the same memory.
 */
export function toUint8Array(value: unknown): Uint8Array<ArrayBuffer> | null {
  const isView = ArrayBuffer.isView(value);
  const buffer: unknown = isView ? value.buffer : value;
  // fetch, Blob and WebCrypto refuse shared memory, and in browsers what can be resized.
  const isFixed = buffer instanceof ArrayBuffer && !buffer.resizable;
  const isPlain = isView &&
    Object.getPrototypeOf(value) === Uint8Array.prototype;
  if (isPlain && isFixed && value.byteLength > 0) {
    return value as Uint8Array<ArrayBuffer>;
  }
  const kind: string = Object.prototype.toString.call(buffer);
  if (!kind.endsWith("ArrayBuffer]")) return null;
  if (isTransferred(buffer as ArrayBuffer)) return null;
  const bytes = isView
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(buffer as ArrayBuffer);
  return (isFixed ? bytes : bytes.slice()) as Uint8Array<ArrayBuffer>;
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

function ofResponse(
  action: string,
  path: string | null,
  response: ContentShape,
): Content {
  const { body, headers, status, ok } = response;
  if (!ok) {
    refuse(
      action,
      path,
      String(response.type).startsWith("opaque")
        ? "the response is opaque, so its content cannot be read"
        : `the response has the status ${status}, so its body is no content to keep`,
    );
  }
  if (response.bodyUsed || (isStream(body) && body.locked)) {
    refuse(action, path, "the response has been read already");
  }
  const type = headers?.get?.("content-type") || null;
  if (body === null || body === undefined) {
    return { ...ofBytes(new Uint8Array(0)), type };
  }
  // No size: fetch undoes Content-Encoding and keeps the Content-Length.
  return ofStream(() => toReadable(body), null, type);
}

/** Returns whether memory was given away, by `postMessage` for one: it looks empty then. */
function isTransferred(buffer: ArrayBufferLike): boolean {
  try {
    // Not every engine has `detached`.
    return buffer.byteLength === 0 && new Uint8Array(buffer).length > 0;
  } catch {
    return true;
  }
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
  return streamOf(new BytesSource(bytes, CHUNK_BYTES));
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
