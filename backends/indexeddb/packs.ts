// This module is browser compatible.
import { toRows } from "./parts.ts";
import {
  chunkKey,
  type Content,
  newId,
  PACK_BYTES,
  PACK_FILES,
  type PackRecord,
  sharesKey,
} from "./records.ts";
import type { Transaction } from "./transaction.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Small contents of one transaction, put into records that they share. */
export class Packs {
  readonly #transaction: Transaction;
  #id = newId();
  #contents: Bytes[] = [];
  #size = 0;

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  /** Adds the bytes of a file, which are stored with {@linkcode flush} at the latest. */
  add(bytes: Bytes): Content {
    if (
      this.#size + bytes.byteLength > PACK_BYTES ||
      this.#contents.length === PACK_FILES
    ) this.flush();
    const offset = this.#size;
    this.#contents.push(bytes);
    this.#size += bytes.byteLength;
    return {
      id: this.#id,
      chunkSize: PACK_BYTES,
      blobs: false,
      shared: true,
      offset,
    };
  }

  /** Stores the pack that was begun, if any. */
  flush(): void {
    const [row] = toRows(this.#contents, PACK_BYTES);
    if (row === undefined) return;
    this.#transaction.put(row, chunkKey(this.#id, 0));
    const record: PackRecord = {
      files: this.#contents.length,
      size: this.#size,
    };
    this.#transaction.put(record, sharesKey(this.#id));
    this.#id = newId();
    this.#contents = [];
    this.#size = 0;
  }
}
