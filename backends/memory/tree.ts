// This module is browser compatible.
import type {
  Entry,
  ListedFile,
  ListPage,
  ListRequest,
} from "../../core/backend.ts";
import { compareNames } from "../../core/name_order.ts";
import { parentKey } from "../../core/path.ts";
import type { Shelf, StoredFile } from "./shelf.ts";

interface FileNode {
  readonly kind: "file";
  readonly key: string;
  /** When the node was made, counted in nodes. */
  readonly born: number;
  file: StoredFile;
}

interface FolderNode {
  readonly kind: "folder";
  readonly key: string;
  readonly born: number;
  readonly children: Set<Node>;
}

type Node = FileNode | FolderNode;

/** Files and folders in a tree: folders exist of themselves. */
export class Tree implements Shelf {
  readonly #root: FolderNode = newFolder("", 0);
  /** Every node by its key; the tree below the root is for listings. */
  readonly #nodes = new Map<string, Node>([["", this.#root]]);
  readonly #pageEntries: number;
  #births = 0;

  /** Creates an empty tree that lists so many entries a page. */
  constructor(pageEntries: number) {
    this.#pageEntries = pageEntries;
  }

  /** Returns what stands at a key, or above it. */
  entryAt(key: string): Entry {
    const node = this.#nodes.get(key);
    if (node !== undefined) {
      return node.kind === "file" ? node.file.entry : { kind: "folder" };
    }
    for (let by = parentKey(key); by !== ""; by = parentKey(by)) {
      const above = this.#nodes.get(by);
      if (above !== undefined) {
        return above.kind === "file" ? { kind: "blocked", by } : null;
      }
    }
    return null;
  }

  /** Returns the file at a key. */
  fileAt(key: string): StoredFile | null {
    const node = this.#nodes.get(key);
    return node?.kind === "file" ? node.file : null;
  }

  /** Puts a file, and the folders above it. */
  put(key: string, file: StoredFile): void {
    const node = this.#nodes.get(key);
    if (node?.kind === "file") node.file = file;
    else this.#attach({ kind: "file", key, born: ++this.#births, file });
  }

  /** Takes a file away; its folder stays. */
  remove(key: string): void {
    const node = this.#nodes.get(key);
    if (node !== undefined) this.#detach(node);
  }

  /** Removes a folder, with everything below it where `recursive`. */
  removeFolder(key: string, recursive: boolean): boolean {
    const node = this.#nodes.get(key);
    if (node?.kind !== "folder") return true;
    if (node.children.size > 0 && !recursive) return false;
    this.#detach(node);
    return true;
  }

  /**
   * Lists in the order of creation, or of names where that is asked for. What changes
   * between two pages may be seen or not.
   */
  list(prefix: string, request: ListRequest): ListPage {
    const { walk } = request.cursor as Position | null ??
      { walk: this.#walk(prefix, request) };
    const limit = Math.min(request.limit ?? Infinity, this.#pageEntries);
    const files: ListedFile[] = [];
    const folders: string[] = [];
    while (files.length + folders.length < limit) {
      const next = walk.next();
      if (next === null) return { files, folders, cursor: null };
      if (next.kind === "folder") folders.push(next.key);
      else files.push(next.file.entry);
    }
    return { files, folders, cursor: { walk } };
  }

  #attach(node: Node): void {
    this.#nodes.set(node.key, node);
    this.#folder(parentKey(node.key)).children.add(node);
  }

  /** Returns the folder at a key, created with all above it where it is missing. */
  #folder(key: string): FolderNode {
    const node = this.#nodes.get(key);
    // requirePut has refused every key below a file.
    if (node?.kind === "folder") return node;
    const created = newFolder(key, ++this.#births);
    this.#attach(created);
    return created;
  }

  #detach(node: Node): void {
    this.#folder(parentKey(node.key)).children.delete(node);
    this.#forget(node);
  }

  #forget(node: Node): void {
    this.#nodes.delete(node.key);
    if (node.kind === "folder") node.children.forEach((n) => this.#forget(n));
  }

  #walk(prefix: string, request: ListRequest): Walk {
    const node = this.#nodes.get(prefix.slice(0, -1));
    const maxDepth = request.shallow ? 0 : request.maxDepth ?? Infinity;
    const childrenOf = request.ordered
      ? (folder: FolderNode) => sorted(folder, request.startAfter ?? null)
      : (folder: FolderNode) => folder.children.values();
    const folder = node?.kind === "folder" ? node : null;
    return new Walk(folder, maxDepth, this.#births, childrenOf);
  }
}

function newFolder(key: string, born: number): FolderNode {
  return { kind: "folder", key, born, children: new Set() };
}

/** A node's name in the order of listings: what lies in a folder follows it, as on S3. */
function nameOf(node: Node): string {
  return node.kind === "folder" ? `${node.key}/` : node.key;
}

function sorted(folder: FolderNode, after: string | null): Iterator<Node> {
  return [...folder.children]
    .map((node): [string, Node] => [nameOf(node), node])
    .filter(([name]) =>
      after === null || compareNames(name, after) > 0 ||
      (name.endsWith("/") && after.startsWith(name))
    )
    .sort(([one], [other]) => compareNames(one, other))
    .map(([, node]) => node).values();
}

/** The cursor of one page. */
interface Position {
  readonly walk: Walk;
}

/**
 * Where a listing stands: one live iterator a level, so that a page costs its own
 * entries and no sorted copy of the folder, where no order is asked for.
 */
class Walk {
  readonly #levels: Iterator<Node>[] = [];
  readonly #maxDepth: number;
  /** What was made later is not listed, or a loop that copies would never end. */
  readonly #births: number;
  readonly #childrenOf: (folder: FolderNode) => Iterator<Node>;

  constructor(
    folder: FolderNode | null,
    maxDepth: number,
    births: number,
    childrenOf: (folder: FolderNode) => Iterator<Node>,
  ) {
    this.#maxDepth = maxDepth;
    this.#births = births;
    this.#childrenOf = childrenOf;
    if (folder !== null) this.#levels.push(childrenOf(folder));
  }

  next(): Node | null {
    for (let at; (at = this.#levels.at(-1)) !== undefined;) {
      const { done, value: node } = at.next();
      if (done) {
        this.#levels.pop();
        continue;
      }
      if (node.born > this.#births) continue;
      if (node.kind === "folder" && this.#levels.length <= this.#maxDepth) {
        this.#levels.push(this.#childrenOf(node));
      }
      return node;
    }
    return null;
  }
}
