// This module is browser compatible.
import { PreconditionFailedError } from "./errors.ts";
import type { Mount } from "./mount.ts";
import type { CallOptions } from "./options.ts";
import {
  asBytes,
  asStream,
  decodeText,
  type Reading,
  start,
} from "./reading.ts";
import type { FileInfo } from "./results.ts";

/**
 * A file as a lazy `Blob`: nothing is fetched before its bytes are asked for, and
 * all of them are of one version. If the file has changed since, reading is
 * {@linkcode PreconditionFailedError}.
 */
export interface RemoteBlob {
  /** The number of bytes. */
  readonly size: number;
  /** The media type; the empty string where it is unknown, as in `Blob`. */
  readonly type: string;
  /** The version that every byte comes from; `null` where the backend has no ETags. */
  readonly etag: string | null;
  /** Returns a part of it. Negative positions count from the end, as in `Blob`. */
  slice(start?: number, end?: number, contentType?: string): RemoteBlob;
  /** Returns its bytes as a stream. The request goes out at the first read. */
  stream(): ReadableStream<Uint8Array>;
  /** Reads it into memory. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** Reads it into memory. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** Reads it as UTF-8. */
  text(): Promise<string>;
}

/** Returns the lazy handle of the version that `info` describes. */
export function toBlob(
  mount: Mount,
  info: FileInfo & { readonly size: number },
  options: CallOptions,
): RemoteBlob {
  const pin: Pin = { mount, info, options };
  return new Slice(pin, 0, info.size, info.contentType ?? "");
}

interface Pin {
  readonly mount: Mount;
  readonly info: FileInfo & { readonly size: number };
  readonly options: CallOptions;
}

// What Web IDL's [Clamp], and so Blob, makes of a number: the nearest whole one, the
// even one of two.
function toInteger(position: number): number {
  const floor = Math.floor(position);
  if (Number.isNaN(floor)) return 0;
  const above = position - floor;
  if (above < 0.5 || floor === position) return floor;
  return above > 0.5 || floor % 2 !== 0 ? floor + 1 : floor;
}

// RFC 9110 §13.1.1: a weak tag never matches.
function strong(etag: string | null): string | null {
  return etag?.startsWith("W/") ? null : etag;
}

class Slice implements RemoteBlob {
  readonly size: number;
  readonly type: string;
  readonly etag: string | null;
  readonly #pin: Pin;
  readonly #offset: number;

  constructor(pin: Pin, offset: number, size: number, type: string) {
    this.#pin = pin;
    this.#offset = offset;
    this.size = size;
    this.type = type;
    this.etag = pin.info.etag;
  }

  slice(from = 0, to: number = this.size, contentType = ""): RemoteBlob {
    const low = this.#clamp(from);
    const size = Math.max(0, this.#clamp(to) - low);
    return new Slice(this.#pin, this.#offset + low, size, contentType);
  }

  #clamp(position: number): number {
    const at = toInteger(position);
    return at < 0 ? Math.max(this.size + at, 0) : Math.min(at, this.size);
  }

  async #open<T>(use: (reading: Reading) => T | Promise<T>): Promise<T> {
    const { mount, info, options } = this.#pin;
    const range = { offset: this.#offset, length: this.size };
    const ifMatch = strong(info.etag) ?? undefined;
    return await start(
      mount,
      "read",
      info.path,
      { ...options, range, ifMatch },
      async (reading) => {
        await this.#requireSame(reading);
        return use(reading);
      },
    );
  }

  // Without a strong ETag, size and time are all there is to see a change by.
  async #requireSame({ entry, body }: Reading): Promise<void> {
    const { info } = this.#pin;
    const modified = info.lastModified?.getTime() ?? null;
    if (strong(info.etag) !== null) return;
    if (entry.size === info.size && entry.lastModified === modified) return;
    const error = new PreconditionFailedError(
      "it has changed since it was opened",
    );
    if (!(body instanceof Uint8Array)) await body?.cancel(error);
    throw error;
  }

  stream(): ReadableStream<Uint8Array> {
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        if (this.size === 0) return controller.close();
        if (reader === undefined) {
          reader = (await this.#open(asStream)).getReader();
        }
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader?.cancel(reason),
    }, { highWaterMark: 0 });
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    // No bytes are of every version, so nobody needs to be asked.
    return this.size === 0 ? new Uint8Array(0) : await this.#open(asBytes);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer;
  }

  async text(): Promise<string> {
    return decodeText(await this.bytes());
  }
}
