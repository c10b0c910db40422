/**
 * A folder of the bucket, as it was last seen.
 *
 * @module
 */
import type { FileInfo, FolderEntry, StoreLike } from "@remote-store/core";

/** A file or a folder. */
export type Row = FileInfo | FolderEntry;

/** What a folder holds. */
export interface Listing {
  readonly folder: string;
  readonly rows: readonly Row[];
  /** Whether there is more than was asked for. */
  readonly isCut: boolean;
}

/** How many entries are asked for at first, and how many more each time. */
export const PAGE = 200;

const COLLATOR = new Intl.Collator("en", { numeric: true });

/** Lists a folder: folders first, each kind by name, as far as `most`. */
export async function listFolder(
  store: StoreLike,
  folder: string,
  most: number,
  signal: AbortSignal,
): Promise<Listing> {
  const rows: Row[] = [];
  let isCut = false;
  for await (const row of store.iterChildren(folder, { signal })) {
    isCut = rows.length === most;
    // Leaving the loop ends the request in flight.
    if (isCut) break;
    rows.push(row);
  }
  rows.sort((a, b) =>
    a.kind === b.kind
      ? COLLATOR.compare(a.name, b.name)
      : a.kind === "folder"
      ? -1
      : 1
  );
  return { folder, rows, isCut };
}

/** Returns the files of rows, those of chosen folders too. */
export async function filesBelow(
  store: StoreLike,
  rows: readonly Row[],
): Promise<string[]> {
  const paths: string[] = [];
  for (const row of rows) {
    if (row.kind === "file") paths.push(row.path);
    else {
      for await (const file of store.listFiles(row.path, { recursive: true })) {
        paths.push(file.path);
      }
    }
  }
  return paths;
}
