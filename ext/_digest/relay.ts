// This module is browser compatible.

/** What happens to the chunks of a {@linkcode Relay}. */
export interface RelayWatcher<T> {
  /** Called with each chunk; returns what is passed on. What it throws ends both sides. */
  chunk(chunk: T): Uint8Array | Promise<Uint8Array>;
  /** Called once, when all chunks have passed, before the reader learns of it. */
  ended?(): void | Promise<void>;
  /** Called once, when the rest will not pass. */
  failed?(reason: unknown): void;
}

/**
 * A writable and a readable side with one chunk between them. A `TransformStream` in
 * all but two things: it costs less in Node, and it says when either side gives up,
 * which `TransformStream` does only in newer runtimes.
 */
export class Relay<T> {
  /** Where the chunks go in. */
  readonly writable: WritableStream<T>;
  /** Where they come out. */
  readonly readable: ReadableStream<Uint8Array>;
  readonly #watcher: RelayWatcher<T>;
  #out!: ReadableStreamDefaultController<Uint8Array>;
  #in!: WritableStreamDefaultController;
  /** Whether the reader waits for a chunk. */
  #wanted = false;
  #onWanted: (() => void) | undefined;
  #over = false;
  #reason: unknown;

  constructor(watcher: RelayWatcher<T>) {
    this.#watcher = watcher;
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#out = controller;
      },
      pull: () => this.#want(),
      cancel: (reason) => {
        this.#fail(reason);
        this.#in.error(reason);
        this.#want();
      },
    }, { highWaterMark: 0 });
    this.writable = new WritableStream<T>({
      start: (controller) => {
        this.#in = controller;
        // Told at once; the sink's own `abort` waits for a chunk under way, which waits
        // for a reader that may never come.
        controller.signal?.addEventListener("abort", () => {
          this.#stop(controller.signal.reason);
          this.#want();
        });
      },
      write: (chunk) => this.#write(chunk),
      close: () => this.#close(),
      abort: (reason) => this.#stop(reason),
    });
  }

  // No async function: a chunk that is wanted already costs no promise.
  #write(chunk: T): void | Promise<void> {
    if (!this.#wanted) {
      return new Promise<void>((resolve) => this.#onWanted = resolve)
        .then(() => this.#pass(chunk));
    }
    return this.#pass(chunk);
  }

  #pass(chunk: T): void | Promise<void> {
    if (this.#over) throw this.#reason;
    this.#wanted = false;
    try {
      const passed = this.#watcher.chunk(chunk);
      if (passed instanceof Uint8Array) return this.#out.enqueue(passed);
      return passed.then((bytes) => this.#give(bytes), (e) => this.#end(e));
    } catch (error) {
      this.#end(error);
    }
  }

  #give(bytes: Uint8Array): void {
    if (!this.#over) this.#out.enqueue(bytes);
  }

  async #close(): Promise<void> {
    try {
      await this.#watcher.ended?.();
    } catch (error) {
      this.#end(error);
    }
    if (this.#over) return;
    this.#over = true;
    this.#out.close();
  }

  #want(): void {
    const wake = this.#onWanted;
    this.#onWanted = undefined;
    if (wake === undefined) this.#wanted = true;
    else wake();
  }

  /** Ends both sides with what the watcher threw. */
  #end(error: unknown): never {
    this.#stop(error);
    throw error;
  }

  #stop(reason: unknown): void {
    this.#fail(reason);
    this.#out.error(reason);
  }

  #fail(reason: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#reason = reason;
    this.#watcher.failed?.(reason);
  }
}
