// This module is browser compatible.
import type { WriteFacts } from "../../core/backend.ts";
import { mine, settle, UNKNOWN } from "../../core/doubt.ts";
import { RemoteStoreError } from "../../core/errors.ts";
import { change, look } from "./attempts.ts";
import type { R2Upload, R2UploadedPart, R2UploadOptions } from "./binding.ts";
import { release } from "./draft.ts";
import { failureCode, NO_SUCH_UPLOAD } from "./failures.ts";
import type { Settings } from "./options.ts";
import { toFacts } from "./wire.ts";

type Part = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

const NO_FACTS: WriteFacts = {
  etag: null,
  versionId: null,
  lastModified: null,
  digest: null,
};

/** An upload in parts, from its opening to its end. */
export class PartUpload {
  readonly #settings: Settings;
  readonly #key: string;
  readonly #stored: R2UploadOptions;
  #upload: R2Upload | null = null;

  constructor(settings: Settings, key: string, stored: R2UploadOptions) {
    this.#settings = settings;
    this.#key = key;
    this.#stored = stored;
  }

  /** Opens it. */
  async begin(signal: AbortSignal): Promise<void> {
    const { bucket } = this.#settings;
    this.#upload = await look(this.#settings, signal, async () => {
      const upload = await bucket.createMultipartUpload(
        this.#key,
        this.#stored,
      );
      // Nobody waits for its name any longer.
      if (signal.aborted) await upload.abort();
      return upload;
    });
  }

  /** Sends a part. `open` is called for each attempt. */
  async part(
    number: number,
    open: () => Part | Promise<Part>,
    signal: AbortSignal,
  ): Promise<R2UploadedPart> {
    const upload = this.#opened();
    // A part that is not part of an object yet changes nothing.
    return await look(
      this.#settings,
      signal,
      async () => {
        const part = await open();
        try {
          return await upload.uploadPart(number, part);
        } finally {
          if (part instanceof ReadableStream) await release(part);
        }
      },
    );
  }

  /** Makes the object of its parts, in place of what is there. */
  async complete(
    parts: readonly R2UploadedPart[],
    signal: AbortSignal,
  ): Promise<WriteFacts> {
    const upload = this.#opened();
    const attempt = await change(
      this.#settings,
      signal,
      async () => toFacts(await upload.complete([...parts])),
      ended,
    );
    const value = await settle(
      attempt,
      // Nobody else knows the upload, so the try before has ended it.
      () =>
        Promise.resolve(
          attempt.outcome === "doubtful" &&
            failureCode(attempt.error.cause) === NO_SUCH_UPLOAD
            ? mine(NO_FACTS)
            : UNKNOWN,
        ),
      signal,
    );
    this.#upload = null;
    return value;
  }

  /** Throws it away. */
  async abort(): Promise<void> {
    const upload = this.#upload;
    this.#upload = null;
    if (upload === null) return;
    const signal = AbortSignal.timeout(ABORT_MS);
    await look(this.#settings, signal, () => upload.abort());
  }

  #opened(): R2Upload {
    if (this.#upload !== null) return this.#upload;
    throw ended();
  }
}

function ended(): RemoteStoreError {
  return new RemoteStoreError("its upload has ended");
}

/** An abort has this long; R2 ends what it leaves after a week. */
const ABORT_MS = 30_000;
