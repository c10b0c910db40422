// This module is browser compatible.
import { InvalidArgumentError } from "../../mod.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Returns bytes as a view of the same memory; `null` for what is no bytes. Never as a
 * subclass: the `slice` of Node's Buffer copies nothing.
 */
export function toBytes(value: unknown): Bytes | null {
  if (ArrayBuffer.isView(value)) {
    // The usual chunk, at the price of two checks; it comes once every 64 KiB.
    const isPlain = Object.getPrototypeOf(value) === Uint8Array.prototype;
    const { buffer } = value;
    return isPlain && buffer instanceof ArrayBuffer && !buffer.resizable
      ? value as Bytes
      : view(value.buffer, value.byteOffset, value.byteLength);
  }
  const kind = Object.prototype.toString.call(value);
  if (
    kind !== "[object ArrayBuffer]" && kind !== "[object SharedArrayBuffer]"
  ) {
    return null;
  }
  const buffer = value as ArrayBufferLike;
  return view(buffer, 0, buffer.byteLength);
}

/** Returns a stream's chunk as bytes; another kind of chunk ends the stream. */
export function toChunk(value: unknown): Bytes {
  const chunk = toBytes(value);
  if (chunk !== null) return chunk;
  throw new InvalidArgumentError(
    `Cannot hash a stream: it gave a chunk of type ${typeof value}, bytes are needed`,
  );
}

function isOwnMemory(buffer: ArrayBufferLike): boolean {
  return Object.prototype.toString.call(buffer) === "[object ArrayBuffer]" &&
    !(buffer as ArrayBuffer).resizable;
}

function view(buffer: ArrayBufferLike, offset: number, length: number): Bytes {
  const bytes = new Uint8Array(buffer, offset, length);
  // Another thread may change shared memory between the hash and the write, and browsers
  // hash nothing that can be resized.
  return isOwnMemory(buffer) ? bytes as Bytes : new Uint8Array(bytes);
}
