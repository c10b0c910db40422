// This module is browser compatible.
import type {
  CallOptions,
  MultipartUpload,
  PartOptions,
  UploadedPart,
  WriteResult,
} from "../../mod.ts";
import { ProxyUpload } from "../_proxy/upload.ts";
import type { EventMetadata, StoreOperation, StoreStart } from "./event.ts";
import { watchListing } from "./listing.ts";
import type { Reporter } from "./reporter.ts";

/** Begins an operation of an upload. */
export type StartStep = (
  operation: StoreOperation,
  options: CallOptions,
  more?: EventMetadata,
) => StoreStart;

/** An upload in parts whose steps are reported. */
export class ObservedUpload extends ProxyUpload {
  readonly #reporter: Reporter;
  readonly #start: StartStep;

  constructor(inner: MultipartUpload, reporter: Reporter, start: StartStep) {
    super(inner);
    this.#reporter = reporter;
    this.#start = start;
  }

  override part(
    number: number,
    bytes: Uint8Array<ArrayBuffer>,
    options: PartOptions = {},
  ): Promise<UploadedPart> {
    return this.#reporter.run(
      this.#start("upload_part", options, { part: number }),
      () => this.inner.part(number, bytes, options),
      { describe: ({ size }) => ({ size }) },
    );
  }

  override parts(options: CallOptions = {}): AsyncIterable<UploadedPart> {
    const begin = () => this.#start("list_parts", options);
    try {
      return watchListing(this.inner.parts(options), this.#reporter, begin);
    } catch (error) {
      this.#reporter.end(begin(), { status: "error", error });
      throw error;
    }
  }

  override complete(
    parts: Iterable<UploadedPart>,
    options: CallOptions = {},
  ): Promise<WriteResult> {
    return this.#reporter.run(
      this.#start("complete_upload", options),
      () => this.inner.complete(parts, options),
      { describe: (result) => ({ write_result: result }) },
    );
  }

  override discard(options: CallOptions = {}): Promise<void> {
    return this.#reporter.run(
      this.#start("discard_upload", options),
      () => this.inner.discard(options),
    );
  }
}
