// This module is browser compatible.
import type { ListedFile, ListPage, ListRequest } from "../../core/backend.ts";
import { keyDepth } from "../../core/path.ts";
import { release } from "./contents.ts";
import {
  type Content,
  levelSpan,
  nodeKey,
  type NodeRow,
  toNode,
} from "./records.ts";
import type { Transaction } from "./transaction.ts";

/** The entries of a page: more would not be read faster, and hold up other tabs. */
const PAGE_ENTRIES = 2500;

/** Where a listing stands. */
interface Position {
  /** The depth that is being listed. */
  readonly level: number;
  /** The last key of the page before; `null` at the start of a depth. */
  readonly after: string | null;
  /** Whether this depth has folders, so that there is something below. */
  readonly deeper: boolean;
}

/** Returns a page of what starts with `prefix`: depth by depth, in the order of keys. */
export async function listPage(
  transaction: Transaction,
  prefix: string,
  request: ListRequest,
): Promise<ListPage> {
  const first = levelBelow(prefix);
  const last = first +
    (request.shallow ? 0 : request.maxDepth ?? Infinity);
  const limit = request.limit ?? PAGE_ENTRIES;
  let { level, after, deeper } = request.cursor as Position | null ??
    { level: first, after: null, deeper: false };
  const files: ListedFile[] = [];
  const folders: string[] = [];
  for (;;) {
    const room = limit - files.length - folders.length;
    const rows = await transaction.getAll<NodeRow>(
      levelSpan(level, prefix, after),
      room,
    );
    for (const row of rows) {
      const node = toNode(row);
      if (node.kind === "file") files.push(node);
      else {
        folders.push(node.key);
        deeper = true;
      }
    }
    const end = rows.at(-1);
    if (rows.length === room && end !== undefined) {
      const cursor: Position = { level, after: end[0], deeper };
      return { files, folders, cursor };
    }
    if (!deeper || level >= last) return { files, folders, cursor: null };
    level++;
    after = null;
    deeper = false;
  }
}

/** Removes a folder; returns whether it could. Contents go with the last file that has them. */
export async function removeTree(
  transaction: Transaction,
  key: string,
  recursive: boolean,
): Promise<boolean> {
  const row = await transaction.get<NodeRow>(nodeKey(key));
  // Another tab may have removed it and put a file there since the kernel looked.
  if (row === undefined || toNode(row).kind === "file") return true;
  const prefix = `${key}/`;
  const first = levelBelow(prefix);
  if (!recursive) {
    const [child] = await transaction.keys(levelSpan(first, prefix), 1);
    if (child !== undefined) return false;
  }
  for (let level = first, deeper = recursive; deeper; level++) {
    deeper = await releaseLevel(transaction, level, prefix);
    transaction.deleteAll(levelSpan(level, prefix));
  }
  transaction.delete(nodeKey(key));
  return true;
}

/** Lets go of the contents of one depth and returns whether there is another below. */
async function releaseLevel(
  transaction: Transaction,
  level: number,
  prefix: string,
): Promise<boolean> {
  let deeper = false;
  let after: string | null = null;
  for (;;) {
    const rows: NodeRow[] = await transaction.getAll<NodeRow>(
      levelSpan(level, prefix, after),
      PAGE_ENTRIES,
    );
    const contents: Content[] = [];
    for (const node of rows.map(toNode)) {
      if (node.kind === "file") contents.push(node.content);
      else deeper = true;
    }
    await release(transaction, contents);
    after = rows.at(-1)?.[0] ?? null;
    if (after === null || rows.length < PAGE_ENTRIES) return deeper;
  }
}

/** The depth of what stands directly below a prefix; text after the last slash counts as a name's start. */
function levelBelow(prefix: string): number {
  return keyDepth(prefix.slice(0, prefix.lastIndexOf("/") + 1)) || 1;
}
