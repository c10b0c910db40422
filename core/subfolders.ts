// This module is browser compatible.
import { askAll, IN_FLIGHT } from "./for_each.ts";
import { markedFolder } from "./markers.ts";
import type { Mount } from "./mount.ts";
import { folderName, pagesOf, type Passage } from "./paging.ts";
import { isCanonical, toPrefix } from "./path.ts";
import { CHILDREN, walk } from "./walking.ts";

/**
 * Yields the folders below `key`, level by level. Where a level has several folders, they
 * are asked for a few at once, and what these few hold is in memory. Before that one walk
 * over everything below `key` is tried, for as many pages as the requests to the folders
 * would take rounds: it ends a tree of many small folders early, and costs a tree of large
 * ones an eighth more.
 */
export async function* subfolders(
  mount: Mount,
  key: string,
  maxDepth: number,
  passage: Passage,
): AsyncGenerator<readonly string[]> {
  const survey = surveyOf(mount, toPrefix(key), maxDepth, passage);
  let level = [key];
  for (let depth = 0; depth <= maxDepth && level.length > 0; depth++) {
    const rounds = Math.ceil(level.length / IN_FLIGHT);
    const levels = level.length > 1 ? await survey(rounds) : null;
    if (levels !== null) {
      for (const found of levels.slice(depth)) yield [...found];
      return;
    }
    const below: string[] = [];
    for await (const folders of childrenOf(mount, level, passage)) {
      // One by one: a call has no room for a folder of a million.
      if (depth < maxDepth) {
        for (const folder of folders) below.push(folder);
      }
      yield folders;
    }
    level = below;
  }
}

async function* childrenOf(
  mount: Mount,
  folders: readonly string[],
  passage: Passage,
): AsyncGenerator<readonly string[]> {
  const pages = (folder: string, signal = passage.signal) =>
    walk(mount, toPrefix(folder), CHILDREN, { ...passage, signal });
  const [first] = folders;
  if (folders.length === 1 && first !== undefined) {
    for await (const page of pages(first)) yield page.folders;
    return;
  }
  for (let at = 0; at < folders.length; at += IN_FLIGHT) {
    const few = folders.slice(at, at + IN_FLIGHT);
    yield* await askAll(few, async (folder, signal) => {
      const found: string[] = [];
      for await (const page of pages(folder, signal)) {
        for (const name of page.folders) found.push(name);
      }
      return found;
    }, passage.signal);
  }
}

/**
 * Returns a function that walks over everything below a prefix, so many pages further, and
 * gives the folders by their depth once it has seen the last page; `null` before that.
 */
function surveyOf(
  mount: Mount,
  prefix: string,
  maxDepth: number,
  passage: Passage,
): (pages: number) => Promise<readonly Set<string>[] | null> {
  // Flat folders show in what lies below them, at any depth.
  const flat = mount.backend.namespace === "flat";
  const asked = { maxDepth: flat ? null : maxDepth };
  const pages = pagesOf(mount, prefix, asked, passage);
  const levels: Set<string>[] = [];
  const note = (name: string) => {
    let slash = name.indexOf("/", prefix.length);
    for (let depth = 0; slash >= 0 && depth <= maxDepth; depth++) {
      const folder = name.slice(0, slash);
      const level = levels[depth] ??= new Set();
      if (!level.has(folder) && !isCanonical(folder)) return;
      level.add(folder);
      slash = name.indexOf("/", slash + 1);
    }
  };
  return async (count) => {
    for (; count > 0; count--) {
      const { done, value: page } = await pages.next();
      if (done) return levels;
      for (const file of page.files) {
        const folder = markedFolder(file);
        note(folder === null ? file.key : `${folder}/`);
      }
      for (const name of page.folders) note(`${folderName(name)}/`);
      if (page.cursor === null) return levels;
    }
    return null;
  };
}
