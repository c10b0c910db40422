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

/** Counts one file of a content less and deletes it with the last one. */
export async function release(
  transaction: Transaction,
  { id, shared }: Content,
): Promise<void> {
  if (shared) {
    const key = sharesKey(id);
    const files = await transaction.get<number>(key) ?? 1;
    if (files > 1) return transaction.put(files - 1, key);
  }
  transaction.deleteAll(contentSpan(id));
}
