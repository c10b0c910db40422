// This module is browser compatible.
import type { ListedFile, ListPage, ListRequest } from "../../core/backend.ts";
import { keyDepth } from "../../core/path.ts";
import { release } from "./contents.ts";
import { levelSpan, nodeKey, type NodeRow, toNode } from "./records.ts";
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
  const limit = Math.min(request.limit ?? PAGE_ENTRIES, PAGE_ENTRIES);
  let { level, after, deeper } = request.cursor as Position | null ??
    startOf(first, request.startAfter ?? null);
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

// Whether its depth has folders in front of it is not known: the next one is looked at.
function startOf(first: number, startAfter: string | null): Position {
  return startAfter === null
    ? { level: first, after: null, deeper: false }
    : { level: keyDepth(startAfter), after: startAfter, deeper: true };
}

/** The most files and folders that one transaction removes: other tabs wait for its end. */
const REMOVED_ENTRIES = 1000;

/**
 * Removes a folder; returns whether it could, and `null` where it has removed what one
 * transaction may, deepest first, and more is left. Contents go with the last file that
 * has them.
 */
export async function removeTree(
  transaction: Transaction,
  key: string,
  recursive: boolean,
): Promise<boolean | null> {
  const row = await transaction.get<NodeRow>(nodeKey(key));
  // Another tab may have removed it and put a file there since the kernel looked.
  if (row === undefined || toNode(row).kind === "file") return true;
  const prefix = `${key}/`;
  const first = levelBelow(prefix);
  let level = first;
  for (;; level++) {
    const [child] = await transaction.keys(levelSpan(level, prefix), 1);
    if (child === undefined) break;
    if (!recursive) return false;
  }
  for (let room = REMOVED_ENTRIES; level-- > first;) {
    const span = levelSpan(level, prefix);
    const rows = await transaction.getAll<NodeRow>(span, room);
    const nodes = rows.map(toNode);
    await release(transaction, nodes.filter((node) => node.kind === "file"));
    room -= rows.length;
    const last = nodes.at(-1);
    if (room === 0 && last !== undefined) {
      transaction.deleteAll({ lower: span.lower, upper: nodeKey(last.key) });
      return null;
    }
    transaction.deleteAll(span);
  }
  transaction.delete(nodeKey(key));
  return true;
}

/** The depth of what stands directly below a prefix; text after the last slash counts as a name's start. */
function levelBelow(prefix: string): number {
  return keyDepth(prefix.slice(0, prefix.lastIndexOf("/") + 1)) || 1;
}
