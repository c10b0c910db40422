/**
 * Files in and out of a store, and between stores, as streams: nothing is loaded whole,
 * and nothing is left half-written.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { transfer, upload } from "@remote-store/core/ext/transfer";
 * import { assertEquals } from "@std/assert";
 *
 * const here = new Store({ backend: new MemoryBackend() });
 * const there = new Store({ backend: new MemoryBackend() });
 *
 * void await upload(here, new Blob(["Hello"], { type: "text/plain" }), "a.txt");
 * void await transfer(here, "a.txt", there, "b.txt");
 * assertEquals((await there.getFileInfo("b.txt")).contentType, "text/plain");
 * ```
 *
 * @module
 */
import {
  type KnownOptions,
  METHOD_OPTIONS,
  type ReadOptions,
  requireKnown,
  type StoreLike,
  withGrace,
  type WriteOptions,
  type WriteResult,
} from "../mod.ts";
import { carriedOf } from "./_transfer/carried.ts";
import { fieldsOf, respond } from "./_transfer/response.ts";
import { opened, untilAborted } from "./_transfer/waiting.ts";

export {
  download,
  type DownloadOptions,
  type FileHandle,
  upload,
} from "./_transfer/files.ts";
export { type ResponseOptions, toResponse } from "./_transfer/response.ts";
export { statusOf } from "./_transfer/status.ts";

/** Options of {@linkcode transfer}: those of a write, but for what the source decides. */
export interface StoreTransferOptions
  extends
    Pick<WriteOptions, "overwrite" | "ifMatch" | "signal" | "onProgress"> {
  /**
   * Whether user metadata goes with the file. A target that cannot keep it refuses a
   * file that has some.
   *
   * @default {true}
   */
  readonly metadata?: boolean | undefined;
  /**
   * Whether the content is transferred of a file that is stored with a `Content-Encoding`;
   * the copy then has none. Without, the stored bytes are, as they are.
   *
   * @default {false}
   */
  readonly decode?: boolean | undefined;
}

const STORE_TRANSFER: KnownOptions<StoreTransferOptions> = {
  ...METHOD_OPTIONS.call,
  overwrite: "boolean",
  ifMatch: "string",
  onProgress: "function",
  metadata: "boolean",
  decode: "boolean",
};

/**
 * Returns a file as a `Response`: its stream, its type and its other header fields. For
 * a `Blob`, `await (await openResponse(store, path)).blob()`.
 *
 * @example As a Blob
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { openResponse } from "@remote-store/core/ext/transfer";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "Hello", { contentType: "text/plain" });
 * const blob = await (await openResponse(store, "a.txt")).blob();
 * assertEquals([blob.type, blob.size], ["text/plain", 5]);
 * ```
 */
export async function openResponse(
  store: Pick<StoreLike, "open">,
  path: string,
  options: Omit<ReadOptions, "range"> = {},
): Promise<Response> {
  requireKnown("open", path, options, METHOD_OPTIONS.readText);
  const { info, body } = await opened(store, path, options);
  return respond(body, fieldsOf(info));
}

/**
 * Copies a file from one store to another, or within one, as a stream: with its type,
 * its other header fields and its user metadata. Read as fast as it is written, and
 * written all or nothing where the target can.
 *
 * @example Count bytes on the way
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { transfer } from "@remote-store/core/ext/transfer";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "Hello", { metadata: { by: "ada" } });
 * let bytes = 0;
 * const { metadata } = await transfer(store, "a.txt", store, "b.txt", {
 *   onProgress: (sofar) => bytes = sofar,
 * });
 * assertEquals([bytes, metadata], [5, { by: "ada" }]);
 * ```
 */
export async function transfer(
  source: Pick<StoreLike, "open">,
  sourcePath: string,
  target: Pick<StoreLike, "write" | "writeAtomic" | "supports">,
  targetPath: string,
  options: StoreTransferOptions = {},
): Promise<WriteResult> {
  requireKnown("transfer", sourcePath, options, STORE_TRANSFER);
  const { metadata: carry = true, decode, ...write } = options;
  const { signal } = write;
  const { info, body } = await opened(source, sourcePath, { decode, signal });
  const content = body as ReadableStream<Uint8Array>;
  const whole: WriteOptions = {
    ...write,
    ...carriedOf(info),
    metadata: carry ? info.metadata : null,
  };
  try {
    return await withGrace(
      target.supports("atomic_write")
        ? target.writeAtomic(targetPath, content, whole)
        : target.write(targetPath, content, whole),
      signal,
    );
  } catch (error) {
    // A refusal leaves the stream untouched, and it is ours.
    await untilAborted(content.cancel(error), signal).catch(() => {});
    throw error;
  }
}
