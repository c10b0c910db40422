// This module is browser compatible.
import type { WriteCondition } from "../../core/backend.ts";
import { requirePut } from "../../core/commit.ts";
import { BackendUnavailableError } from "../../core/errors.ts";
import { deadline } from "../../core/signal.ts";
import { requireBytes } from "./blobs.ts";
import type { Database, Durability } from "./database.ts";
import { LEASE_MS, type Leases } from "./leases.ts";
import { type Parts, sizeOf, toRows } from "./parts.ts";
import {
  chunkKey,
  type Content,
  contentSpan,
  type FileRecord,
  type Lease,
  leaseKey,
} from "./records.ts";
import { Tree } from "./tree.ts";

type Pieces = Uint8Array<ArrayBuffer>[];

/** How many parts are being stored while the next one is read. */
const IN_FLIGHT = 2;

/** How long a write that failed may take to clear up. */
const DISCARD_MS = 5000;

/** Parts in a Blob: large ones are read faster. */
export const PARTS_A_BLOB = 4;

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
  #blobs: Blob[] = [];
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
      for (const part of first) await this.#add(part);
      for (let part; (part = await rest.next()).length > 0;) {
        await this.#add(part);
      }
      if (this.#blobs.length > 0) await this.#storeBlob();
      await Promise.all(this.#storing);
      const record = toRecord(this.#size);
      await this.#commit(record, condition, durability);
      return record;
    } catch (error) {
      await Promise.allSettled(this.#storing);
      // What cannot be taken away now is swept later; the failure is what counts, and
      // a database that does not open again must not hold it up.
      const late = deadline(DISCARD_MS);
      await this.#leases.discard(id, late.signal).catch(() => {});
      late.release();
      throw error;
    } finally {
      release();
    }
  }

  async #add(pieces: Pieces): Promise<void> {
    const { blobs, chunkSize } = this.#content;
    this.#size += sizeOf(pieces);
    if (!blobs) return await this.#store(toRows(pieces, chunkSize));
    // A Blob of Blobs: the bytes leave this page's memory before they are stored.
    this.#blobs.push(new Blob(pieces));
    if (this.#blobs.length === PARTS_A_BLOB) await this.#storeBlob();
  }

  async #storeBlob(): Promise<void> {
    const blob = new Blob(this.#blobs);
    this.#blobs = [];
    await requireBytes(blob);
    await this.#store([blob]);
  }

  async #store(records: readonly unknown[]): Promise<void> {
    if (this.#storing.size >= IN_FLIGHT) await Promise.race(this.#storing);
    const { id } = this.#content;
    const index = this.#chunks;
    this.#chunks += records.length;
    const storing = this.#database.run("readwrite", (transaction) => {
      records.forEach((record, i) =>
        transaction.put(record, chunkKey(id, index + i))
      );
      transaction.put(Date.now() satisfies Lease, leaseKey(id));
    }, { signal: this.#signal, isStaging: true });
    this.#storing.add(storing);
    storing.then(() => this.#storing.delete(storing), () => {
      // Stays in the set, so that whoever waits next hears of it.
    });
  }

  async #commit(
    record: FileRecord,
    condition: WriteCondition,
    durability: Durability,
  ): Promise<void> {
    const { id } = this.#content;
    let seen: Lease = 0;
    await this.#database.run("readwrite", async (transaction) => {
      const tree = new Tree(transaction);
      const [lease, chunks] = await Promise.all([
        transaction.get<Lease>(leaseKey(id)),
        transaction.keys(contentSpan(id)),
        tree.load([record.key]),
      ]);
      // The connection was lost after the commit, before this page heard of it: no sweep
      // takes so young a lease.
      if (lease === undefined && Date.now() - seen < LEASE_MS) return;
      if (tree.fileAt(record.key)?.content.id === id) return;
      seen = lease ?? 0;
      requirePut(tree.entryAt(record.key), condition, record.key);
      if (lease === undefined) {
        throw new BackendUnavailableError(
          "the upload stood still for so long that another tab removed its parts",
        );
      }
      // Engines have reported success for what they did not store.
      if (chunks.length !== this.#chunks) {
        throw new BackendUnavailableError(
          `the database kept ${chunks.length} of ${this.#chunks} parts`,
        );
      }
      transaction.delete(leaseKey(id));
      await tree.putFile(record);
    }, { signal: this.#signal, durability });
  }
}
