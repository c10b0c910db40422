// This module is browser compatible.
import { type Content, contentSpan, sharesKey } from "./records.ts";
import type { Transaction } from "./transaction.ts";

/** Counts one more file of a content and returns it as shared. */
export async function share(
  transaction: Transaction,
  content: Content,
): Promise<Content> {
  const key = sharesKey(content.id);
  const files = await transaction.get<number>(key) ?? 1;
  transaction.put(files + 1, key);
  return { ...content, shared: true };
}

/**
 * Counts one file less for each content, of which one may be there several times, and
 * deletes those that no file has any more.
 */
export async function release(
  transaction: Transaction,
  contents: readonly Content[],
): Promise<void> {
  const gone = new Map<string, number>();
  for (const { id, shared } of contents) {
    if (shared) gone.set(id, (gone.get(id) ?? 0) + 1);
    else transaction.deleteAll(contentSpan(id));
  }
  await Promise.all(Array.from(gone, async ([id, files]) => {
    const key = sharesKey(id);
    const left = (await transaction.get<number>(key) ?? 1) - files;
    if (left > 0) transaction.put(left, key);
    else transaction.deleteAll(contentSpan(id));
  }));
}
