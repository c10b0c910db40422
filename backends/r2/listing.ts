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
  { shallow, cursor, limit, startAfter, signal }: ListRequest,
): Promise<ListPage> {
  const options: R2PageOptions = {
    prefix,
    include: ["httpMetadata", "customMetadata"],
    limit: Math.min(limit ?? MAX_PAGE, MAX_PAGE),
  };
  if (shallow) options.delimiter = "/";
  if (typeof cursor === "string") options.cursor = cursor;
  else if (startAfter) options.startAfter = startAfter;
  const { bucket } = settings;
  return toListPage(
    await look(settings, signal, () => bucket.list(options)),
  );
}

/** Reads a page, all of it but the drafts: they are no files yet. */
export function toListPage(page: R2Page): ListPage {
  const files: ListedFile[] = page.objects
    .filter(({ key }) => !key.startsWith(DRAFTS))
    .map((object) => ({ key: object.key, ...toEntry(object) }));
  const folders = page.delimitedPrefixes.filter((key) =>
    !key.startsWith(DRAFTS)
  );
  if (!page.truncated) return { files, folders, cursor: null };
  if (!page.cursor) {
    throw new BackendUnavailableError(
      "the listing goes on, but does not say where",
    );
  }
  return { files, folders, cursor: page.cursor };
}
