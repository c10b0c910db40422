/**
 * Several ranges of one file in one call: neighbors in one request, some requests at once.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { readRanges } from "@remote-store/core/ext/ranges";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("table.bin", "0123456789");
 * const blob = await store.openBlob("table.bin");
 * const [head, foot] = await readRanges(blob, [
 *   { offset: 0, length: 2 },
 *   { suffix: 3 },
 * ]);
 * const text = (bytes?: Uint8Array) => new TextDecoder().decode(bytes);
 * assertEquals([text(head), text(foot)], ["01", "789"]);
 * ```
 *
 * @module
 */
import {
  BackendUnavailableError,
  type ByteRange,
  type CallOptions,
  InvalidArgumentError,
  type KnownOptions,
  METHOD_OPTIONS,
  requireKnown,
  withGrace,
} from "../mod.ts";

/** What ranges are read of: a handle by `openBlob`, or a `Blob` of the platform. */
export interface RangeSource {
  /** The number of bytes. */
  readonly size: number;
  /** Returns a part of it, to be read as a stream. */
  slice(
    start: number,
    end: number,
  ): { stream(): ReadableStream<Uint8Array> };
}

/** Options of {@linkcode readRanges}. */
export interface ReadRangesOptions extends CallOptions {
  /**
   * How many bytes that nobody asked for are read at most to save a request.
   *
   * @default {65536}
   */
  readonly gap?: number | undefined;
  /**
   * How many bytes a request has at most that is made of several ranges. One range is one
   * request, however long it is.
   *
   * @default {8388608}
   */
  readonly maxRequest?: number | undefined;
  /**
   * How many requests are under way at once, at most.
   *
   * @default {6, the connections that browsers and Workers allow}
   */
  readonly concurrency?: number | undefined;
}

const READ_RANGES: KnownOptions<ReadRangesOptions> = {
  ...METHOD_OPTIONS.call,
  gap: "number",
  maxRequest: "number",
  concurrency: "number",
};

type EachOf<T> = T extends unknown ? keyof T : never;
const RANGE: KnownOptions<Record<EachOf<ByteRange>, number>> = {
  offset: "number",
  length: "number",
  suffix: "number",
};

/** A part of the file: `to` is behind its last byte. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What one request reads, and for which of the ranges. */
interface Request extends Span {
  readonly parts: readonly number[];
}

/**
 * Reads ranges and returns their bytes in the order of the input: each the caller's own, as
 * many as the range has, less where the file ends before. All of one version, where the
 * handle is of one. Ranges may overlap, touch and repeat; those that lie near each other
 * are one request, and empty ones none. Holds what was asked for, the gaps between, and one
 * copy of it. The first error ends the other requests and is thrown when they have ended.
 *
 * @example Fewer requests than ranges
 * ```ts
 * import { readRanges } from "@remote-store/core/ext/ranges";
 * import { assertEquals } from "@std/assert";
 *
 * let requests = 0;
 * const file = new Blob(["0123456789"]);
 * const counted = {
 *   size: file.size,
 *   slice(start: number, end: number) {
 *     requests++;
 *     return file.slice(start, end);
 *   },
 * };
 * const ranges = [0, 2, 4, 9].map((offset) => ({ offset, length: 1 }));
 * const found = await readRanges(counted, ranges, { gap: 1 });
 * assertEquals([found.length, requests], [4, 2]);
 * ```
 *
 * @throws {InvalidArgumentError} If a range or an option is none.
 * @throws {PreconditionFailedError} If the file has changed since it was opened.
 */
