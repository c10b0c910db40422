// This module is browser compatible.
import { ByteSliceStream } from "@std/streams/byte-slice-stream";
import type { ReadAnswer } from "./backend.ts";
import { readAll } from "./body.ts";
import { BodyReader, hasByteStreams, streamOf } from "./body_reader.ts";
import { BackendUnavailableError } from "./errors.ts";
import type { ByteRange } from "./options.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const EMPTY: Bytes = new Uint8Array(0);

/** Returns a range that can be asked for: HTTP has no empty one (RFC 9110 §14.1.2), so a byte is asked for and dropped. */
export function askable(range: ByteRange | null): ByteRange | null {
  return range !== null && isNone(range) ? { offset: 0, length: 1 } : range;
}

function isNone(range: ByteRange): boolean {
  return "suffix" in range ? range.suffix === 0 : range.length === 0;
}

// Where the wanted bytes lie in the body: [from, to). `to` is null for its end.
function window(
  answer: ReadAnswer,
  range: ByteRange | null,
  size: number | null,
): { from: number; to: number | null } {
  if (range === null) {
    if (answer.offset === 0) return { from: 0, to: null };
    throw wrongRange(answer);
  }
  const start = "suffix" in range
    ? Math.max(0, (size ?? 0) - range.suffix)
    : range.offset;
  const length = "suffix" in range ? range.suffix : range.length;
  const from = start - answer.offset;
  if (from < 0 && length !== 0) throw wrongRange(answer);
  return { from, to: length === undefined ? null : from + length };
}

// RFC 9110 §15.3.7 lets a server answer with less than was asked for.
function requireAll(
  { offset, entry: { size } }: ReadAnswer,
  range: ByteRange | null,
  length: number,
): void {
  if (size === null || (range !== null && isNone(range))) return;
  const end = range === null || "suffix" in range || range.length === undefined
    ? size
    : Math.min(size, range.offset + range.length);
  if (offset + length >= end) return;
  throw new BackendUnavailableError(
    `the backend answered with the bytes up to ${offset + length} of ${end}`,
  );
}

function wrongRange(answer: ReadAnswer): BackendUnavailableError {
  return new BackendUnavailableError(
    `the backend answered with the bytes from ${answer.offset} on, which are not those asked for`,
  );
}

/** Cuts the bytes that are wanted out of those that came; refuses to make do with fewer. */
export function cut(
  body: Bytes,
  answer: ReadAnswer,
  range: ByteRange | null,
): Bytes {
  const size = answer.entry.size ?? answer.offset + body.byteLength;
  requireAll(answer, range, body.byteLength);
  const { from, to } = window(answer, range, size);
  return to === null && from === 0 ? body : body.subarray(
    Math.min(Math.max(from, 0), body.byteLength),
    to === null ? body.byteLength : Math.max(to, 0),
  );
}

/** Cuts the bytes that are wanted out of a stream, which is released if they are none or not there. */
export async function cutStream(
  body: ReadableStream<Uint8Array>,
  answer: ReadAnswer,
  range: ByteRange | null,
): Promise<Bytes | ReadableStream<Uint8Array>> {
  const size = answer.entry.size ??
    (answer.length === null ? null : answer.offset + answer.length);
  if (range !== null && "suffix" in range && size === null) {
    // Nobody knows where the last bytes start before the end has been seen.
    return cut(await readAll(body), answer, range);
  }
  if (answer.length !== null) requireAll(answer, range, answer.length);
  const { from, to } = window(answer, range, size);
  const whole = from === 0 &&
    (to === null || (answer.length !== null && to >= answer.length));
  if (whole) return body;
  if (to !== null && to <= Math.max(from, 0)) {
    await body.cancel();
    return EMPTY;
  }
  const sliced = body.pipeThrough(
    new ByteSliceStream(from, to === null ? Infinity : to - 1),
  );
  // What a transform gives cannot be read into a buffer.
  return hasByteStreams() ? streamOf(new BodyReader(sliced)) : sliced;
}
