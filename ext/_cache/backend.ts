// This module is browser compatible.
import type { FileInfo, FolderEntry, FolderInfo } from "../../mod.ts";

/** What an entry is found by: the operation, then what it was asked. */
export type CacheKey = readonly [operation: string, ...asked: string[]];

/** What is kept. Never a `WriteResult`. */
export type CacheValue =
  | boolean
  | Uint8Array<ArrayBuffer>
  | FileInfo
  | FolderInfo
  | readonly (FileInfo | FolderEntry)[]
  | null;

/** A value with what it takes to ask whether it still holds. */
export interface CacheEntry {
  /** The value; `null` for a listing that is too large to keep. */
  readonly value: CacheValue;
  /** The version that a file's bytes are of. */
  readonly etag: string | null;
  /** Until when it may be used unasked, in milliseconds since 1970. */
  readonly freshUntil: number;
}

/**
 * Where entries are kept. Each method may answer at once or later.
 *
 * One that several tabs or isolates share has `lease` and `revoke`: an answer that was
 * asked for before another one's change has ended must not be found after it, however
 * late it is kept.
 */
export interface CacheBackend {
  /**
   * Returns what an answer that is asked for from now on is kept with: a text that
   * `revoke` makes void. It is taken anew for every call; who rejects is not used for it.
   */
  lease?(key: CacheKey): Promise<string>;
  /** Makes the leases of these paths void, and those of all listings. */
  revoke?(paths: readonly string[]): Promise<void>;
  /**
   * Returns an entry; `undefined` where there is none, its time is over, or it was kept
   * with another lease.
   */
  get(
    key: CacheKey,
    lease?: string,
  ): CacheEntry | undefined | Promise<CacheEntry | undefined>;
  /** Keeps an entry for so many milliseconds, or less. */
  set(
    key: CacheKey,
    entry: CacheEntry,
    ttl: number,
    lease?: string,
  ): void | Promise<void>;
  /** Drops an entry, if there is one. */
  delete(key: CacheKey): void | Promise<void>;
  /** Drops all entries of an operation. */
  clearPrefix(operation: string): void | Promise<void>;
  /** Drops all entries, and makes all leases void. */
  clear(): void | Promise<void>;
  /** Returns how many entries are alive; `null` where it cannot be told. */
  size(): number | null | Promise<number | null>;
}
