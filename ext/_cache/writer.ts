// This module is browser compatible.
import {
  asyncDispose,
  type AtomicWriter,
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
    return this.#inTurn(() => this.#inner.write(chunk));
  }

  close(): Promise<WriteResult> {
    return this.#closing ??= this.#change(() => this.#inner.close());
  }

  abort(reason?: unknown): Promise<void> {
    return this.#inTurn(() => this.#inner.abort(reason));
  }

  [asyncDispose](): Promise<void> {
    return this.#inTurn(async () => await this.#inner[asyncDispose]());
  }

  // A change may wait for another one, and what is called behind it must not overtake it.
  #inTurn(act: () => Promise<void>): Promise<void> {
    return this.#closing?.then(act, act) ?? act();
  }
}
