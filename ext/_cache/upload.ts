// This module is browser compatible.
import type {
  CallOptions,
  MultipartUpload,
  UploadedPart,
  WriteResult,
} from "../../mod.ts";
import { ProxyUpload } from "../_proxy/upload.ts";

/** An upload in parts whose completion is a change. */
export class CachedUpload extends ProxyUpload {
  readonly #change: (work: () => Promise<WriteResult>) => Promise<WriteResult>;

  constructor(
    inner: MultipartUpload,
    change: (work: () => Promise<WriteResult>) => Promise<WriteResult>,
  ) {
    super(inner);
    this.#change = change;
  }

  override complete(
    parts: Iterable<UploadedPart>,
    options?: CallOptions,
  ): Promise<WriteResult> {
    return this.#change(() => this.inner.complete(parts, options));
  }
}
