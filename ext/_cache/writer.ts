// This module is browser compatible.
import {
  type AtomicWriter,
  InvalidArgumentError,
  type WriteResult,
} from "../../mod.ts";

/** An atomic writer whose commit is a change. */
export class CachedWriter implements AtomicWriter {
  readonly writable: WritableStream<Uint8Array | string>;
  readonly #inner: AtomicWriter;
  readonly #change: (work: () => Promise<WriteResult>) => Promise<WriteResult>;
  #closing: Promise<WriteResult> | undefined;

  constructor(
    inner: AtomicWriter,
    change: (work: () => Promise<WriteResult>) => Promise<WriteResult>,
  ) {
    this.#inner = inner;
    this.#change = change;
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
    if (this.#closing === undefined) return this.#inner.write(chunk);
    // A change may wait for another one, and nothing may slip in meanwhile.
    return Promise.reject(
      new InvalidArgumentError("Cannot write: the writer is closed"),
    );
  }

  close(): Promise<WriteResult> {
    return this.#closing ??= this.#change(() => this.#inner.close());
  }

  abort(reason?: unknown): Promise<void> {
    // A change may wait for another one, and an abort behind it must not overtake it.
    return this.#closing === undefined
      ? this.#inner.abort(reason)
      : Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const dispose = async () => await this.#inner[Symbol.asyncDispose]();
    // A commit that nobody waits for ends before the block does.
    await (this.#closing?.then(() => {}, dispose) ?? dispose());
  }
}
