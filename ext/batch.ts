/**
 * One call for many paths: delete, copy, upload, download, look up, and copy or move whole
 * folders, some at once, with an exact account of what failed.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { batchDelete } from "@remote-store/core/ext/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "A");
 *
 * const { succeeded, failed } = await batchDelete(store, ["a.txt", "b.txt"]);
 * assertEquals(succeeded, ["a.txt"]);
 * assertEquals(failed.map(({ item, error }) => [item, error.code]), [
 *   ["b.txt", "NotFound"],
 * ]);
 * ```
 *
 * @module
 */
import {
  type KnownOptions,
  requireKnown,
  type StoreLike,
  type TransferOptions,
} from "../mod.ts";
import { chunksOf } from "./_batch/chunks.ts";
import {
  BATCH,
  BATCH_COPY,
  type BatchCopyOptions,
  type BatchOptions,
  checked,
  COLLECT,
  collect,
  type CollectOptions,
  type Items,
  lanesOf,
  requirePair,
} from "./_batch/collecting.ts";
import type { CopyPair } from "./_batch/folders.ts";
import { runLanes } from "./_batch/lanes.ts";
import {
  type BatchFailure,
  type BatchResult,
  collectable,
  failure,
  toResult,
} from "./_batch/outcomes.ts";

export type {
  BatchCopyOptions,
  BatchOptions,
  CollectOptions,
  Items,
} from "./_batch/collecting.ts";
export { copyFolder, type CopyPair, moveFolder } from "./_batch/folders.ts";
export type { BatchFailure, BatchResult } from "./_batch/outcomes.ts";
export {
  batchDownload,
  batchUpload,
  type DownloadPair,
  type UploadPair,
} from "./_batch/transfers.ts";
export type { FileHandle } from "./_transfer/files.ts";

/** Options of {@linkcode batchDelete}. */
export interface BatchDeleteOptions extends CollectOptions {
  /**
   * Whether an absent file is no error. In bulk, as without `concurrency` and
   * `stopOnError`, the path of a folder is none either: it stays as it is.
   *
   * @default {false}
   */
  readonly missingOk?: boolean | undefined;
}

const BATCH_DELETE: KnownOptions<BatchDeleteOptions> = {
  ...COLLECT,
  missingOk: "boolean",
};

/** How many paths go into one bulk delete: what one request of S3 takes. */
const BULK_PATHS = 1000;

/**
 * Deletes files: with `concurrency` or `stopOnError` one by one, else in bulk as far as
 * the backend can. Errors of the store are collected. What says that the call itself is
 * wrong is thrown, as soon as what is under way has been aborted and has settled: a
 * missing capability, an argument of the wrong kind, an abort.
 *
 * @example Delete what a listing gives, while it is being listed
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { batchDelete } from "@remote-store/core/ext/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * for (const name of "abc") void await store.write(`old/${name}`, name);
 *
 * async function* paths() {
 *   for await (const { path } of store.listFiles("old")) yield path;
 * }
 * const { total } = await batchDelete(store, paths(), { missingOk: true });
 * assertEquals(total, 3);
 * ```
 *
 * @throws {InvalidArgumentError} If the options exclude each other or the paths are no list.
 * @throws {CapabilityNotSupportedError} If the store cannot delete.
 */
export async function batchDelete(
  store: Pick<StoreLike, "delete" | "deleteMany">,
  paths: Items<string>,
  options: BatchDeleteOptions = {},
): Promise<BatchResult<string>> {
  requireKnown("run the batch", null, options, BATCH_DELETE);
  const { missingOk, concurrency, stopOnError } = options;
  if (concurrency === undefined && !stopOnError) {
    return await deleteInBulk(store, paths, options);
  }
  return await collect(
    paths,
    options,
    (path, signal) => store.delete(path, { missingOk, signal }),
  );
}

async function deleteInBulk(
  store: Pick<StoreLike, "deleteMany">,
  paths: Items<string>,
  options: BatchDeleteOptions,
): Promise<BatchResult<string>> {
  const { missingOk } = options;
  const tried: string[] = [];
  const failed: BatchFailure<string>[] = [];
  await runLanes(
    chunksOf(checked(paths), BULK_PATHS),
    { lanes: 1, signal: options.signal },
    async (chunk, _, signal) => {
      const errorOf = await store.deleteMany(chunk, { missingOk, signal }).then(
        (errors) => (path: string) => errors.get(path),
        // The request as a whole: nobody knows how far it came.
        (error) => () => collectable(error, signal),
      );
      for (const item of chunk) {
        const error = errorOf(item);
        const index = tried.push(item) - 1;
        if (error === undefined) continue;
        failed.push(failure(item, index, collectable(error, signal)));
      }
      return true;
    },
  );
  return toResult(tried, failed);
}

/**
 * Copies files. Errors are collected and thrown as by {@linkcode batchDelete}; an item
 * is the pair, so two copies of one source have two outcomes.
 *
 * @example Copy one file to two places
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { batchCopy } from "@remote-store/core/ext/batch";
 * import { assert } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "A");
 * const { allSucceeded } = await batchCopy(store, [
 *   ["a.txt", "b.txt"],
 *   ["a.txt", "c.txt"],
 * ]);
 * assert(allSucceeded);
 * ```
 *
 * @throws {InvalidArgumentError} If the options exclude each other or an item is no pair.
 * @throws {CapabilityNotSupportedError} If the store cannot copy.
 */
export async function batchCopy(
  store: Pick<StoreLike, "copy">,
  pairs: Items<CopyPair>,
  options: BatchCopyOptions = {},
): Promise<BatchResult<CopyPair>> {
  requireKnown("run the batch", null, options, BATCH_COPY);
  const { overwrite } = options;
  // deno-lint-ignore require-await -- what it throws has to reject
  return await collect(pairs, options, async (pair, signal) => {
    const [source, target] = requirePair("copy", "source and target", pair);
    return store.copy(
      source,
      target,
      { overwrite, signal } satisfies TransferOptions,
    );
  });
}

/**
 * Returns for each path whether a file or folder is there, in the order of the input.
 * Errors are thrown: a refusal does not mean that nothing is there.
 *
 * @example Look for several paths
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { batchExists } from "@remote-store/core/ext/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "A");
 * const found = await batchExists(store, ["a.txt", "b.txt"]);
 * assertEquals([...found], [["a.txt", true], ["b.txt", false]]);
 * ```
 *
 * @throws {InvalidArgumentError} If the paths are no list.
 */
export async function batchExists(
  store: Pick<StoreLike, "exists">,
  paths: Items<string>,
  options: BatchOptions = {},
): Promise<Map<string, boolean>> {
  requireKnown("run the batch", null, options, BATCH);
  const found: [path: string, exists: boolean][] = [];
  const work = async (path: string, index: number, signal: AbortSignal) => {
    found[index] = [path, await store.exists(path, { signal })];
    return true;
  };
  const { signal } = options;
  await runLanes(checked(paths), { lanes: lanesOf(options), signal }, work);
  return new Map(found);
}
