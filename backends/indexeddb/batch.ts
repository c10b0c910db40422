// This module is browser compatible.
import type { WriteCondition } from "../../core/backend.ts";
import { requirePut } from "../../core/commit.ts";
import { release } from "./contents.ts";
import type { Database, Durability } from "./database.ts";
import { Packs } from "./packs.ts";
import { chunkKey, type Content, type FileRecord, toEtag } from "./records.ts";
import type { Transaction } from "./transaction.ts";
import { Tree } from "./tree.ts";

/** A small file to be put. */
export interface SmallPut {
  /** The file, as it is where it shares no pack. */
  readonly record: FileRecord;
  /** All of its bytes, of which nobody else has the memory. */
  readonly rows: readonly Uint8Array<ArrayBuffer>[];
  /** When it may be put. */
  readonly condition: WriteCondition;
  /** Aborted when the caller gives up. */
  readonly signal: AbortSignal | undefined;
}

interface Waiting {
  readonly put: SmallPut;
  /** The file as it was last put. */
  stored: FileRecord;
  readonly resolve: (stored: FileRecord) => void;
  readonly reject: (reason: unknown) => void;
}

/** Why a put was refused, for each that was. */
type Refusals = Map<Waiting, unknown>;

/** The most bytes of one transaction: other tabs wait for its end. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The most bytes of a file in a pack, which each read of it reads as a whole. */
const PACKED_BYTES = 4 * 1024;

/** From how many such files on they are packed: fewer would hardly save a record. */
const PACKED_FILES = 8;

/**
 * Puts small files, those of one microtask in one transaction. Each succeeds or fails
 * for itself.
 */
export class Batch {
  readonly #database: Database;
  readonly #durability: Durability;
  #waiting: Waiting[] = [];
  #bytes = 0;

  constructor(database: Database, durability: Durability) {
    this.#database = database;
    this.#durability = durability;
  }

  /** Puts a file and returns it as it is stored. */
  put(put: SmallPut): Promise<FileRecord> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ put, stored: put.record, resolve, reject });
      this.#bytes += put.record.size;
      if (this.#waiting.length === 1) queueMicrotask(() => this.#flush());
      else if (this.#bytes > MAX_BYTES) this.#flush();
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    if (waiting.length > 0) void this.#commit(waiting);
  }

  async #commit(waiting: readonly Waiting[]): Promise<void> {
    try {
      const refusals = await this.#database.run(
        "readwrite",
        (transaction) => putAll(transaction, waiting),
        { durability: this.#durability },
      );
      for (const one of waiting) {
        if (refusals.has(one)) one.reject(refusals.get(one));
        else one.resolve(one.stored);
      }
    } catch (error) {
      if (waiting.length === 1) return waiting[0]?.reject(error);
      // One that is too large for the quota must not fail the others.
      for (const one of waiting) await this.#commit([one]);
    }
  }
}

async function putAll(
  transaction: Transaction,
  waiting: readonly Waiting[],
): Promise<Refusals> {
  const refusals: Refusals = new Map();
  const tree = new Tree(transaction);
  await tree.load(waiting.map(({ put }) => put.record.key));
  const isPacking = waiting.filter(isSmall).length >= PACKED_FILES;
  const packs = new Packs(transaction);
  const replaced: Content[] = [];
  for (const one of waiting) {
    const { record, rows, condition, signal } = one.put;
    const { key } = record;
    try {
      // The connection was lost after the commit, before this page heard of it.
      if (tree.fileAt(key)?.content.id === one.stored.content.id) continue;
      signal?.throwIfAborted();
      requirePut(tree.entryAt(key), condition, key);
    } catch (error) {
      refusals.set(one, error);
      continue;
    }
    const [row] = rows;
    if (isPacking && isSmall(one) && row !== undefined) {
      const content = packs.add(row);
      const etag = toEtag(content.id, content.offset);
      one.stored = { ...record, etag, content };
    } else {
      one.stored = record;
      rows.forEach((row, i) =>
        transaction.put(row, chunkKey(record.content.id, i))
      );
    }
    replaced.push(...tree.place(one.stored));
  }
  packs.flush();
  // After the packs: one of this batch may have replaced another.
  await release(transaction, replaced);
  return refusals;
}

function isSmall({ put: { record, rows } }: Waiting): boolean {
  return rows.length === 1 && record.size <= PACKED_BYTES;
}
