// This module is browser compatible.
import type {
  CallOptions,
  MultipartUpload,
  PartOptions,
  UploadedPart,
  WriteResult,
} from "../../mod.ts";

/** An upload in parts that forwards every call to another one: the base of those of proxies. */
export class ProxyUpload implements MultipartUpload {
  protected readonly inner: MultipartUpload;

  constructor(inner: MultipartUpload) {
    this.inner = inner;
  }

  get path(): string {
    return this.inner.path;
  }

  get id(): string {
    return this.inner.id;
  }

  get size(): number {
    return this.inner.size;
  }

  get partSize(): number {
    return this.inner.partSize;
  }

  part(
    number: number,
    bytes: Uint8Array<ArrayBuffer>,
    options?: PartOptions,
  ): Promise<UploadedPart> {
    return this.inner.part(number, bytes, options);
  }

  parts(options?: CallOptions): AsyncIterable<UploadedPart> {
    return this.inner.parts(options);
  }

  complete(
    parts: Iterable<UploadedPart>,
    options?: CallOptions,
  ): Promise<WriteResult> {
    return this.inner.complete(parts, options);
  }

  discard(options?: CallOptions): Promise<void> {
    return this.inner.discard(options);
  }
}
