// This module is browser compatible.
import type { FileEntry } from "../../core/backend.ts";
import type { StoredFile } from "./shelf.ts";

/** Every version of every file, the newest at the end: also of files that are deleted. */
export class History {
  readonly #files = new Map<string, StoredFile[]>();

  /** Keeps a version, the newest one of its file. */
  keep(file: StoredFile): void {
    const { key } = file.entry;
    const kept = this.#files.get(key);
    if (kept === undefined) this.#files.set(key, [file]);
    else kept.push(file);
  }

  /** Returns a version; `null` where there is none. */
  find(key: string, versionId: string): StoredFile | null {
    const kept = this.#files.get(key) ?? [];
    return kept.find((file) => versionOf(file.entry) === versionId) ?? null;
  }

  /** Returns the newest version; `null` where there is none. */
  newest(key: string): StoredFile | null {
    return this.#files.get(key)?.at(-1) ?? null;
  }

  /** Forgets a version. */
  remove(file: StoredFile): void {
    const { key } = file.entry;
    const left = this.#files.get(key)?.filter((kept) => kept !== file) ?? [];
    if (left.length > 0) this.#files.set(key, left);
    else this.#files.delete(key);
  }
}

/** Returns the id of a version; `null` where none are kept. */
export function versionOf({ extra }: FileEntry): string | null {
  const versionId = extra?.["versionId"];
  return typeof versionId === "string" ? versionId : null;
}
