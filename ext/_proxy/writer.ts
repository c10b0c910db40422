// This module is browser compatible.
import {
  asyncDispose,
  type AtomicWriter,
  type WriteResult,
} from "../../mod.ts";

/**
 * An atomic writer over another one: the base of those of proxies. What a proxy adds to an
 * end may take its time, and what is called behind it must not overtake it: {@linkcode inTurn}.
 */
export abstract class ProxyWriter implements AtomicWriter {
  readonly writable: WritableStream<Uint8Array | string>;
  protected readonly inner: AtomicWriter;

  constructor(inner: AtomicWriter) {
    this.inner = inner;
    this.writable = new WritableStream({
      write: (chunk) => this.write(chunk),
      close: async () => void await this.close(),
      abort: (reason) => this.abort(reason),
    });
  }

  /** The end that is under way or done; absent before it. */
  protected abstract get ending(): Promise<unknown> | undefined;

  abstract close(): Promise<WriteResult>;

  get position(): number {
    return this.inner.position;
  }

  get result(): WriteResult | null {
    return this.inner.result;
  }

  write(chunk: Uint8Array | string): Promise<void> {
    return this.inTurn(() => this.inner.write(chunk));
  }

  abort(reason?: unknown): Promise<void> {
    return this.discard(() => this.inner.abort(reason));
  }

  [asyncDispose](): Promise<void> {
    return this.discard(async () => await this.inner[asyncDispose]());
  }

  /** Throws away what was written, by `abort` or by disposal. */
  protected discard(work: () => Promise<void>): Promise<void> {
    return this.inTurn(work);
  }

  /** Does what comes behind the end, once that has settled; at once where there is none. */
  protected inTurn(act: () => Promise<void>): Promise<void> {
    return this.ending?.then(act, act) ?? act();
  }
}
