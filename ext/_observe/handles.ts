// This module is browser compatible.
import {
  asyncDispose,
  type AtomicWriter,
  type RemoteBlob,
  type WriteResult,
} from "../../mod.ts";
import type { StoreStart, StreamEvent } from "./event.ts";
import { type Reporter, skipped } from "./reporter.ts";

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
    const { operation, path, root, backend, startedAt, correlationId } = start;
    const event: StreamEvent = Object.freeze({
      operation: operation as StreamEvent["operation"],
      path,
      root,
      backend,
      startedAt,
      duration: performance.now() - startedAt,
      bytes,
      status,
      error,
      correlationId,
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
        controller.error(error);
      }
    },
    async cancel(reason) {
      end("canceled", reason);
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

/** Returns a listing whose every iteration is reported when it ends. */
export function watchListing<T>(
  items: AsyncIterable<T>,
  reporter: Reporter,
  begin: () => StoreStart,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => new Iteration(items, reporter, begin),
  };
}

class Iteration<T> implements AsyncIterator<T> {
  readonly #items: AsyncIterable<T>;
  readonly #reporter: Reporter;
  readonly #begin: () => StoreStart;
  #inner: Promise<AsyncIterator<T>> | null = null;
  #around: Promise<unknown> = Promise.resolve();
  #finish: (error: { readonly error: unknown } | null) => void = () => {};
  #start: StoreStart | null = null;
  #count = 0;
  #ended = false;

  constructor(
    items: AsyncIterable<T>,
    reporter: Reporter,
    begin: () => StoreStart,
  ) {
    this.#items = items;
    this.#reporter = reporter;
    this.#begin = begin;
  }

  async next(): Promise<IteratorResult<T>> {
    let step: IteratorResult<T>;
    try {
      const inner = await (this.#inner ??= this.#enter());
      step = await inner.next();
    } catch (error) {
      // Over: some loops call `return` now, and wait for it.
      this.#inner = Promise.resolve(NOTHING);
      await this.#end({ error }, false);
      throw error;
    }
    if (step.done) await this.#end(null, true);
    else this.#count++;
    return step;
  }

  async return(): Promise<IteratorResult<T>> {
    if (this.#inner === null) {
      this.#inner = Promise.resolve(NOTHING);
      return { done: true, value: undefined };
    }
    const inner = await this.#inner;
    try {
      await inner.return?.();
    } catch (error) {
      await this.#end({ error }, false);
      throw error;
    }
    await this.#end(null, false);
    return { done: true, value: undefined };
  }

  #enter(): Promise<AsyncIterator<T>> {
    const start = this.#start = this.#begin();
    const { around } = this.#reporter.options;
    const open = () => this.#items[Symbol.asyncIterator]();
    if (around === undefined) return Promise.resolve(open());
    return new Promise((resolve, reject) => {
      let end: Promise<void> | null = null;
      const next = () => {
        if (end !== null) return end;
        end = new Promise<void>((done, fail) => {
          this.#finish = (failure) => failure ? fail(failure.error) : done();
        });
        end.catch(() => {});
        resolve(open());
        return end;
      };
      // The operation is the iteration, so it is around all of its steps.
      this.#around = Promise.resolve().then(() => around(start, next));
      const refuse = (error: unknown) => {
        // Not begun, so there is no end to report.
        this.#ended ||= end === null;
        reject(error);
      };
      this.#around.then(() => refuse(skipped(start)), refuse);
    });
  }

  async #end(
    failure: { readonly error: unknown } | null,
    complete: boolean,
  ): Promise<void> {
    if (this.#ended || this.#start === null) return;
    this.#ended = true;
    const metadata = { count: this.#count, complete };
    this.#reporter.end(
      this.#start,
      failure === null
        ? { status: "ok", metadata }
        : { status: "error", error: failure.error, metadata },
    );
    this.#finish(failure);
    await (failure === null ? this.#around : this.#around.catch(() => {}));
  }
}

const NOTHING: AsyncIterator<never> = {
  next: () => Promise.resolve({ done: true, value: undefined }),
};

/** An atomic writer whose commit and discard are reported. */
export class ObservedWriter implements AtomicWriter {
  readonly writable: WritableStream<Uint8Array | string>;
  readonly #inner: AtomicWriter;
  readonly #reporter: Reporter;
  readonly #start: (
    operation: "commit_atomic" | "discard_atomic",
  ) => StoreStart;
  #ended = false;

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
    return this.#inner.write(chunk);
  }

  close(): Promise<WriteResult> {
    if (this.#ended) return this.#inner.close();
    this.#ended = true;
    return this.#reporter.run(
      this.#start("commit_atomic"),
      () => this.#inner.close(),
      (result) => ({ write_result: result }),
    );
  }

  abort(reason?: unknown): Promise<void> {
    return this.#discard(() => this.#inner.abort(reason));
  }

  [asyncDispose](): Promise<void> {
    return this.#discard(async () => await this.#inner[asyncDispose]());
  }

  async #discard(work: () => Promise<void>): Promise<void> {
    if (this.#ended) return await work();
    this.#ended = true;
    await this.#reporter.run(this.#start("discard_atomic"), work);
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

  text(): Promise<string> {
    return this.#run(() => this.#inner.text());
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    const size = { size: this.size };
    return this.#reporter.run(this.#start(), work, () => size);
  }
}
