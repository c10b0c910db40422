// This module is browser compatible.
import type { ListedFile, ListPage } from "./backend.ts";
import { isListed, markedFolder } from "./markers.ts";
import type { Mount } from "./mount.ts";
import { folderName, pagesOf, type Passage, type Walk } from "./paging.ts";
import { isCanonical } from "./path.ts";

/** A page of a walk: what paths can name, without what lies too deep. */
export interface WalkPage extends Pick<ListPage, "files" | "folders"> {
  /** The direct subfolders, each once in a walk; none where the walk is not shallow. */
  readonly folders: readonly string[];
  /** Whether anything at all was on it: that is why the walked folder exists. */
  readonly found: boolean;
}

/** What lies directly in a folder. */
export const CHILDREN: Walk = { shallow: true, maxDepth: 0 };

/** Yields what lies below a prefix, page by page. */
export async function* walk(
  mount: Mount,
  prefix: string,
  asked: Walk,
  passage: Passage,
): AsyncGenerator<WalkPage> {
  const { shallow = false, maxDepth = null } = asked;
  // DEPTH-003: a backend may ignore the depth, the kernel never does.
  const limit = maxDepth ?? (shallow ? 0 : Infinity);
  const isWanted = (file: ListedFile) =>
    isListed(file) && isWithin(file.key, prefix.length, limit);
  const join = shallow ? folderJoiner(prefix) : null;
  for await (const page of pagesOf(mount, prefix, asked, passage)) {
    const { files } = page;
    yield {
      files: files.every(isWanted) ? files : files.filter(isWanted),
      folders: join === null ? [] : join(page),
      found: files.length + page.folders.length > 0,
    };
  }
}

/** Returns whether a key has no more than `limit` folders behind `from`. */
export function isWithin(key: string, from: number, limit: number): boolean {
  if (limit === Infinity) return true;
  let depth = 0;
  for (
    let at = key.indexOf("/", from);
    at >= 0;
    at = key.indexOf("/", at + 1)
  ) {
    if (++depth > limit) return false;
  }
  return true;
}

/**
 * Returns a function that gives the folders of each page that no page before had. A folder
 * is named twice by a service that begins a page with the prefix that ended the last one,
 * and where it has a marker (`logs`) and contents (`logs/`): what sorts in between
 * (`logs-old/`) may fill pages. All of that begins with the folder's name, so only the
 * folders whose name begins the last entry of a page can still come again: no more than
 * that entry has characters, however long the listing is.
 */
function folderJoiner(prefix: string): (page: ListPage) => string[] {
  const own = prefix.slice(0, -1);
  let open: readonly string[] = [];
  return ({ files, folders }) => {
    const seen = new Set(open);
    const joined: string[] = [];
    const add = (folder: string) => {
      const isChild = folder !== own && !folder.includes("/", prefix.length);
      if (!isChild || seen.has(folder)) return;
      seen.add(folder);
      joined.push(folder);
    };
    for (const file of files) add(markedFolder(file) ?? own);
    for (const name of folders) {
      const folder = folderName(name);
      if (isCanonical(folder)) add(folder);
    }
    const last = [files.at(-1)?.key, folders.at(-1)];
    if (files.length + folders.length > 0) {
      open = [...seen].filter((folder) =>
        last.some((name) => name?.startsWith(folder))
      );
    }
    return joined;
  };
}
