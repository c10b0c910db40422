// This module is browser compatible.
import type { WriteCondition } from "../../core/backend.ts";
import { requirePut } from "../../core/commit.ts";
import type { Database, Durability } from "./database.ts";
import { chunkKey, type FileRecord } from "./records.ts";
import type { Transaction } from "./transaction.ts";
import { Tree } from "./tree.ts";

/** A small file to be put. */
export interface SmallPut {
  /** The file. */
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
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Why a put was refused, for each that was. */
type Refusals = Map<SmallPut, unknown>;

/** The most bytes of one transaction: other tabs wait for its end. */
const MAX_BYTES = 8 * 1024 * 1024;

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

  /** Puts a file. */
  put(put: SmallPut): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ put, resolve, reject });
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
        (transaction) => putAll(transaction, waiting.map(({ put }) => put)),
        { durability: this.#durability },
      );
      for (const { put, resolve, reject } of waiting) {
        if (refusals.has(put)) reject(refusals.get(put));
        else resolve();
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
  puts: readonly SmallPut[],
): Promise<Refusals> {
  const refusals: Refusals = new Map();
  const tree = new Tree(transaction);
  await tree.load(puts.map(({ record }) => record.key));
  for (const put of puts) {
    const { record, rows, condition, signal } = put;
    try {
      // The connection was lost after the commit, before this page heard of it.
      if (tree.fileAt(record.key)?.content.id === record.content.id) continue;
      signal?.throwIfAborted();
      requirePut(tree.entryAt(record.key), condition, record.key);
    } catch (error) {
      refusals.set(put, error);
      continue;
    }
    rows.forEach((row, i) =>
      transaction.put(row, chunkKey(record.content.id, i))
    );
    await tree.putFile(record);
  }
  return refusals;
}
