// This module is browser compatible.
import {
  InvalidArgumentError,
  isRemoteStoreError,
  RemoteStoreError,
  requireKnown,
  type StoreLike,
  type WriteContent,
} from "../../mod.ts";
import { download, type FileHandle, upload } from "../_transfer/files.ts";
import {
  BATCH_COPY,
  type BatchCopyOptions,
  collect,
  type Items,
  requirePair,
} from "./collecting.ts";
import type { BatchResult } from "./outcomes.ts";

/** What is written, and where to. */
export type UploadPair = readonly [
  source: WriteContent | Pick<FileHandle, "getFile">,
  path: string,
];

/** What is read, and into what. */
export type DownloadPair = readonly [
  path: string,
  target: WritableStream | FileHandle,
];

/**
 * Writes files, handles, streams or bytes into a store. Errors are collected and thrown as
 * by {@linkcode batchDelete}; an item is the pair. What a source throws is collected too,
 * as the cause of a {@linkcode RemoteStoreError}.
 *
 * @example What the user picked
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { batchUpload } from "@remote-store/core/ext/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * const picked = [new File(["A"], "a.txt"), new File(["B"], "b.txt")];
 * const { failed } = await batchUpload(
 *   store,
 *   picked.map((file) => [file, `inbox/${file.name}`]),
 * );
 * assertEquals(failed, []);
 * ```
 *
 * @throws {InvalidArgumentError} If the options exclude each other or an item is no pair.
 * @throws {CapabilityNotSupportedError} If the store cannot write.
 */
export async function batchUpload(
  store: Pick<StoreLike, "write">,
  pairs: Items<UploadPair>,
  options: BatchCopyOptions = {},
): Promise<BatchResult<UploadPair>> {
  requireKnown("run the batch", null, options, BATCH_COPY);
  const { overwrite } = options;
  return await collect(pairs, options, async (pair, signal) => {
    const [source, path] = requirePair("upload", "source and path", pair);
    await asOurs(
      "upload",
      path,
      signal,
      () => upload(store, source, path, { overwrite, signal }),
    );
  });
}

/**
 * Writes files of a store into streams or file handles, and closes them. Errors are
 * collected and thrown as by {@linkcode batchUpload}; an item is the pair.
 *
 * @example Into streams of one's own
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { batchDownload } from "@remote-store/core/ext/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "A");
 * const sizes: number[] = [];
 * const target = () =>
 *   new WritableStream<Uint8Array>({ write: (chunk) => void sizes.push(chunk.length) });
 * const { failed } = await batchDownload(store, [
 *   ["a.txt", target()],
 *   ["b.txt", target()],
 * ]);
 * assertEquals(failed.map(({ error }) => error.code), ["NotFound"]);
 * assertEquals(sizes, [1]);
 * ```
 *
 * @throws {InvalidArgumentError} If the options exclude each other or an item is no pair.
 * @throws {CapabilityNotSupportedError} If the store cannot read.
 */
export async function batchDownload(
  store: Pick<StoreLike, "open">,
  pairs: Items<DownloadPair>,
  options: BatchCopyOptions = {},
): Promise<BatchResult<DownloadPair>> {
  requireKnown("run the batch", null, options, BATCH_COPY);
  const { overwrite } = options;
  return await collect(pairs, options, async (pair, signal) => {
    const [path, target] = requirePair("download", "path and target", pair);
    await asOurs(
      "download",
      path,
      signal,
      () => download(store, path, target, { overwrite, signal }),
    );
  });
}

/** Runs the work on one item: what its source or target throws is an error of that item. */
async function asOurs(
  action: string,
  path: string,
  signal: AbortSignal,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const isTold = signal.aborted || isRemoteStoreError(cause) ||
      cause instanceof InvalidArgumentError;
    if (isTold) throw cause;
    throw new RemoteStoreError(
      `Cannot ${action} ${JSON.stringify(path)}: ${cause}`,
      { path, cause },
    );
  }
}
