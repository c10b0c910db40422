// This module is browser compatible.
import { CallerFailure } from "./boundary.ts";
import { InvalidArgumentError } from "./errors.ts";
import { statement } from "./mount.ts";
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
  if (ArrayBuffer.isView(content)) {
    if (content instanceof Uint8Array && isOwnMemory(content.buffer)) {
      return ofBytes(content as Uint8Array<ArrayBuffer>);
    }
    return ofBytes(
      toBytesOf(content.buffer, content.byteOffset, content.byteLength),
    );
  }
  if (isBuffer(content)) {
    return ofBytes(toBytesOf(content, 0, content.byteLength));
  }
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

function refuse(action: string, path: string, why: string): never {
  throw new InvalidArgumentError(`Cannot ${statement(action, path)}: ${why}`);
}

function isBuffer(value: unknown): value is ArrayBufferLike {
  const kind = Object.prototype.toString.call(value);
  return kind === "[object ArrayBuffer]" ||
    kind === "[object SharedArrayBuffer]";
}

function isOwnMemory(buffer: ArrayBufferLike): boolean {
  return buffer instanceof ArrayBuffer ||
    Object.prototype.toString.call(buffer) === "[object ArrayBuffer]";
}

function toBytesOf(
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
): Uint8Array<ArrayBuffer> {
  const view = new Uint8Array(buffer, offset, length);
  // fetch and WebCrypto refuse views of shared memory.
  return isOwnMemory(buffer)
    ? view as Uint8Array<ArrayBuffer>
    : new Uint8Array(view);
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
      controller.enqueue(bytes.slice(offset, offset += CHUNK_BYTES));
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
      controller.enqueue(value instanceof Uint8Array ? value.slice() : value);
    },
    cancel(reason) {
      // Not awaited: behind a pending next() a generator never gets to it.
      const returned = iterator?.return?.(reason);
      returned?.catch?.(() => {});
    },
  }, { highWaterMark: 0 });
}

/**
 * The stream that a backend reads a write's content from: it checks every chunk,
 * counts the bytes, reports progress, ends when the call is aborted, and remembers
 * what the caller's own code threw.
 */
export class Source {
  /** What the backend reads. Nothing is read before it does. */
  readonly stream: ReadableStream<Uint8Array>;
  /** The bytes that have passed. */
  bytes = 0;
  /** What the caller's code threw; `null` while it has not. */
  failure: CallerFailure | null = null;
  /** Whether all of the content has passed. */
  ended = false;

  readonly #open: () => ReadableStream<Uint8Array>;
  readonly #size: number | null;
  readonly #onProgress: ((bytes: number) => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #subject: string;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #reader: ReadableStreamDefaultReader<unknown> | undefined;

  constructor(
    subject: string,
    content: Content,
    onProgress: ((bytes: number) => void) | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#subject = subject;
    this.#open = content.open;
    this.#size = content.size;
    this.#onProgress = onProgress;
    this.#signal = signal;
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: (controller) => this.#pull(controller),
      cancel: (reason) => this.abandon(reason),
    }, { highWaterMark: 0 });
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Cancels the content, if it was touched, and lets go of the signal. */
  abandon(reason: unknown): void {
    this.#release();
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader === undefined || this.ended) return;
    // The write has failed already: how the source takes it changes nothing, and
    // a source that never answers must not hold it up.
    reader.cancel(reason).catch(() => {});
  }

  #onAbort = (): void => {
    const reason: unknown = this.#signal?.reason;
    this.#controller?.error(reason);
    this.abandon(reason);
  };

  #release(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  async #pull(
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Promise<void> {
    try {
      const chunk = await this.#next();
      if (chunk === null) {
        this.ended = true;
        this.#release();
        controller.close();
      } else {
        controller.enqueue(chunk);
      }
    } catch (error) {
      if (this.#signal?.aborted) return;
      this.failure ??= new CallerFailure(error);
      controller.error(error);
      this.abandon(error);
    }
  }

  async #next(): Promise<Uint8Array | null> {
    this.#reader ??= this.#open().getReader() as ReadableStreamDefaultReader<
      unknown
    >;
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) {
        if (this.#size !== null && this.bytes !== this.#size) {
          this.#refuse(`it ended after ${this.bytes} of ${this.#size} bytes`);
        }
        return null;
      }
      const chunk = this.#check(value);
      if (chunk.byteLength === 0) continue;
      this.bytes += chunk.byteLength;
      if (this.#size !== null && this.bytes > this.#size) {
        this.#refuse(`it has more than its ${this.#size} bytes`);
      }
      this.#onProgress?.(this.bytes);
      return chunk;
    }
  }

  #check(value: unknown): Uint8Array {
    if (value instanceof Uint8Array) return value;
    if (ArrayBuffer.isView(value)) {
      return toBytesOf(value.buffer, value.byteOffset, value.byteLength);
    }
    if (isBuffer(value)) return toBytesOf(value, 0, value.byteLength);
    this.#refuse(`it gave a chunk of type ${typeof value}, bytes are needed`);
  }

  #refuse(why: string): never {
    throw new InvalidArgumentError(
      `Cannot ${this.#subject}: the content is not right, ${why}`,
    );
  }
}
