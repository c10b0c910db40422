// This module is browser compatible.
import { BytesSource, streamOf } from "./body_reader.ts";
import { PreconditionFailedError, refuse } from "./errors.ts";
import { READ } from "./known_options.ts";
import { LateBody } from "./late_body.ts";
import type { Mount } from "./mount.ts";
import type { OpenBlobOptions } from "./options.ts";
import { asBytes, asStream, drop, type Reading, start } from "./reading.ts";
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
  /**
   * Returns a part of it. Negative positions count from the end, as in `Blob`, and the
   * type is written in lower case, empty where it is not printable ASCII.
   */
  slice(start?: number, end?: number, contentType?: string): RemoteBlob;
  /**
   * Returns its bytes as a stream, into buffers of your own where the runtime has byte
   * streams. The request goes out at the first read; canceling ends it.
   */
  stream(): ReadableStream<Uint8Array>;
  /** Reads it into memory. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** Reads it into memory. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /**
   * Reads it into a `Blob` of the platform, with its type: for `URL.createObjectURL`,
   * `FormData` and whatever else takes no handle.
   */
  blob(): Promise<Blob>;
  /**
   * Reads it as UTF-8, as `Blob` does: without a byte order mark, and with U+FFFD for
   * ill-formed bytes. `readText` of a store is exact.
   */
  text(): Promise<string>;
  /**
   * Refuses to become text: `Response`, `Blob` and `FormData` take what is no `Blob` of
   * their own for a string. Hand them `stream()`, or the bytes.
   *
   * @throws {InvalidArgumentError} Always.
   */
  [Symbol.toPrimitive](): never;
}

/** Returns the lazy handle of the version that `info` describes; `content` is what is read already. */
export function toBlob(
  mount: Mount,
  info: FileInfo & { readonly size: number },
  options: OpenBlobOptions,
  content: Uint8Array<ArrayBuffer> | null = null,
): RemoteBlob {
  const pin: Pin = { mount, info, options, content };
  return new Slice(pin, 0, info.size, info.contentType ?? "");
}

interface Pin {
  readonly mount: Mount;
  readonly info: FileInfo & { readonly size: number };
  readonly options: OpenBlobOptions;
  /** All of it, where it is in memory already. */
  readonly content: Uint8Array<ArrayBuffer> | null;
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
    // File API §3.3.2; a type that came by way of JavaScript may be anything.
    const type = /^[\x20-\x7e]*$/.test(contentType ??= "")
      ? String(contentType).toLowerCase()
      : "";
    return new Slice(this.#pin, this.#offset + low, size, type);
  }

  #clamp(position: number): number {
    const at = toInteger(position);
    return at < 0 ? Math.max(this.size + at, 0) : Math.min(at, this.size);
  }

  async #open<T>(
    use: (reading: Reading) => T | Promise<T>,
    signal: AbortSignal | undefined = this.#pin.options.signal,
  ): Promise<T> {
    const { mount, info, content, options } = this.#pin;
    if (content !== null) {
      const { path } = info;
      const body = content.subarray(this.#offset, this.#offset + this.size);
      const call = { mount, action: "read", path, signal };
      const entry = { ...info, kind: "file", lastModified: null } as const;
      return await use({ call, path, entry, body });
    }
    // All of it is asked for as such: only then it shows that there is more than was told.
    const range = this.size === info.size
      ? undefined
      : { offset: this.#offset, length: this.size };
    const ifMatch = strong(info.etag) ?? undefined;
    const { versionId } = options;
    return await start(
      mount,
      "read",
      info.path,
      { signal, range, ifMatch, versionId },
      READ,
      async (reading) => {
        await this.#requireSame(reading);
        return use(reading);
      },
      info.size,
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
    await drop(body, error);
    throw error;
  }

  stream(): ReadableStream<Uint8Array> {
    const source = this.size === 0
      ? new BytesSource(new Uint8Array(0), 0)
      : new LateBody(
        (signal) => this.#open(asStream, signal),
        this.#pin.options.signal,
      );
    return streamOf(source);
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    // No bytes are of every version, so nobody needs to be asked.
    return this.size === 0 ? new Uint8Array(0) : await this.#open(asBytes);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer;
  }

  async blob(): Promise<Blob> {
    return new Blob([await this.bytes()], { type: this.type });
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  [Symbol.toPrimitive](): never {
    refuse(
      "turn into text",
      this.#pin.info.path,
      "it is a handle on a remote file, hand over its stream() or await its text()",
    );
  }
}
