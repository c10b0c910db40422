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
  readonly path: string;
  readonly id: string;
  readonly size: number;
  readonly partSize: number;
  protected readonly inner: MultipartUpload;

  constructor(inner: MultipartUpload) {
    this.inner = inner;
    this.path = inner.path;
    this.id = inner.id;
    this.size = inner.size;
    this.partSize = inner.partSize;
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
