// This module is browser compatible.
import type { AtomicWriter, WriteResult } from "../../mod.ts";
import { ProxyWriter } from "../_proxy/writer.ts";

/** An atomic writer whose commit is a change. */
export class CachedWriter extends ProxyWriter {
  protected override readonly commit: (
    work: () => Promise<WriteResult>,
  ) => Promise<WriteResult>;

  constructor(
    inner: AtomicWriter,
    change: (work: () => Promise<WriteResult>) => Promise<WriteResult>,
  ) {
    super(inner);
    this.commit = change;
  }
}
