import { bytesOf } from "./bench.ts";
import type { WriteContent } from "../../mod.ts";

/** Returns a stream of chunks, each made when it is asked for. */
export function streamOf(
  chunks: Iterable<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
}

/** Returns an async iterable that fills one and the same buffer again and again. */
export function reusingIterable(text: string): AsyncIterable<Uint8Array> {
  const bytes = bytesOf(text);
  const buffer = new Uint8Array(4);
  return {
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes.byteLength; at += buffer.byteLength) {
        const part = bytes.subarray(at, at + buffer.byteLength);
        buffer.set(part);
        await Promise.resolve();
        yield buffer.subarray(0, part.byteLength);
      }
    },
  };
}

/** Returns text in pieces of a few bytes. */
export function* pieces(
  text: string,
  size = 4,
): Generator<Uint8Array<ArrayBuffer>> {
  const bytes = bytesOf(text);
  for (let at = 0; at < bytes.byteLength; at += size) {
    yield bytes.slice(at, at + size);
  }
}

/** Bytes that anyone can make again: the position's hash. */
export function* patternChunks(
  size: number,
  chunk = 64 * 1024,
): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < size; at += chunk) {
    const bytes = new Uint8Array(Math.min(chunk, size - at));
    for (let i = 0; i < bytes.byteLength; i++) bytes[i] = patternAt(at + i);
    yield bytes;
  }
}

/** Returns the byte of the pattern at a position. No power of two is its period. */
export function patternAt(position: number): number {
  return (position * 31 + (position >> 8) * 17 + (position >> 16) * 7) & 0xff;
}

/** A kind of content, as a row of the table. */
export interface ContentKind {
  /** What a point's label says. */
  readonly name: string;
  /** Returns the text as this kind of content. */
  readonly make: (text: string) => WriteContent;
  /** The media type that the content names itself. */
  readonly type?: string;
}

/** Every kind of content that can be written. */
export const CONTENT_KINDS: readonly ContentKind[] = [
  { name: "string", make: (text) => text },
  { name: "Uint8Array", make: bytesOf },
  {
    name: "a view into a larger buffer",
    make: (text) => {
      const bytes = bytesOf(text);
      const larger = new Uint8Array(bytes.byteLength + 14).fill(33);
      larger.set(bytes, 8);
      return larger.subarray(8, 8 + bytes.byteLength);
    },
  },
  {
    name: "DataView",
    make: (text) => {
      const { buffer, byteLength } = bytesOf(`!!${text}`).slice();
      return new DataView(buffer, 2, byteLength - 2);
    },
  },
  { name: "ArrayBuffer", make: (text) => bytesOf(text).slice().buffer },
  {
    name: "Blob",
    make: (text) => new Blob([text], { type: "text/x-blob" }),
    type: "text/x-blob",
  },
  { name: "ReadableStream", make: (text) => streamOf(pieces(text)) },
  { name: "async iterable", make: reusingIterable },
  {
    name: "Response",
    make: (text) =>
      new Response(text, { headers: { "content-type": "text/x-response" } }),
    type: "text/x-response",
  },
];

/** What is no content, each with its name. */
export const BAD_CONTENTS: readonly (readonly [string, () => unknown])[] = [
  ["undefined", () => undefined],
  ["null", () => null],
  ["a number", () => 42],
  ["a plain object", () => ({ bytes: 1 })],
  ["an array of numbers", () => [1, 2, 3]],
  ["a string with a lone surrogate", () => "a\udc00"],
  ["a locked stream", () => {
    const stream = streamOf(pieces("locked"));
    stream.getReader();
    return stream;
  }],
  ["a failed response", () => new Response("no", { status: 404 })],
];
