// This module is browser compatible.
import {
  asyncDispose,
  type AtomicWriter,
  type RemoteBlob,
  type WriteResult,
} from "../../mod.ts";
import type { StoreStart, StreamEvent } from "./event.ts";
import type { Reporter } from "./reporter.ts";

/** Returns the stream as it is, or one that reports its end, where somebody listens. */
export function watchStream(
  stream: ReadableStream<Uint8Array>,
  reporter: Reporter,
  start: StoreStart,
): ReadableStream<Uint8Array> {
  const { onStreamEnd } = reporter.options;
  if (onStreamEnd === undefined) return stream;
  const reader = stream.getReader();
  let bytes = 0;
  let ended = false;
  const end = (status: StreamEvent["status"], error: unknown = null) => {
    if (ended) return;
    ended = true;
    const { metadata: _asked, signal: _own, ...about } = start;
    const event: StreamEvent = Object.freeze({
      ...about,
      operation: about.operation as StreamEvent["operation"],
      duration: performance.now() - about.startedAt,
      bytes,
      status,
      error,
    });
    reporter.quietly(() => onStreamEnd(event));
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      // An abort breaks a stream that nobody pulls from, too.
      reader.closed.catch((error) => {
        end("error", error);
        controller.error(error);
      });
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          end("ok");
          return controller.close();
        }
        bytes += value.byteLength;
        controller.enqueue(value);
      } catch (error) {
        end("error", error);
        throw error;
      }
    },
    cancel(reason) {
      end("canceled", reason);
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

/** An atomic writer whose commit and discard are reported. */
export class ObservedWriter implements AtomicWriter {
  readonly writable: WritableStream<Uint8Array | string>;
  readonly #inner: AtomicWriter;
  readonly #reporter: Reporter;
  readonly #start: (
    operation: "commit_atomic" | "discard_atomic",
  ) => StoreStart;
  // Each begins in the turn of its call: a hook may hold it up, and what is called
  // meanwhile must not overtake it.
  #closing: Promise<WriteResult> | undefined;
  #discarding: Promise<void> | undefined;

  constructor(
    inner: AtomicWriter,
    reporter: Reporter,
    start: (operation: "commit_atomic" | "discard_atomic") => StoreStart,
  ) {
    this.#inner = inner;
    this.#reporter = reporter;
    this.#start = start;
    this.writable = new WritableStream({
      write: (chunk) => this.write(chunk),
      close: async () => void await this.close(),
      abort: (reason) => this.abort(reason),
    });
  }

  get position(): number {
    return this.#inner.position;
  }

  get result(): WriteResult | null {
    return this.#inner.result;
  }

  write(chunk: Uint8Array | string): Promise<void> {
    return this.#inTurn(() => this.#inner.write(chunk));
  }

  close(): Promise<WriteResult> {
    const close = () => this.#inner.close();
    return this.#closing ??= this.#discarding === undefined
      ? this.#reporter.run(
        this.#start("commit_atomic"),
        close,
        { describe: (result) => ({ write_result: result }) },
      )
      // The writer below knows why it was discarded.
      : this.#discarding.then(close, close);
  }

  abort(reason?: unknown): Promise<void> {
    return this.#discard(() => this.#inner.abort(reason));
  }

  [asyncDispose](): Promise<void> {
    return this.#discard(async () => await this.#inner[asyncDispose]());
  }

  #discard(work: () => Promise<void>): Promise<void> {
    return this.#closing !== undefined
      ? this.#inTurn(work)
      : this.#discarding ??= this.#reporter.run(
        this.#start("discard_atomic"),
        work,
      );
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const before = this.#closing ?? this.#discarding;
    return before?.then(act, act) ?? act();
  }
}

/** A lazy handle whose reads are reported. */
export class ObservedBlob implements RemoteBlob {
  readonly #inner: RemoteBlob;
  readonly #reporter: Reporter;
  readonly #start: () => StoreStart;

  constructor(
    inner: RemoteBlob,
    reporter: Reporter,
    start: () => StoreStart,
  ) {
    this.#inner = inner;
    this.#reporter = reporter;
    this.#start = start;
  }

  get size(): number {
    return this.#inner.size;
  }

  get type(): string {
    return this.#inner.type;
  }

  get etag(): string | null {
    return this.#inner.etag;
  }

  slice(start?: number, end?: number, contentType?: string): RemoteBlob {
    const part = this.#inner.slice(start, end, contentType);
    return new ObservedBlob(part, this.#reporter, this.#start);
  }

  stream(): ReadableStream<Uint8Array> {
    const start = this.#start();
    // Opened here, as `read` is; how it ends is told by the stream.
    const stream = this.#reporter.runNow(start, () => this.#inner.stream());
    return watchStream(stream, this.#reporter, start);
  }

  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#run(() => this.#inner.bytes());
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#run(() => this.#inner.arrayBuffer());
  }

  blob(): Promise<Blob> {
    return this.#run(() => this.#inner.blob());
  }

  text(): Promise<string> {
    return this.#run(() => this.#inner.text());
  }

  [Symbol.toPrimitive](): never {
    return this.#inner[Symbol.toPrimitive]();
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    const size = { size: this.size };
    return this.#reporter.run(this.#start(), work, { describe: () => size });
  }
}
