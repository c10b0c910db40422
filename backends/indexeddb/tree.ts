// This module is browser compatible.
import type { Entry } from "../../core/backend.ts";
import { keyDepth, parentKey } from "../../core/path.ts";
import { release } from "./contents.ts";
import {
  type FileRecord,
  nodeKey,
  type NodeRecord,
  type NodeRow,
  toNode,
  toNodeRow,
} from "./records.ts";
import type { Transaction } from "./transaction.ts";

/** From how many keys of one depth on they are looked up together. */
const MANY = 16;

/** Files and folders as one transaction sees and changes them. */
export class Tree {
  readonly #transaction: Transaction;
  readonly #nodes = new Map<string, NodeRecord | null>();

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  /** Looks at nodes and at all folders above them, everything at once. */
  async load(keys: Iterable<string>): Promise<void> {
    const levels = new Map<number, Set<string>>();
    for (const key of keys) {
      for (let at = key; at !== ""; at = parentKey(at)) {
        const level = keyDepth(at);
        const wanted = levels.get(level) ?? new Set();
        if (wanted.has(at)) break;
        levels.set(level, wanted.add(at));
      }
    }
    await Promise.all(Array.from(levels, ([level, wanted]) => {
      const found = [...wanted].filter((key) => !this.#nodes.has(key));
      return found.length < MANY
        ? this.#loadEach(found)
        : this.#loadMany(level, found);
    }));
  }

  async #loadEach(keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map(async (key) => {
      const row = await this.#transaction.get<NodeRow>(nodeKey(key));
      this.#nodes.set(key, row === undefined ? null : toNode(row));
    }));
  }

  // Most of many writes are of new files, and one request tells which are not. A
  // request for each would cost more than the writes.
  async #loadMany(level: number, keys: readonly string[]): Promise<void> {
    // Both in the order of code units, which is IndexedDB's.
    const sorted = [...keys].sort();
    const limit = 2 * keys.length;
    const found = await this.#transaction.keys({
      lower: [level, sorted[0] ?? ""],
      upper: [level, sorted.at(-1) ?? ""],
    }, limit);
    const names = found.map((key) => Array.isArray(key) ? String(key[1]) : "");
    const there = new Set(names);
    // Beyond the last one that was told, nothing is known.
    const end = found.length < limit ? null : names.at(-1) ?? null;
    const open: string[] = [];
    for (const key of sorted) {
      const isKnown = end === null || key <= end;
      if (isKnown && !there.has(key)) this.#nodes.set(key, null);
      else open.push(key);
    }
    await this.#loadEach(open);
  }

  /** Returns what stands at a key; what lies above is looked at only where nothing does. */
  async find(key: string): Promise<Entry> {
    if (key === "") return { kind: "folder" };
    const row = await this.#transaction.get<NodeRow>(nodeKey(key));
    if (row !== undefined) return toNode(row);
    this.#nodes.set(key, null);
    await this.load([parentKey(key)]);
    return this.entryAt(key);
  }

  /** Returns what stands at a key that was loaded. */
  entryAt(key: string): Entry {
    const node = this.#nodes.get(key);
    if (node) return node;
    for (let by = parentKey(key); by !== ""; by = parentKey(by)) {
      const above = this.#nodes.get(by);
      if (above) return above.kind === "file" ? { kind: "blocked", by } : null;
    }
    return null;
  }

  /** Returns the file at a key that was loaded; `null` where there is none. */
  fileAt(key: string): FileRecord | null {
    const node = this.#nodes.get(key);
    return node?.kind === "file" ? node : null;
  }

  /** Puts a file, with the folders above it, and lets go of the content that it replaces. */
  async putFile(record: FileRecord): Promise<void> {
    await release(this.#transaction, this.place(record));
  }

  /** Puts a file, with the folders above it, and returns the one, if any, to let go of. */
  place(record: FileRecord): FileRecord[] {
    const old = this.fileAt(record.key);
    this.#put(record);
    this.putFolder(parentKey(record.key));
    return old === null ? [] : [old];
  }

  /** Puts a folder whose key was loaded, and those above it. */
  putFolder(key: string): void {
    for (let at = key; at !== ""; at = parentKey(at)) {
      // Every folder stands in one that exists.
      if (this.#nodes.get(at)) break;
      this.#put({ kind: "folder", key: at });
    }
  }

  /** Puts a record in the place of an equal one that says less. */
  amend(record: FileRecord): void {
    this.#put(record);
  }

  /** Takes a node away. Its folder stays, and so does its content. */
  remove(key: string): void {
    this.#transaction.delete(nodeKey(key));
    this.#nodes.set(key, null);
  }

  #put(record: NodeRecord): void {
    this.#transaction.put(toNodeRow(record), nodeKey(record.key));
    this.#nodes.set(record.key, record);
  }
}
