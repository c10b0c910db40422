// This module is browser compatible.
import type { ReadAnswer, ReadRequest } from "../../core/backend.ts";
import { requireMatch } from "../../core/commit.ts";
import { toUint8Array } from "../../core/content.ts";
import type { ByteRange } from "../../core/options.ts";
import type { Database } from "./database.ts";
import { unpack } from "./compacting.ts";
import { changed, toFault } from "./failures.ts";
import { ROWS_A_PART } from "./parts.ts";
import {
  chunkSpan,
  type FileRecord,
  nodeKey,
  type NodeRow,
  type PackRow,
  toNode,
} from "./records.ts";
import type { Transaction } from "./transaction.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What is read of a Blob at once and not as a stream. */
const SMALL_BYTES = 1024 * 1024;

/** Starts reading a file: what its first transaction sees is the version that is read. */
export async function readFile(
  database: Database,
  key: string,
  { range, ifMatch, ifNoneMatch, signal }: ReadRequest,
): Promise<ReadAnswer | null> {
  const found = await database.read(async (transaction) => {
    const row = await transaction.get<NodeRow>(nodeKey(key));
    const file = row === undefined ? null : toNode(row);
    if (file?.kind !== "file") return null;
    if (ifMatch !== null) requireMatch(file.etag, ifMatch, key);
    const extent = new Extent(file, range);
    const chunks = file.etag === ifNoneMatch
      ? null
      : await extent.firstChunks(transaction);
    return { file, extent, chunks };
  }, signal);
  if (found === null) return null;
  const { file, extent, chunks } = found;
  const { from: offset, length } = extent;
  return {
    entry: file,
    offset,
    length,
    body: chunks === null
      ? null
      : file.content.blobs
      ? await ofBlobs(extent, chunks as Blob[])
      : ofRows(database, extent, chunks as Bytes[], signal),
  };
}

/** The bytes wanted of a file, and the chunks that have them. */
class Extent {
  readonly file: FileRecord;
  /** The first byte. */
  readonly from: number;
  /** How many bytes. */
  readonly length: number;
  /** Where the first byte is in all chunks. */
  readonly #start: number;
  /** The first chunk. */
  readonly first: number;
  /** The last chunk; less than the first where there is no byte. */
  readonly last: number;

  constructor(file: FileRecord, range: ByteRange | null) {
    const { size, content: { chunkSize, offset } } = file;
    this.file = file;
    this.from = range === null
      ? 0
      : "suffix" in range
      ? Math.max(0, size - range.suffix)
      : Math.min(range.offset, size);
    const wanted = range === null || "suffix" in range
      ? size
      : range.length ?? size;
    this.length = Math.min(wanted, size - this.from);
    this.#start = this.from + (offset ?? 0);
    this.first = Math.floor(this.#start / chunkSize);
    this.last = Math.ceil((this.#start + this.length) / chunkSize) - 1;
  }

  /** Where the first byte is in its chunk, or in its place of a pack. */
  get skip(): number {
    const { chunkSize, offset } = this.file.content;
    return this.#start - (offset ?? this.first * chunkSize);
  }

  /** Reads the chunks that are opened with the file: handles of all Blobs, or the first rows. */
  firstChunks(transaction: Transaction): Promise<unknown[]> {
    const { blobs } = this.file.content;
    const end = blobs ? this.last : this.first + ROWS_A_PART - 1;
    return this.chunks(transaction, this.first, end);
  }

  /** Reads some chunks. One that is missing was deleted with the version it belongs to. */
  async chunks(
    transaction: Transaction,
    first: number,
    last: number,
  ): Promise<unknown[]> {
    if (this.length === 0) return [];
    const { id, offset } = this.file.content;
    const end = Math.min(last, this.last);
    const chunks = await transaction.getAll(chunkSpan(id, first, end));
    if (chunks.length !== end - first + 1) throw changed();
    const found = offset === null
      ? chunks
      : [unpack(chunks[0] as PackRow, offset)];
    if (found[0] === null) throw changed();
    // An imitation under jsdom clones with the arrays of another realm.
    return found.map((one) => toUint8Array(one) ?? one);
  }
}

/** Handles of Blobs stay good when their records are replaced or deleted. */
async function ofBlobs(
  { skip, length }: Extent,
  blobs: Blob[],
): Promise<Bytes | ReadableStream<Uint8Array>> {
  const blob = new Blob(blobs).slice(skip, skip + length);
  if (length > SMALL_BYTES) return withFaults(blob.stream());
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (error) {
    throw toFault(error);
  }
}

/** Chromium says of a Blob that it cannot read "network error", as of a failed fetch. */
function withFaults(
  stream: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        throw changed(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

/** Rows are never written again, so each that is there is one of the version. */
function ofRows(
  database: Database,
  extent: Extent,
  rows: Bytes[],
  signal: AbortSignal | undefined,
): Bytes | ReadableStream<Uint8Array> {
  const { first, last, skip, length } = extent;
  if (first >= last) {
    return rows[0]?.subarray(skip, skip + length) ?? new Uint8Array(0);
  }
  let next = first + rows.length;
  let left = length;
  rows[0] = rows[0]?.subarray(skip) ?? new Uint8Array(0);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (left === 0) return controller.close();
      if (rows.length === 0) {
        const from = next;
        next += ROWS_A_PART;
        rows = await database.run(
          "readonly",
          (transaction) => extent.chunks(transaction, from, next - 1),
          { signal },
        ) as Bytes[];
      }
      const row = rows.shift()?.subarray(0, left) ?? new Uint8Array(0);
      left -= row.byteLength;
      controller.enqueue(row);
    },
  }, { highWaterMark: 0 });
}
