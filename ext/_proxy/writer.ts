// This module is browser compatible.
import {
  asyncDispose,
  type AtomicWriter,
  type WriteResult,
} from "../../mod.ts";

/**
 * An atomic writer over another one: the base of those of proxies. What a proxy adds to an
 * end may take its time, and what is called behind it does not overtake it.
 */
export abstract class ProxyWriter implements AtomicWriter {
  readonly writable: WritableStream<Uint8Array | string>;
  readonly #inner: AtomicWriter;
  // Each begins in the turn of its call.
  #closing: Promise<WriteResult> | undefined;
  #discarding: Promise<void> | undefined;

  constructor(inner: AtomicWriter) {
    this.#inner = inner;
    this.writable = new WritableStream({
      write: (chunk) => this.write(chunk),
      close: async () => void await this.close(),
      abort: (reason) => this.abort(reason),
    });
  }

  /** Does the commit: at once, or around what the proxy adds. */
  protected abstract commit(
    work: () => Promise<WriteResult>,
  ): Promise<WriteResult>;

  /** Throws away what was written, by `abort` or by disposal. */
  protected discard(work: () => Promise<void>): Promise<void> {
    return work();
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
    // The writer below knows why it was discarded.
    return this.#closing ??= this.#discarding?.then(close, close) ??
      this.commit(close);
  }

  abort(reason?: unknown): Promise<void> {
    return this.#discard(() => this.#inner.abort(reason));
  }

  [asyncDispose](): Promise<void> {
    return this.#discard(async () => await this.#inner[asyncDispose]());
  }

  #discard(work: () => Promise<void>): Promise<void> {
    return this.#discarding ??= this.#closing?.then(work, work) ??
      this.discard(work);
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    return (this.#closing ?? this.#discarding)?.then(act, act) ?? act();
  }
}
