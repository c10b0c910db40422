/**
 * A folder as the File System API has it, in memory: handles are live, what is written is
 * seen when the stream is closed, and a missing entry is a `NotFoundError` of the platform.
 *
 * @module
 */
import type { FolderFile, FolderHandle } from "../../../ext/sync.ts";

class MemoryFile implements FolderFile {
  readonly kind = "file";
  readonly name: string;
  file: File;

  constructor(name: string) {
    this.name = name;
    this.file = new File([], name);
  }

  getFile(): Promise<File> {
    return Promise.resolve(this.file);
  }

  createWritable(): Promise<WritableStream> {
    const chunks: BlobPart[] = [];
    return Promise.resolve(
      new WritableStream({
        write: (chunk) => void chunks.push(chunk.slice()),
        close: () => void (this.file = new File(chunks, this.name)),
      }),
    );
  }
}

/** Names in any case, as on most disks of macOS and Windows. */
class AnyCase<T> extends Map<string, T> {
  override get(name: string): T | undefined {
    return super.get(name.toLowerCase());
  }
  override set(name: string, entry: T): this {
    return super.set(name.toLowerCase(), entry);
  }
}

/** The folder. */
export class MemoryFolder implements FolderHandle {
  readonly kind = "directory";
  readonly name: string;
  readonly entries: Map<string, MemoryFile | MemoryFolder> = new Map();

  constructor(files: Readonly<Record<string, File>> = {}, name = "") {
    this.name = name;
    for (const [path, file] of Object.entries(files)) this.#add(path, file);
  }

  #add(path: string, file: File): void {
    const [name = "", ...rest] = path.split("/");
    if (rest.length === 0) {
      const entry = new MemoryFile(name);
      entry.file = file;
      this.entries.set(name, entry);
      return;
    }
    const folder = this.entries.get(name) ?? new MemoryFolder({}, name);
    this.entries.set(name, folder);
    (folder as MemoryFolder).#add(rest.join("/"), file);
  }

  async *values(): AsyncGenerator<FolderFile | FolderHandle> {
    for (const entry of this.entries.values()) yield entry;
  }

  // deno-lint-ignore require-await -- what it throws has to reject
  async getDirectoryHandle(
    name: string,
    { create = false }: { create?: boolean } = {},
  ): Promise<MemoryFolder> {
    const found = this.entries.get(name);
    if (found instanceof MemoryFolder) return found;
    const made = new MemoryFolder({}, name);
    this.#require(found, create, "TypeMismatchError");
    this.entries.set(name, made);
    return made;
  }

  // deno-lint-ignore require-await -- what it throws has to reject
  async getFileHandle(
    name: string,
    { create = false }: { create?: boolean } = {},
  ): Promise<MemoryFile> {
    const found = this.entries.get(name);
    if (found instanceof MemoryFile) return found;
    const made = new MemoryFile(name);
    this.#require(found, create, "TypeMismatchError");
    this.entries.set(name, made);
    return made;
  }

  // deno-lint-ignore require-await -- what it throws has to reject
  async removeEntry(name: string): Promise<void> {
    this.#require(undefined, this.entries.has(name));
    this.entries.delete(name);
  }

  #require(found: unknown, create: boolean, name = "NotFoundError"): void {
    if (found !== undefined) throw new DOMException("another kind", name);
    if (!create) throw new DOMException("absent", "NotFoundError");
  }

  /** Returns the text of every file, by path. */
  async texts(above = ""): Promise<Record<string, string>> {
    const all: Record<string, string> = {};
    for (const [name, entry] of this.entries) {
      if (entry instanceof MemoryFolder) {
        Object.assign(all, await entry.texts(`${above}${name}/`));
      } else all[above + entry.name] = await entry.file.text();
    }
    return all;
  }
}

/** A folder that takes names for one that differ in case only. */
export class AnyCaseFolder extends MemoryFolder {
  override readonly entries: AnyCase<MemoryFile | MemoryFolder> = new AnyCase();
}
