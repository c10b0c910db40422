// This module is browser compatible.
import { BackendUnavailableError, NotFoundError } from "../../core/errors.ts";
import { release } from "./contents.ts";
import type { Database, Durability } from "./database.ts";
import type { FileRecord } from "./records.ts";
import { Tree } from "./tree.ts";

/** The most files of one transaction: other tabs wait for its end. */
const DELETED_FILES = 1000;

/** How a deletion is stored. */
export interface DeletingOptions {
  /** Aborted when the caller gives up. */
  readonly signal: AbortSignal | undefined;
  /** When it counts as stored. */
  readonly durability: Durability;
}

/** Deletes files in transactions that are bounded, and returns what failed, by key. */
export async function deleteKeys(
  database: Database,
  keys: readonly string[],
  options: DeletingOptions,
): Promise<ReadonlyMap<string, unknown>> {
  const failed = new Map<string, unknown>();
  let lost: unknown = null;
  for (let at = 0; at < keys.length; at += DELETED_FILES) {
    const some = keys.slice(at, at + DELETED_FILES);
    try {
      if (lost !== null) throw lost;
      const missing = await deleteTogether(database, some, options);
      for (const key of missing) failed.set(key, new NotFoundError());
    } catch (error) {
      options.signal?.throwIfAborted();
      for (const key of some) failed.set(key, error);
      // Each try would take its time. What is not tried is not in doubt.
      if (error instanceof BackendUnavailableError) {
        lost ??= new BackendUnavailableError("the database gave up before", {
          cause: error,
        });
      }
    }
  }
  return failed;
}

/** Deletes files in one transaction and returns which were not there. */
async function deleteTogether(
  database: Database,
  keys: readonly string[],
  options: DeletingOptions,
): Promise<readonly string[]> {
  const found = new Set<string>();
  return await database.run("readwrite", async (transaction, again) => {
    const tree = new Tree(transaction);
    await tree.load(keys);
    const missing: string[] = [];
    const files: FileRecord[] = [];
    for (const key of keys) {
      const file = tree.fileAt(key);
      if (file === null) {
        // The first time, whose answer was lost, has most likely deleted it.
        if (!again || !found.has(key)) missing.push(key);
        continue;
      }
      found.add(key);
      files.push(file);
      tree.remove(key);
    }
    await release(transaction, files);
    return missing;
  }, options);
}
