// This module is browser compatible.
import type {
  Entry,
  ListedFile,
  ListPage,
  ListRequest,
} from "../../core/backend.ts";

/** A file in memory. Replaced, never changed in place, its bytes never handed out: reads are snapshots. */
export interface StoredFile {
  /** What is known of it, whole: a listing hands it out as it is. */
  readonly entry: ListedFile;
  /** The bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Where files stand by their keys. Each change is one step. */
export interface Shelf {
  /** Returns what stands at a key. */
  entryAt(key: string): Entry;
  /** Returns the file at a key. */
  fileAt(key: string): StoredFile | null;
  /** Puts a file where `entryAt` has shown that one may stand. */
  put(key: string, file: StoredFile): void;
  /** Takes the file at a key away. */
  remove(key: string): void;
  /** Removes a folder and returns whether it could. */
  removeFolder(key: string, recursive: boolean): boolean;
  /** Returns a page of what begins with a prefix. */
  list(prefix: string, request: ListRequest): ListPage;
}
