// This module is browser compatible.
import type { ListedFile, ListPage, ListRequest } from "../../core/backend.ts";
import { BackendUnavailableError } from "../../core/errors.ts";
import { look } from "./attempts.ts";
import type { R2Page, R2PageOptions } from "./binding.ts";
import type { Settings } from "./options.ts";
import { DRAFTS, toEntry } from "./wire.ts";

/** R2's limit. */
const MAX_PAGE = 1000;

/**
 * Lists a page, with all that is stored beside the bytes. R2 then gives fewer entries
 * than it was asked for, and only `truncated` says whether more follow.
 */
export async function list(
  settings: Settings,
  prefix: string,
  { shallow, cursor, limit, signal }: ListRequest,
): Promise<ListPage> {
  const options: R2PageOptions = {
    prefix,
    include: ["httpMetadata", "customMetadata"],
    limit: Math.min(limit ?? MAX_PAGE, MAX_PAGE),
  };
  if (shallow) options.delimiter = "/";
  if (typeof cursor === "string") options.cursor = cursor;
  const { bucket } = settings;
  return toListPage(
    await look(settings, signal, () => bucket.list(options)),
  );
}

/**
 * Reads a page. Objects that no path can name (`a//b`, `a/../b`, `/a`) are left out, and
 * drafts; a key that ends in a slash is a folder.
 */
export function toListPage(page: R2Page): ListPage {
  const files: ListedFile[] = [];
  const folders: string[] = [];
  const addFolder = (key: string) => {
    if (isPath(key) && !key.startsWith(DRAFTS) && `${key}/` !== DRAFTS) {
      folders.push(key);
    }
  };
  for (const prefix of page.delimitedPrefixes) addFolder(prefix.slice(0, -1));
  for (const object of page.objects) {
    const { key } = object;
    if (key.endsWith("/")) addFolder(key.slice(0, -1));
    else if (isPath(key) && !key.startsWith(DRAFTS)) {
      files.push({ key, ...toEntry(object) });
    }
  }
  if (!page.truncated) return { files, folders, cursor: null };
  if (!page.cursor) {
    throw new BackendUnavailableError(
      "the listing goes on, but does not say where",
    );
  }
  return { files, folders, cursor: page.cursor };
}

// Paths have no empty segments, no dot segments, and take a backslash for a slash.
function isPath(key: string): boolean {
  return key !== "" && !/(?:^|\/)\.{0,2}(?:\/|$)|[\0\\]/.test(key);
}
