/**
 * An upload in parts of the fake bucket.
 *
 * @module
 */
import type {
  R2ObjectFacts,
  R2Upload,
  R2UploadedPart,
} from "../../../backends/r2/mod.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Value = Bytes | ReadableStream<Uint8Array>;

const MIN_PART = 5 * 1024 * 1024;

/** An upload. */
export class FakeUpload implements R2Upload {
  /** The key of the object to come. */
  readonly key: string;
  /** The parts, by their number. */
  readonly parts = new Map<number, { etag: string; bytes: Bytes }>();
  readonly #take: (value: Value) => Promise<Bytes>;
  readonly #store: (bytes: Bytes, etag: string) => R2ObjectFacts;
  readonly #open: Set<FakeUpload>;
  readonly #count: (method: string) => void;

  constructor(
    key: string,
    take: (value: Value) => Promise<Bytes>,
    store: (bytes: Bytes, etag: string) => R2ObjectFacts,
    open: Set<FakeUpload>,
    count: (method: string) => void,
  ) {
    this.key = key;
    this.#take = take;
    this.#store = store;
    this.#open = open;
    this.#count = count;
  }

  async uploadPart(number: number, value: Value): Promise<R2UploadedPart> {
    const bytes = await this.#take(value);
    this.#requireOpen("uploadPart");
    const etag = crypto.randomUUID();
    this.parts.set(number, { etag, bytes });
    return { partNumber: number, etag };
  }

  async abort(): Promise<void> {
    this.#count("abort");
    await Promise.resolve();
    this.#open.delete(this);
  }

  async complete(list: R2UploadedPart[]): Promise<R2ObjectFacts> {
    this.#count("complete");
    await Promise.resolve();
    this.#requireOpen("completeMultipartUpload");
    const parts = list.map(({ partNumber, etag }) => {
      const part = this.parts.get(partNumber);
      if (part?.etag === etag) return part.bytes;
      throw refusal("One or more parts could not be found.", 10025);
    });
    const first = parts[0]?.byteLength ?? 0;
    for (const [index, { byteLength }] of parts.entries()) {
      const isLast = index === parts.length - 1;
      if (!isLast && byteLength < MIN_PART) {
        throw refusal("Your proposed upload is smaller than allowed.", 10011);
      }
      if (isLast ? byteLength > first : byteLength !== first) {
        throw refusal("All non-trailing parts must have one length.", 10048);
      }
    }
    this.#open.delete(this);
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    const name = crypto.randomUUID().replaceAll("-", "");
    return this.#store(bytes, `${name}-${parts.length}`);
  }

  #requireOpen(call: string): void {
    if (this.#open.has(this)) return;
    throw new Error(
      `${call}: The specified multipart upload does not exist. (10024)`,
    );
  }
}

function refusal(message: string, code: number): Error {
  return new Error(`completeMultipartUpload: ${message} (${code})`);
}
