// This module is browser compatible.
import { type Place, releasePlaces, sharePlace } from "./compacting.ts";
import {
  type Content,
  contentSpan,
  type FileRecord,
  sharesKey,
} from "./records.ts";
import type { Transaction } from "./transaction.ts";

/** What is let go of: a content, and how much of it the file has. */
export type Released = Pick<FileRecord, "content" | "size">;

/** Counts one more file of a content and returns it as shared. */
export async function share(
  transaction: Transaction,
  content: Content,
): Promise<Content> {
  const { id, offset } = content;
  if (offset !== null) {
    await sharePlace(transaction, id, offset);
    return content;
  }
  const key = sharesKey(id);
  const files = await transaction.get<number>(key) ?? 1;
  transaction.put(files + 1, key);
  return { ...content, shared: true };
}

/**
 * Counts one file less for the content of each, of which one may be there several times,
 * and deletes what no file has any more.
 */
export async function release(
  transaction: Transaction,
  files: readonly Released[],
): Promise<void> {
  const shares = new Map<string, number>();
  const packs = new Map<string, Place[]>();
  for (const { size, content: { id, shared, offset } } of files) {
    if (offset !== null) {
      const places = packs.get(id);
      if (places === undefined) packs.set(id, [{ offset, size }]);
      else places.push({ offset, size });
    } else if (shared) shares.set(id, (shares.get(id) ?? 0) + 1);
    else transaction.deleteAll(contentSpan(id));
  }
  await Promise.all([
    ...Array.from(shares, async ([id, files]) => {
      const key = sharesKey(id);
      const left = (await transaction.get<number>(key) ?? 1) - files;
      if (left > 0) transaction.put(left, key);
      else transaction.deleteAll(contentSpan(id));
    }),
    ...Array.from(
      packs,
      ([id, places]) => releasePlaces(transaction, id, places),
    ),
  ]);
}
