// This module is browser compatible.
import { readAll, type StoreLike } from "../../mod.ts";
import type { CacheEntry } from "./backend.ts";

/** A file's bytes, new or as they were. */
export interface Revalidated {
  /** The bytes. */
  readonly value: Uint8Array<ArrayBuffer>;
  /** The version that they are of. */
  readonly etag: string | null;
  /** Whether the store said that the old ones still hold. */
  readonly revalidated: boolean;
}

/** Reads a file, or has the store say that the old bytes still hold. */
export async function revalidate(
  store: Pick<StoreLike, "open">,
  path: string,
  signal: AbortSignal | undefined,
  old: CacheEntry | null | undefined,
): Promise<Revalidated> {
  const ifNoneMatch = old?.etag ?? undefined;
  const { info, body } = await store.open(path, { signal, ifNoneMatch });
  if (body === null) {
    const value = old?.value as Uint8Array<ArrayBuffer>;
    return { value, etag: ifNoneMatch ?? null, revalidated: true };
  }
  return { value: await readAll(body), etag: info.etag, revalidated: false };
}
