// This module is browser compatible.
import type { WriteCondition } from "../../core/backend.ts";
import { requirePut } from "../../core/commit.ts";
import { inDoubt, isInDoubt } from "../../core/doubt.ts";
import { onAbort } from "../../core/signal.ts";
import { release } from "./contents.ts";
import type { Database, Durability } from "./database.ts";
import { isStuck, stuck } from "./failures.ts";
import { Packs } from "./packs.ts";
import { chunkKey, type FileRecord, newId, toEtag } from "./records.ts";
import type { Transaction } from "./transaction.ts";
import { Tree } from "./tree.ts";

/** A small file to be put. */
export interface SmallPut {
  /** The file, but for where its bytes will be. */
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
  /** Whether a transaction has put it, so that an abort comes too late. */
  begun: boolean;
  readonly resolve: (stored: FileRecord) => void;
  readonly reject: (reason: unknown) => void;
}

/** What will share a transaction. */
interface Group {
  readonly puts: Waiting[];
  bytes: number;
  /** How many nobody has given up. */
  wanted: number;
  /** Ends the transaction when none is wanted; `null` where no put can be given up. */
  stop: AbortController | null;
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
  #group = newGroup();

  constructor(database: Database, durability: Durability) {
    this.#database = database;
    this.#durability = durability;
  }

  /** Puts a file and returns it as it is stored. */
  async put(put: SmallPut): Promise<FileRecord> {
    const group = this.#group;
    let letGo = () => {};
    try {
      return await new Promise((resolve, reject) => {
        const stored = put.record;
        const one = { put, stored, begun: false, resolve, reject };
        group.wanted++;
        group.bytes += put.record.size;
        if (put.signal !== undefined) {
          const stop = group.stop ??= new AbortController();
          letGo = onAbort(put.signal, (reason) => {
            if (!one.begun) reject(reason);
            if (--group.wanted === 0) stop.abort(reason);
          });
        }
        if (group.puts.push(one) === 1) {
          queueMicrotask(() => this.#flush(group));
        } else if (group.bytes > MAX_BYTES) this.#flush(group);
      });
    } finally {
      letGo();
    }
  }

  #flush(group: Group): void {
    // It was full before its microtask came.
    if (this.#group !== group) return;
    this.#group = newGroup();
    void this.#commit(group.puts, group.stop?.signal, false);
  }

  async #commit(
    puts: readonly Waiting[],
    signal: AbortSignal | undefined,
    mayBeStored: boolean,
  ): Promise<void> {
    let refusals: Refusals = new Map();
    try {
      await this.#database.run("readwrite", async (transaction, again) => {
        const isDoubtful = again || mayBeStored;
        refusals = await putAll(transaction, puts, refusals, isDoubtful);
      }, { signal, durability: this.#durability });
      for (const one of puts) {
        if (refusals.has(one)) one.reject(refusals.get(one));
        else one.resolve(one.stored);
      }
    } catch (error) {
      if (puts.length === 1) {
        // Before it was tried alone, another transaction may have put it.
        const doubtful = mayBeStored && !signal?.aborted && !isInDoubt(error);
        return puts[0]?.reject(doubtful ? inDoubt(error) : error);
      }
      if (isStuck(error)) {
        return puts.forEach(({ reject }) => reject(stuck(error, true)));
      }
      // One that is too large for the quota must not fail the others.
      const lost = isInDoubt(error);
      for (const one of puts) await this.#commit([one], one.put.signal, lost);
    }
  }
}

function newGroup(): Group {
  return { puts: [], bytes: 0, wanted: 0, stop: null };
}

/** Puts files; `before` has what was refused the time before. */
async function putAll(
  transaction: Transaction,
  puts: readonly Waiting[],
  before: Refusals,
  isDoubtful: boolean,
): Promise<Refusals> {
  const tree = new Tree(transaction);
  await tree.load(puts.map(({ put }) => put.record.key));
  // The connection was lost after the commit, before this page heard of it: where one
  // is there, all were.
  if (puts.some((one) => isThere(tree, one))) return before;
  const refusals: Refusals = new Map();
  const isPacking = puts.filter(isSmall).length >= PACKED_FILES;
  const packs = new Packs(transaction);
  const replaced: FileRecord[] = [];
  for (const one of puts) {
    const { record, rows, condition, signal } = one.put;
    const { key } = record;
    try {
      signal?.throwIfAborted();
      requirePut(tree.entryAt(key), condition, key);
    } catch (error) {
      const isNew = isDoubtful && !before.has(one);
      refusals.set(one, isNew ? inDoubt(error) : error);
      continue;
    }
    one.begun = true;
    const [row] = rows;
    // An id of its own each time: what was stored the first time may be elsewhere now.
    const content = isPacking && isSmall(one) && row !== undefined
      ? packs.add(row)
      : { ...record.content, id: newId() };
    if (content.offset === null) {
      rows.forEach((row, i) => transaction.put(row, chunkKey(content.id, i)));
    }
    const etag = toEtag(content.id, content.offset);
    one.stored = { ...record, etag, content };
    replaced.push(...tree.place(one.stored));
  }
  packs.flush();
  // After the packs: one of this batch may have replaced another.
  await release(transaction, replaced);
  return refusals;
}

function isThere(tree: Tree, { put, stored }: Waiting): boolean {
  return tree.fileAt(put.record.key)?.etag === stored.etag;
}

function isSmall({ put: { record, rows } }: Waiting): boolean {
  return rows.length === 1 && record.size <= PACKED_BYTES;
}
