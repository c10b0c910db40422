// This module is browser compatible.
import { InvalidPathError, type StoreLike } from "../../mod.ts";
import { codeOf } from "./status.ts";

/** Returns where a URL without a slash at its end is sent to; `null` for nowhere. */
export async function folderOf(
  store: Pick<StoreLike, "getFileInfo">,
  { url, signal }: Request,
  base: string | undefined,
  index: string | undefined,
): Promise<string | null> {
  const { pathname, search } = new URL(url);
  if (index === undefined || pathname.endsWith("/")) return null;
  try {
    const path = pathOf(`${pathname}/`, base, index);
    await store.getFileInfo(path, { signal });
    // Beginning with one slash, as no part of it is empty: never another host.
    return `${pathname}/${search}`;
  } catch (error) {
    signal.throwIfAborted();
    if (codeOf(error) === null) throw error;
    return null;
  }
}

/**
 * Returns the path that the path of a URL names: below `base`, decoded; with a slash at its end that of
 * the folder's `index`.
 *
 * @throws {InvalidPathError} If it names none.
 */
export function pathOf(
  pathname: string,
  base = "/",
  index?: string,
): string {
  // Or "/files" would serve what is below "/filesystem".
  const start = base.endsWith("/") ? base : `${base}/`;
  if (pathname.startsWith(start)) {
    try {
      const parts = pathname.slice(start.length).split("/");
      const isFolder = index !== undefined && parts.at(-1) === "";
      const names = (isFolder ? parts.slice(0, -1) : parts).map(decodePart);
      return (isFolder ? [...names, index] : names).join("/");
    } catch {
      // Not UTF-8: no file has such a name.
    }
  }
  throw new InvalidPathError("Cannot serve the URL: it names no file");
}

function decodePart(part: string): string {
  const name = decodeURIComponent(part);
  // "a.txt/" and "//a.txt" are other URLs than "a.txt"; an encoded slash is part of a name,
  // and names have none.
  if (name === "" || /[/\\]/.test(name)) throw new URIError("no name");
  return name;
}
