// This module is browser compatible.
import { CallerFailure } from "./boundary.ts";
import { type Content, toUint8Array } from "./content.ts";
import { refuse } from "./gates.ts";

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
  readonly #path: string;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #reader: ReadableStreamDefaultReader<unknown> | undefined;

  constructor(
    path: string,
    content: Content,
    onProgress: ((bytes: number) => void) | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#path = path;
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
    const chunk = toUint8Array(value);
    if (chunk !== null) return chunk;
    this.#refuse(`it gave a chunk of type ${typeof value}, bytes are needed`);
  }

  #refuse(why: string): never {
    refuse("write", this.#path, `the content is not right, ${why}`);
  }
}
