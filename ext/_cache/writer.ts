// This module is browser compatible.
import type { AtomicWriter, WriteResult } from "../../mod.ts";
import { ProxyWriter } from "../_proxy/writer.ts";

/** An atomic writer whose commit is a change. */
export class CachedWriter extends ProxyWriter {
  readonly #change: (work: () => Promise<WriteResult>) => Promise<WriteResult>;
  #closing: Promise<WriteResult> | undefined;

  constructor(
    inner: AtomicWriter,
    change: (work: () => Promise<WriteResult>) => Promise<WriteResult>,
  ) {
    super(inner);
    this.#change = change;
  }

  // A change may wait for another one.
  protected override get ending(): Promise<WriteResult> | undefined {
    return this.#closing;
  }

  override close(): Promise<WriteResult> {
    return this.#closing ??= this.#change(() => this.inner.close());
  }
}
