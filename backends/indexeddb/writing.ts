// This module is browser compatible.
import type { Body, WriteFacts, WriteRequest } from "../../core/backend.ts";
import { requirePut } from "../../core/commit.ts";
import { toExtra } from "../../core/results.ts";
import { Batch } from "./batch.ts";
import { keepsBlobs } from "./blobs.ts";
import type { Database } from "./database.ts";
import { isStuck } from "./failures.ts";
import type { Leases } from "./leases.ts";
import type { Settings } from "./options.ts";
import {
  type Parts,
  partsOfBytes,
  partsOfStream,
  ROWS_A_PART,
  sizeOf,
  toRows,
} from "./parts.ts";
import { type FileRecord, newId, toEtag } from "./records.ts";
import { Tree } from "./tree.ts";
import { PARTS_A_BLOB, Upload } from "./upload.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Puts files: what fits into one part together with others, the rest in stages. */
export class Writer {
  readonly #database: Database;
  readonly #leases: Leases;
  readonly #settings: Settings;
  readonly #batch: Batch;
  readonly #partSize: number;
  #blobs: Promise<boolean> | null = null;

  constructor(database: Database, leases: Leases, settings: Settings) {
    this.#database = database;
    this.#leases = leases;
    this.#settings = settings;
    this.#batch = new Batch(database, settings.durability);
    this.#partSize = settings.chunkSize * ROWS_A_PART;
  }

  /** Puts a file. */
  write(key: string, body: Body, request: WriteRequest): Promise<WriteFacts> {
    const partSize = this.#partSize;
    if (body.kind === "stream") {
      return this.#begin(key, partsOfStream(body.stream, partSize), request);
    }
    // Here and now: the caller may change its bytes as soon as this has returned.
    const bytes = body.bytes.slice();
    // No promise comes in between, or writes of one microtask would not meet.
    return bytes.byteLength <= partSize
      ? this.#putSmall(key, [bytes], request)
      : this.#stageBytes(key, bytes, request);
  }

  async #begin(
    key: string,
    parts: Parts,
    request: WriteRequest,
  ): Promise<WriteFacts> {
    const first = await parts.next();
    if (sizeOf(first) < this.#partSize) {
      return await this.#putSmall(key, first, request);
    }
    const second = await parts.next();
    return second.length === 0
      ? await this.#putSmall(key, first, request)
      : await this.#stage(key, [first, second], parts, request);
  }

  async #stageBytes(
    key: string,
    bytes: Bytes,
    request: WriteRequest,
  ): Promise<WriteFacts> {
    // Before anything is stored that would have to be taken away again.
    await this.#database.run("readonly", async (transaction) => {
      const entry = await new Tree(transaction).find(key);
      requirePut(entry, request.condition, key);
    }, { signal: request.signal });
    const parts = partsOfBytes(bytes, this.#partSize);
    return await this.#stage(key, [], parts, request);
  }

  async #putSmall(
    key: string,
    pieces: Bytes[],
    request: WriteRequest,
  ): Promise<WriteFacts> {
    const { chunkSize } = this.#settings;
    const { condition, signal } = request;
    const rows = toRows(pieces, chunkSize);
    // The transaction that puts it gives it an id.
    const content = {
      id: "",
      chunkSize,
      blobs: false,
      shared: false,
      offset: null,
    };
    const record = toRecord(key, sizeOf(rows), content, request);
    return toFacts(
      await this.#batch.put({ record, rows, condition, signal }),
    );
  }

  async #stage(
    key: string,
    first: readonly Bytes[][],
    rest: Parts,
    request: WriteRequest,
  ): Promise<WriteFacts> {
    const blobs = await this.#useBlobs();
    const content = {
      id: newId(),
      chunkSize: blobs
        ? this.#partSize * PARTS_A_BLOB
        : this.#settings.chunkSize,
      blobs,
      shared: false,
      offset: null,
    };
    const upload = new Upload(
      this.#database,
      this.#leases,
      content,
      request.signal,
    );
    try {
      const record = await upload.run(
        first,
        rest,
        (size) => toRecord(key, size, content, request),
        request.condition,
        this.#settings.durability,
      );
      return toFacts(record);
    } catch (error) {
      // Whatever it was that hung: rows are what every engine ends.
      if (isStuck(error) && this.#settings.representation === "auto") {
        this.#blobs = Promise.resolve(false);
      }
      throw error;
    }
  }

  #useBlobs(): Promise<boolean> {
    const { representation } = this.#settings;
    if (this.#blobs === null) {
      this.#blobs = representation === "auto"
        ? keepsBlobs(this.#database, this.#leases)
        : Promise.resolve(representation === "blob");
      // The next write tries again.
      this.#blobs.catch(() => this.#blobs = null);
    }
    return this.#blobs;
  }
}

function toRecord(
  key: string,
  size: number,
  content: FileRecord["content"],
  request: WriteRequest,
): FileRecord {
  const { headers, metadata } = request;
  return {
    kind: "file",
    key,
    size,
    lastModified: Date.now(),
    etag: toEtag(content.id),
    digest: null,
    contentType: headers.contentType,
    metadata,
    extra: toExtra(headers),
    content,
  };
}

function toFacts({ etag, lastModified }: FileRecord): WriteFacts {
  return { etag, lastModified, versionId: null, digest: null };
}