export async function readRanges(
  blob: RangeSource,
  ranges: Iterable<ByteRange>,
  options: ReadRangesOptions = {},
): Promise<Uint8Array<ArrayBuffer>[]> {
  requireKnown("read", null, options, READ_RANGES);
  const { gap = 65_536, maxRequest = 8_388_608, concurrency = 6 } = options;
  requireWhole("gap", gap, 0);
  requireWhole("maxRequest", maxRequest, 1);
  requireWhole("concurrency", concurrency, 1);
  const spans = Array.from(ranges, (range) => spanOf(range, blob.size));
  const found = spans.map(() => new Uint8Array(0));
  const requests = requestsFor(spans, gap, maxRequest);
  await inLanes(
    requests,
    concurrency,
    options.signal,
    async (request, signal) => {
      const bytes = await readSpan(blob, request, signal);
      for (const part of request.parts) {
        const { from, to } = spans[part]!;
        found[part] = request.parts.length === 1
          ? bytes
          : bytes.slice(from - request.from, to - request.from);
      }
    },
  );
  return found;
}

function requireWhole(name: string, value: unknown, least: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw new InvalidArgumentError(
    `Cannot read the ranges: ${name} is ${
      String(value)
    }, a whole number from ${least} is needed`,
  );
}

function spanOf(range: ByteRange, size: number): Span {
  if (typeof range !== "object" || range === null) {
    throw new InvalidArgumentError("Cannot read the ranges: one is no range");
  }
  requireKnown<object>("read", null, range, RANGE, "range");
  const { offset, length = size, suffix } = range as {
    readonly offset: number;
    readonly length?: number;
    readonly suffix?: number;
  };
  if (suffix !== undefined) {
    requireWhole("suffix", suffix, 0);
    if (offset !== undefined || length !== size) {
      throw new InvalidArgumentError(
        "Cannot read the ranges: one has a suffix and an offset or a length",
      );
    }
    return { from: Math.max(0, size - suffix), to: size };
  }
  requireWhole("offset", offset, 0);
  requireWhole("length", length, 0);
  const from = Math.min(offset, size);
  return { from, to: Math.min(from + length, size) };
}

function requestsFor(
  spans: readonly Span[],
  gap: number,
  maxRequest: number,
): Request[] {
  const order = spans.map((_, part) => part)
    .filter((part) => spans[part]!.from < spans[part]!.to)
    .sort((a, b) => spans[a]!.from - spans[b]!.from);
  const requests: { from: number; to: number; parts: number[] }[] = [];
  for (const part of order) {
    const { from, to } = spans[part]!;
    const last = requests.at(-1);
    const joined = last === undefined ? 0 : Math.max(last.to, to) - last.from;
    // What lies in it already costs nothing.
    const isNear = last !== undefined && from - last.to <= gap &&
      (joined <= maxRequest || to <= last.to);
    if (isNear) {
      last.to = Math.max(last.to, to);
      last.parts.push(part);
    } else requests.push({ from, to, parts: [part] });
  }
  return requests;
}

async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  outer: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const signal = outer ? AbortSignal.any([outer, stop.signal]) : stop.signal;
  outer?.throwIfAborted();
  let next = 0;
  let failure: { readonly error: unknown } | null = null;
  const lane = async () => {
    try {
      while (next < items.length) {
        signal.throwIfAborted();
        await work(items[next++]!, signal);
      }
    } catch (error) {
      failure ??= { error };
      stop.abort(error);
    }
  };
  await withGrace(
    Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane)),
    outer,
  );
  outer?.throwIfAborted();
  if (failure !== null) throw (failure as { error: unknown }).error;
}

async function readSpan(
  blob: RangeSource,
  { from, to }: Span,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(to - from);
  const reader = blob.slice(from, to).stream().getReader();
  const end = () => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", end, { once: true });
  try {
    let at = 0;
    for (;;) {
      const { done, value } = await reader.read();
      // A stream that is canceled ends as one that is read.
      signal.throwIfAborted();
      if (done) break;
      if (at + value.byteLength > bytes.byteLength) throw isOther();
      bytes.set(value, at);
      at += value.byteLength;
    }
    if (at < bytes.byteLength) throw isOther();
    return bytes;
  } catch (error) {
    await reader.cancel(error).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function isOther(): BackendUnavailableError {
  return new BackendUnavailableError(
    "Cannot read the ranges: the file has other bytes than were asked for",
  );
}
