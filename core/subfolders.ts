// This module is browser compatible.
import { IN_FLIGHT } from "./for_each.ts";
import { markedFolder } from "./markers.ts";
import type { Mount } from "./mount.ts";
import { folderName, pagesOf, type Passage } from "./paging.ts";
import { isCanonical, toPrefix } from "./path.ts";
import { onAbort } from "./signal.ts";
import { CHILDREN, walk, type WalkPage } from "./walking.ts";

/**
 * Yields the folders below `key`, level by level. Where a level has several folders, one
 * walk over everything below is tried first, for as many pages as the requests to its
 * folders would take rounds: it ends a tree of many small folders early, and costs a tree of
 * large ones an eighth more.
 */
export async function* subfolders(
  mount: Mount,
  key: string,
  maxDepth: number,
  passage: Passage,
): AsyncGenerator<readonly string[]> {
  const survey = new Survey(mount, toPrefix(key), maxDepth, passage);
  let level = [key];
  for (let depth = 0; depth <= maxDepth && level.length > 0; depth++) {
    if (
      level.length > 1 &&
      await survey.ends(Math.ceil(level.length / IN_FLIGHT))
    ) {
      for (const found of survey.levels.slice(depth)) yield [...found];
      return;
    }
    const below: string[] = [];
    for await (const folders of childrenOf(mount, level, passage)) {
      if (depth < maxDepth) below.push(...folders);
      yield folders;
    }
    level = below;
  }
}

/** One walk over everything below a prefix, which notes the folders that it passes. */
class Survey {
  /** The folders by their depth. */
  readonly levels: Set<string>[] = [];
  readonly #prefix: string;
  readonly #maxDepth: number;
  readonly #pages: ReturnType<typeof pagesOf>;

  constructor(
    mount: Mount,
    prefix: string,
    maxDepth: number,
    passage: Passage,
  ) {
    this.#prefix = prefix;
    this.#maxDepth = maxDepth;
    // Flat folders show in what lies below them, at any depth.
    const flat = mount.backend.namespace === "flat";
    const asked = { maxDepth: flat ? null : maxDepth };
    this.#pages = pagesOf(mount, prefix, asked, passage);
  }

  /** Takes as many pages more and returns whether the last one was among them. */
  async ends(pages: number): Promise<boolean> {
    for (let taken = 0; taken < pages; taken++) {
      const { done, value: page } = await this.#pages.next();
      if (done) return true;
      for (const file of page.files) {
        const folder = markedFolder(file);
        this.#note(folder === null ? file.key : `${folder}/`);
      }
      for (const name of page.folders) this.#note(`${folderName(name)}/`);
      if (page.cursor === null) return true;
    }
    return false;
  }

  #note(name: string): void {
    const from = this.#prefix.length;
    let slash = name.indexOf("/", from);
    for (let depth = 0; slash >= 0 && depth <= this.#maxDepth; depth++) {
      const folder = name.slice(0, slash);
      const level = this.levels[depth] ??= new Set();
      if (!level.has(folder)) {
        if (!isCanonical(folder)) return;
        level.add(folder);
      }
      slash = name.indexOf("/", slash + 1);
    }
  }
}

/** Yields the subfolders of folders in their order, a few requests ahead. */
async function* childrenOf(
  mount: Mount,
  folders: readonly string[],
  passage: Passage,
): AsyncGenerator<readonly string[]> {
  const stop = new AbortController();
  const letGo = onAbort(passage.signal, (reason) => stop.abort(reason));
  const inner = { ...passage, signal: stop.signal };
  const begun: Ahead[] = [];
  let next = 0;
  try {
    while (begun.length > 0 || next < folders.length) {
      while (begun.length < IN_FLIGHT && next < folders.length) {
        begun.push(new Ahead(mount, folders[next++]!, inner));
      }
      const pages = begun[0]!;
      for (let page; !(page = await pages.next()).done;) {
        yield page.value.folders;
      }
      begun.shift();
    }
  } finally {
    letGo();
    stop.abort();
    await Promise.all(begun.map((pages) => pages.end()));
  }
}

/** A listing whose first page is asked for before its turn, and no other. */
class Ahead {
  readonly #pages: AsyncGenerator<WalkPage>;
  #first: Promise<IteratorResult<WalkPage>> | null;

  constructor(mount: Mount, folder: string, passage: Passage) {
    this.#pages = walk(mount, toPrefix(folder), CHILDREN, passage);
    this.#first = this.#pages.next();
    // Told in its turn, if that comes.
    this.#first.catch(() => {});
  }

  next(): Promise<IteratorResult<WalkPage>> {
    const page = this.#first ?? this.#pages.next();
    this.#first = null;
    return page;
  }

  async end(): Promise<void> {
    await this.#pages.return(undefined);
  }
}
