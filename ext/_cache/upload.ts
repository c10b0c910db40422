// This module is browser compatible.
import type {
  CallOptions,
  MultipartUpload,
  PartOptions,
  UploadedPart,
  WriteResult,
} from "../../mod.ts";

/** An upload in parts whose completion is a change. */
export class CachedUpload implements MultipartUpload {
  readonly #inner: MultipartUpload;
  readonly #change: (work: () => Promise<WriteResult>) => Promise<WriteResult>;

  constructor(
    inner: MultipartUpload,
    change: (work: () => Promise<WriteResult>) => Promise<WriteResult>,
  ) {
    this.#inner = inner;
    this.#change = change;
  }

  get path(): string {
    return this.#inner.path;
  }

  get id(): string {
    return this.#inner.id;
  }

  get size(): number {
    return this.#inner.size;
  }

  get partSize(): number {
    return this.#inner.partSize;
  }

  part(
    number: number,
    bytes: Uint8Array<ArrayBuffer>,
    options?: PartOptions,
  ): Promise<UploadedPart> {
    return this.#inner.part(number, bytes, options);
  }

  parts(options?: CallOptions): AsyncIterable<UploadedPart> {
    return this.#inner.parts(options);
  }

  complete(
    parts: Iterable<UploadedPart>,
    options?: CallOptions,
  ): Promise<WriteResult> {
    return this.#change(() => this.#inner.complete(parts, options));
  }

  discard(options?: CallOptions): Promise<void> {
    return this.#inner.discard(options);
  }
}
