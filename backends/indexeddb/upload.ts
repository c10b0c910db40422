// This module is browser compatible.
import type { WriteCondition } from "../../core/backend.ts";
import { requirePut } from "../../core/commit.ts";
import { BackendUnavailableError } from "../../core/errors.ts";
import type { Database, Durability } from "./database.ts";
import type { Leases } from "./leases.ts";
import { type Parts, sizeOf, toRows } from "./parts.ts";
import {
  chunkKey,
  type Content,
  type FileRecord,
  type Lease,
  leaseKey,
} from "./records.ts";
import { Tree } from "./tree.ts";

type Pieces = Uint8Array<ArrayBuffer>[];

/** How many parts are being stored while the next one is read. */
const IN_FLIGHT = 2;

/**
 * A write in two steps: parts are stored under an id of their own, in short
 * transactions; then one more puts the file. A write that fails takes its parts away.
 */
export class Upload {
  readonly #database: Database;
  readonly #leases: Leases;
  readonly #content: Content;
  readonly #signal: AbortSignal | undefined;
  readonly #storing = new Set<Promise<void>>();
  #chunks = 0;
  #size = 0;

  constructor(
    database: Database,
    leases: Leases,
    content: Content,
    signal: AbortSignal | undefined,
  ) {
    this.#database = database;
    this.#leases = leases;
    this.#content = content;
    this.#signal = signal;
  }

  /** Stores all parts, then puts the file that `toRecord` makes of their size. */
  async run(
    first: readonly Pieces[],
    rest: Parts,
    toRecord: (size: number) => FileRecord,
    condition: WriteCondition,
    durability: Durability,
  ): Promise<FileRecord> {
    const { id } = this.#content;
    const release = await this.#leases.hold(id);
    try {
      for (const part of first) await this.#store(part);
      for (let part; (part = await rest.next()).length > 0;) {
        await this.#store(part);
      }
      await Promise.all(this.#storing);
      const record = toRecord(this.#size);
      await this.#commit(record, condition, durability);
      return record;
    } catch (error) {
      await Promise.allSettled(this.#storing);
      // What cannot be taken away now is swept later; the failure is what counts.
      await this.#leases.discard(id).catch(() => {});
      throw error;
    } finally {
      release();
    }
  }

  async #store(pieces: Pieces): Promise<void> {
    if (this.#storing.size >= IN_FLIGHT) await Promise.race(this.#storing);
    const { id } = this.#content;
    const records = this.#recordsOf(pieces);
    const index = this.#chunks;
    this.#chunks += records.length;
    this.#size += sizeOf(pieces);
    const storing = this.#database.run("readwrite", (transaction) => {
      records.forEach((record, i) =>
        transaction.put(record, chunkKey(id, index + i))
      );
      const lease: Lease = { renewed: Date.now() };
      transaction.put(lease, leaseKey(id));
    }, { signal: this.#signal });
    this.#storing.add(storing);
    storing.then(() => this.#storing.delete(storing), () => {
      // Stays in the set, so that whoever waits next hears of it.
    });
  }

  #recordsOf(pieces: Pieces): (Blob | Uint8Array<ArrayBuffer>)[] {
    const { blobs, chunkSize } = this.#content;
    return blobs ? [new Blob(pieces)] : toRows(pieces, chunkSize);
  }

  async #commit(
    record: FileRecord,
    condition: WriteCondition,
    durability: Durability,
  ): Promise<void> {
    const { id } = this.#content;
    await this.#database.run("readwrite", async (transaction) => {
      const tree = new Tree(transaction);
      const [lease] = await Promise.all([
        transaction.get<Lease>(leaseKey(id)),
        tree.load([record.key]),
      ]);
      // The connection was lost after the commit, before this page heard of it.
      if (tree.fileAt(record.key)?.content.id === id) return;
      requirePut(tree.entryAt(record.key), condition, record.key);
      if (lease === undefined) {
        throw new BackendUnavailableError(
          "the upload stood still for so long that another tab removed its parts",
        );
      }
      transaction.delete(leaseKey(id));
      await tree.putFile(record);
    }, { signal: this.#signal, durability });
  }
}
