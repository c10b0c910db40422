// This module is browser compatible.
import {
  AlreadyExistsError,
  type FileInfo,
  InvalidArgumentError,
  type KnownOptions,
  METHOD_OPTIONS,
  type ReadOptions,
  requireKnown,
  type StoreLike,
  withGrace,
  type WriteContent,
  type WriteOptions,
  type WriteResult,
} from "../../mod.ts";
import { pump } from "./pump.ts";
import { opened, untilAborted } from "./waiting.ts";

/** A file that the user or the origin's own file system keeps: a `FileSystemFileHandle`. */
export interface FileHandle {
  /** Returns the file as it is now. */
  getFile(): Promise<Blob>;
  /** Opens the file for writing; what is written is seen when the stream is closed. */
  createWritable(): Promise<WritableStream>;
}

/** Options of {@linkcode download}. */
export interface DownloadOptions extends ReadOptions {
  /**
   * Whether a file handle's content is replaced. Without it, a file that is not empty is
   * {@linkcode AlreadyExistsError}. A stream has no content to replace.
   *
   * @default {false}
   */
  readonly overwrite?: boolean | undefined;
  /** Called with the number of bytes handed on so far. What it throws ends the download. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

const DOWNLOAD: KnownOptions<DownloadOptions> = {
  ...METHOD_OPTIONS.read,
  overwrite: "boolean",
  onProgress: "function",
};

/**
 * Writes a file, a handle, a response, a stream or bytes into a store. A handle whose
 * file is gone is an error before the store is asked.
 *
 * @example A file that the user picked
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { upload } from "@remote-store/core/ext/transfer";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * const picked = new File(["Hello"], "hello.txt", { type: "text/plain" });
 * const { size } = await upload(store, picked, picked.name);
 * assertEquals(size, 5);
 * ```
 */
export async function upload(
  store: Pick<StoreLike, "write">,
  source: WriteContent | Pick<FileHandle, "getFile">,
  path: string,
  options: WriteOptions = {},
): Promise<WriteResult> {
  requireKnown("upload", path, options, METHOD_OPTIONS.write);
  const { signal } = options;
  signal?.throwIfAborted();
  const content = isHandle(source)
    ? await untilAborted(source.getFile(), signal)
    : source;
  return await withGrace(
    store.write(path, content as WriteContent, options),
    signal,
  );
}

/**
 * Writes a file of a store into a stream or a file handle, and closes it. After a
 * failure the target is aborted, so that a handle's file is as it was. An abort ends it
 * at once, though the target answers no more.
 *
 * @returns What the store says of the file.
 *
 * @example Into any stream
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { download } from "@remote-store/core/ext/transfer";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "Hello");
 * const { readable, writable } = new TextDecoderStream();
 * const [info, text] = await Promise.all([
 *   download(store, "a.txt", writable),
 *   new Response(readable.pipeThrough(new TextEncoderStream())).text(),
 * ]);
 * assertEquals([info.size, text], [5, "Hello"]);
 * ```
 *
 * @throws {AlreadyExistsError} If a handle's file is not empty and `overwrite` is false.
 * @throws {InvalidArgumentError} If the stream is locked, or none: of Node's own streams
 * `Writable.toWeb` of `node:stream` makes one.
 */
export async function download(
  store: Pick<StoreLike, "open">,
  path: string,
  target: WritableStream | FileHandle,
  options: DownloadOptions = {},
): Promise<FileInfo> {
  requireKnown("download", path, options, DOWNLOAD);
  const { overwrite = false, onProgress, ...read } = options;
  const { signal } = read;
  const handle = isHandle(target) ? target : null;
  const refusal = `Cannot download ${JSON.stringify(path)}: the target is `;
  // What is neither, as a stream of Node's, has no such field.
  if (!handle && (target as WritableStream)?.locked !== false) {
    throw new InvalidArgumentError(
      `${refusal}locked or no stream`,
    );
  }
  if (handle && !overwrite) {
    const there = await untilAborted(handle.getFile(), signal);
    if (there.size > 0) {
      throw new AlreadyExistsError(
        `${refusal}not empty and overwrite is false`,
        { path },
      );
    }
  }
  let writable = handle ? null : target as WritableStream;
  let body: ReadableStream<Uint8Array> | null = null;
  let info: FileInfo;
  try {
    const file = await opened(store, path, read);
    info = file.info;
    body = file.body as ReadableStream<Uint8Array>;
    writable ??= await untilAborted(
      (target as FileHandle).createWritable(),
      signal,
      // Opened too late: nothing is written, so its file stays as it is.
      (late) => late.abort(signal?.reason),
    );
  } catch (error) {
    await untilAborted(
      Promise.allSettled([body?.cancel(error), writable?.abort(error)]),
      signal,
    ).catch(() => {});
    throw error;
  }
  await pump(body, writable, signal, onProgress);
  return info;
}

function isHandle<T>(value: T): value is T & FileHandle {
  return typeof value === "object" && value !== null && "getFile" in value;
}
