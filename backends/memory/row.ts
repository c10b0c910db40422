// This module is browser compatible.
import type {
  FileEntry,
  ListedFile,
  ListPage,
  ListRequest,
} from "../../core/backend.ts";
import { compareNames } from "../../core/name_order.ts";
import type { Shelf, StoredFile } from "./shelf.ts";

/** Files in a row, by name: folders are what names have in common, as on S3. */
export class Row implements Shelf {
  readonly #files = new Map<string, StoredFile>();
  /** The names in order, until one comes or goes. */
  #names: readonly string[] | null = null;
  readonly #pageEntries: number;

  /** Creates an empty row that lists so many entries a page. */
  constructor(pageEntries: number) {
    this.#pageEntries = pageEntries;
  }

  /** Returns the file at a key: whatever else has a name that begins so. */
  entryAt(key: string): FileEntry | null {
    return this.#files.get(key)?.entry ?? null;
  }

  /** Returns the file at a key. */
  fileAt(key: string): StoredFile | null {
    return this.#files.get(key) ?? null;
  }

  /** Puts a file. */
  put(key: string, file: StoredFile): void {
    if (!this.#files.has(key)) this.#names = null;
    this.#files.set(key, file);
  }

  /** Takes a file away. */
  remove(key: string): void {
    if (this.#files.delete(key)) this.#names = null;
  }

  /** Nothing is left of a folder without files. */
  removeFolder(): boolean {
    return true;
  }

  /** Lists in the order of names. */
  list(prefix: string, request: ListRequest): ListPage {
    const { shallow, cursor, limit, startAfter } = request;
    const room = Math.min(limit ?? Infinity, this.#pageEntries);
    const files: ListedFile[] = [];
    const folders: string[] = [];
    const start = typeof cursor === "string" ? cursor : startAfter ?? null;
    let last = start ?? "";
    this.#names ??= [...this.#files.keys()].sort(compareNames);
    const names = this.#names;
    // A prefix may be a whole name, which is not behind itself.
    let at = firstOf(
      names,
      (name) =>
        start === null
          ? compareNames(name, prefix) >= 0
          : compareNames(name, start) > 0,
    );
    for (; at < names.length; at++) {
      const name = names[at]!;
      if (!name.startsWith(prefix)) break;
      const slash = shallow ? name.indexOf("/", prefix.length) : -1;
      const folder = slash < 0 ? null : name.slice(0, slash + 1);
      // The page before has ended with this folder.
      if (folder !== null && last.startsWith(folder)) continue;
      if (files.length + folders.length >= room) {
        return { files, folders, cursor: last };
      }
      last = folder ?? name;
      if (folder !== null) folders.push(folder);
      else files.push(this.#files.get(name)!.entry);
    }
    return { files, folders, cursor: null };
  }
}

/** Returns where the names begin for which `holds`: from there on it does for all. */
function firstOf(
  names: readonly string[],
  holds: (name: string) => boolean,
): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(names[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
