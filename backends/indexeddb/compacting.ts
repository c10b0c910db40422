// This module is browser compatible.
import { toRows } from "./parts.ts";
import {
  chunkKey,
  type CompactRow,
  contentSpan,
  PACK_BYTES,
  type PackRecord,
  type PackRow,
  sharesKey,
} from "./records.ts";
import type { Transaction } from "./transaction.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A file's place in a pack. */
export interface Place {
  /** Where it starts, in the pack as it was at first. */
  readonly offset: number;
  /** Its bytes. */
  readonly size: number;
}

/** Counts one more file of a place in a pack. */
export async function sharePlace(
  transaction: Transaction,
  id: string,
  offset: number,
): Promise<void> {
  const key = sharesKey(id);
  const record = await transaction.get<PackRecord>(key);
  if (record === undefined) return;
  const copies = { ...record.copies };
  copies[offset] = (copies[offset] ?? 0) + 1;
  transaction.put({ ...record, files: record.files + 1, copies }, key);
}

/**
 * Counts the files of a pack that go. The last one takes it along; where more than half
 * of its bytes are nobody's, it is compacted, so a pack is at most twice as large as
 * what its files need, and no byte is moved more often than some other was deleted.
 */
export async function releasePlaces(
  transaction: Transaction,
  id: string,
  places: readonly Place[],
): Promise<void> {
  const key = sharesKey(id);
  const record = await transaction.get<PackRecord>(key);
  const files = (record?.files ?? 0) - places.length;
  if (record === undefined || files <= 0) {
    return transaction.deleteAll(contentSpan(id));
  }
  const copies: Record<number, number> = { ...record.copies };
  const gone = [...record.gone ?? []];
  for (const { offset, size } of places) {
    const more = copies[offset] ?? 0;
    if (more === 0) gone.push(offset, size);
    else if (more === 1) delete copies[offset];
    else copies[offset] = more - 1;
  }
  const next: PackRecord = {
    files,
    size: record.size,
    ...(Object.keys(copies).length > 0 ? { copies } : {}),
  };
  const left = record.size -
    gone.reduce((sum, value, i) => i % 2 === 0 ? sum : sum + value, 0);
  if (2 * left >= record.size) {
    return transaction.put({ ...next, gone }, key);
  }
  const row = await transaction.get<PackRow>(chunkKey(id, 0));
  if (row !== undefined) {
    transaction.put(compacted(row, gone), chunkKey(id, 0));
  }
  transaction.put({ ...next, size: left }, key);
}

/** Returns the bytes of a pack from a file's place on; `null` where they are not there. */
export function unpack(
  row: PackRow,
  offset: number,
): Uint8Array<ArrayBuffer> | null {
  for (const [start, bytes] of piecesOf(row)) {
    if (offset >= start && offset < start + bytes.byteLength) {
      return bytes.subarray(offset - start);
    }
  }
  return null;
}

/** Returns a pack without some places. Its files keep their offsets. */
function compacted(row: PackRow, gone: readonly number[]): CompactRow {
  const ends = new Map<number, number>();
  for (let i = 0; i < gone.length; i += 2) ends.set(gone[i]!, gone[i + 1]!);
  const starts = [...ends.keys()].sort((a, b) => a - b);
  const places: number[] = [];
  const kept: Bytes[] = [];
  for (const [start, bytes] of piecesOf(row)) {
    const end = start + bytes.byteLength;
    let from = start;
    const keep = (to: number) => {
      if (to <= from) return;
      places.push(from, to - from);
      kept.push(bytes.subarray(from - start, to - start));
    };
    for (const hole of starts) {
      if (hole < start || hole >= end) continue;
      keep(hole);
      from = hole + ends.get(hole)!;
    }
    keep(end);
  }
  const [bytes = new Uint8Array(0)] = toRows(kept, PACK_BYTES);
  return { bytes, places };
}

/** The pieces of a pack, with where each was at first. */
function* piecesOf(row: PackRow): Generator<[start: number, bytes: Bytes]> {
  if (!("places" in row)) return yield [0, row];
  let at = 0;
  for (let i = 0; i < row.places.length; i += 2) {
    const size = row.places[i + 1]!;
    yield [row.places[i]!, row.bytes.subarray(at, at += size)];
  }
}
