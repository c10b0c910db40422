// This module is browser compatible.
import {
  normalizePath,
  PreconditionFailedError,
  toContent,
  type WriteContent,
} from "../../mod.ts";
import type { Item, Target } from "./side.ts";

/** A file at hand: a `File`, as an input or a drop gives it. */
export interface LocalFile extends Blob {
  /** Its name. */
  readonly name: string;
  /** The time of its last change, in milliseconds since 1970. */
  readonly lastModified: number;
  /** Its path below the folder that was picked, with that folder's name; else empty. */
  readonly webkitRelativePath?: string;
}

/** A file of a listing of one's own. */
export interface LocalEntry {
  /** Where it goes. */
  readonly path: string;
  /** Its bytes; a `File`'s time of change is its own. */
  readonly file: Blob & { readonly lastModified?: number };
}

/** A file of a folder: a `FileSystemFileHandle`. */
export interface FolderFile {
  /** What it is. */
  readonly kind: "file";
  /** Its name. */
  readonly name: string;
  /** Returns the file as it is now. */
  getFile(): Promise<LocalFile>;
  /** Opens the file for writing; what is written is seen when the stream is closed. */
  createWritable(): Promise<WritableStream>;
}

/** A folder that the user picked, or of the origin's own: a `FileSystemDirectoryHandle`. */
export interface FolderHandle {
  /** What it is. */
  readonly kind: "directory";
  /** Its name. */
  readonly name: string;
  /** Returns what lies in it. */
  values(): AsyncIterable<FolderFile | FolderHandle>;
  /** Returns a folder in it; rejects where there is none and `create` is not true. */
  getDirectoryHandle(
    name: string,
    options?: { create?: boolean },
  ): Promise<FolderHandle>;
  /** Returns a file in it; rejects where there is none and `create` is not true. */
  getFileHandle(
    name: string,
    options?: { create?: boolean },
  ): Promise<FolderFile>;
  /** Deletes a file of it. */
  removeEntry(name: string): Promise<void>;
}

/** Files at hand, or coming. */
export type Files =
  | Iterable<LocalFile | LocalEntry>
  | AsyncIterable<LocalFile | LocalEntry>;

/** Lists files at hand. */
export async function* itemsOf(files: Files): AsyncGenerator<Item> {
  for await (const one of files) {
    yield "file" in one
      ? itemOf(one.path, one.file)
      : itemOf(one.webkitRelativePath || one.name, one);
  }
}

interface PutOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** A folder as one side. */
export class FolderSide implements Target {
  readonly keeps = false;
  readonly #root: FolderHandle;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(root: FolderHandle) {
    this.#root = root;
  }

  list(): AsyncIterable<Item> {
    return walk(this.#root, "");
  }

  async put(
    path: string,
    content: WriteContent,
    { signal, onProgress }: PutOptions,
    old: Item | undefined,
  ): Promise<void> {
    // One at a time: many folders take two names for one, as "a" and "A", and the second
    // file has to find the first.
    const opened = this.#turn.then(() => this.#open(path, old));
    this.#turn = opened.catch(() => {});
    const { folder, name, file } = await opened;
    let bytes = 0;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        onProgress?.(bytes += chunk.byteLength);
        controller.enqueue(chunk);
      },
    });
    try {
      const writable = await file.createWritable();
      await toContent("write", path, content).open().pipeThrough(counted)
        .pipeTo(writable, { signal });
    } catch (error) {
      // Made for this, and empty.
      if (!old) await folder.removeEntry(name).catch(() => {});
      throw error;
    }
  }

  async remove(
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, unknown>> {
    const failed = new Map<string, unknown>();
    for (const path of paths) {
      signal.throwIfAborted();
      try {
        const { folder, name } = await this.#find(path, false);
        await folder.removeEntry(name);
      } catch (error) {
        failed.set(path, error);
      }
    }
    return failed;
  }

  async #open(path: string, old: Item | undefined) {
    // What no store takes: ".." is left to no handle.
    normalizePath(path);
    const { folder, name } = await this.#find(path, true);
    const there = await folder.getFileHandle(name).catch(() => null);
    const { size, lastModified } = await there?.getFile() ?? {};
    // One that comes by another name was not listed either.
    if (size !== old?.size || lastModified !== old?.time) {
      throw new PreconditionFailedError("it has changed");
    }
    const file = there ?? await folder.getFileHandle(name, { create: true });
    return { folder, name, file };
  }

  async #find(path: string, create: boolean) {
    let folder = this.#root;
    let name = "";
    for (const part of path.split("/")) {
      if (name) folder = await folder.getDirectoryHandle(name, { create });
      name = part;
    }
    return { folder, name };
  }
}

async function* walk(
  folder: FolderHandle,
  above: string,
): AsyncGenerator<Item> {
  for await (const one of folder.values()) {
    const path = above + one.name;
    if (one.kind === "directory") yield* walk(one, `${path}/`);
    else yield itemOf(path, await one.getFile());
  }
}

function itemOf(path: string, content: LocalEntry["file"]): Item {
  try {
    path = normalizePath(path);
  } catch {
    // The store says what is wrong with it, and the others go on.
  }
  const { size } = content;
  return {
    path,
    size,
    time: content.lastModified,
    local: true,
    etag: null,
    // deno-lint-ignore require-await -- nothing is asked
    async known() {
      return { sha256: null, from: null };
    },
    // deno-lint-ignore require-await -- nothing is asked
    async open() {
      return {
        content,
        size,
        about: { contentType: content.type || undefined },
      };
    },
  };
}
