/**
 * An IndexedDB that fails in every way that engines know, for schedules: answers of
 * commits are lost, connections are cut, the disk is full, other tabs upgrade.
 *
 * @module
 */
import * as fake from "fake-indexeddb";
import { IndexedDBBackend } from "../../backends/indexeddb/mod.ts";
import { LEASE_MS } from "../../backends/indexeddb/leases.ts";
import { type NodeRow, toNode } from "../../backends/indexeddb/records.ts";
import type { IndexedDBScope } from "../../backends/indexeddb/scope.ts";
import { Store } from "../../mod.ts";
import { imitate } from "../backends/indexeddb/imitation.ts";
import { Exchange, type Fault, seeded } from "../conformance/faults.ts";
import { auditRecords, type Key } from "../runtimes/indexeddb/audit.ts";
import { joined } from "./faults_content.ts";
import type { Held } from "./faults_history.ts";
import { turn } from "./faults_time.ts";
import type { Line, LineOptions, World } from "./faults_world.ts";
import { WEIGHTS } from "./faults_weights.ts";

const NAME = "remote-store";
const CHUNK = 8;

/** What happens to a transaction. */
const TROUBLES: readonly Fault[] = ["lost", "cut", "full", "upgrade"].map(
  (name) => ({
    name,
    happen: () => Promise.reject(new Error("not a request")),
  }),
);

/** Returns an IndexedDB as a seed has it; each writer is a tab. */
export function indexedDBWorld(random: (limit: number) => number): World {
  const scope = imitate();
  const contents = new Map<string, Held>();
  const pending: Promise<unknown>[] = [];
  const tab = () => new Store({ backend: new IndexedDBBackend({ scope }) });
  return {
    ground: {
      files: ["a", "b", "d/a", "d/b", "d/e/a"].slice(0, random(4) + 2),
      folders: ["d", "d/e", "q"],
      sizes: [0, 7, 24],
      streams: [0, 7, 24, 40],
      kinds: { ...WEIGHTS, burst: 5 },
    },
    traits: {
      flat: false,
      keepsVersion: true,
      batches: true,
      tidies: true,
      isDraft: () => false,
    },
    turns: random(12) + 1,
    look: () => lookAt(recordsOf(scope), contents, pending),
    async put(path, bytes) {
      await using store = tab();
      // What the setup draws may be a file where another one needs a folder.
      await store.write(path, bytes, { overwrite: true }).catch(() => {});
    },
    remove: () => {},
    async audit() {
      // What a tab has left that did not come back to it is swept after a while.
      await new Promise((resolve) => setTimeout(resolve, 2 * LEASE_MS));
      const backend = new IndexedDBBackend({ scope });
      await backend.sweep();
      await backend.close();
      await Promise.all(pending);
      const { orphans, broken } = auditRecords(recordsOf(scope));
      return [...orphans, ...broken];
    },
    connect(options) {
      const line = new Tab(scope, options);
      const store = new Store({
        backend: new IndexedDBBackend({
          scope: line.scope,
          chunkSize: CHUNK,
          representation: random(2) === 0 ? "bytes" : "auto",
        }),
      });
      return { line, store };
    },
  };
}

/** The engine's own records, which its interface shows only later. */
interface Engine {
  readonly _databases: ReadonlyMap<string, {
    readonly rawObjectStores: ReadonlyMap<string, {
      readonly records: {
        values(): Iterable<{ readonly key: Key; readonly value: unknown }>;
      };
    }>;
  }>;
}

function recordsOf({ indexedDB }: IndexedDBScope): [Key, unknown][] {
  const { _databases: databases } = indexedDB as unknown as Engine;
  const store = databases.get(NAME)?.rawObjectStores.get("files");
  return Array.from(
    store?.records.values() ?? [],
    ({ key, value }) => [key, value],
  );
}

function* lookAt(
  records: readonly (readonly [Key, unknown])[],
  known: Map<string, Held>,
  pending: Promise<unknown>[],
): Iterable<readonly [string, Held]> {
  const rows = new Map<string, (Uint8Array | Blob)[]>();
  for (const [[id, index], value] of records) {
    if (typeof id !== "string" || index === undefined) continue;
    rows.set(id, [...rows.get(id) ?? [], value as Uint8Array | Blob]);
  }
  for (const [[depth], value] of records) {
    if (typeof depth !== "number" || depth === 0) continue;
    const node = toNode(value as NodeRow);
    if (node.kind === "folder") {
      const name = `${node.key}/`;
      let held = known.get(name);
      if (held === undefined) {
        held = { etag: null, bytes: new Uint8Array(0), token: {} };
        known.set(name, held);
      }
      yield [name, held];
      continue;
    }
    const { key, size, etag, content } = node;
    // The same content at the same place is the same version, however it is counted.
    const name = `${key} ${etag} ${content.id} ${content.offset}`;
    let held = known.get(name);
    if (held === undefined) {
      const bytes = new Uint8Array(size);
      const filled = fill(
        bytes,
        rows.get(content.id) ?? [],
        content.offset ?? 0,
      );
      if (filled !== null) pending.push(filled);
      held = { etag, bytes, token: {} };
      known.set(name, held);
    }
    yield [key, held];
  }
}

// What is in Blobs is known when all is over, and that is early enough.
function fill(
  bytes: Uint8Array,
  rows: readonly (Uint8Array | Blob)[],
  from: number,
): Promise<void> | null {
  const set = (whole: Uint8Array) =>
    bytes.set(whole.subarray(from, from + bytes.byteLength));
  const plain = rows.filter((row) => row instanceof Uint8Array);
  if (plain.length < rows.length) {
    return new Blob(rows as BlobPart[]).arrayBuffer().then((buffer) =>
      set(new Uint8Array(buffer))
    );
  }
  set(joined(plain));
  return null;
}

/** A tab's way to the database. */
class Tab implements Line {
  readonly log: Exchange[] = [];
  readonly scope: IndexedDBScope;
  rate: number;
  readonly #inner: IndexedDBScope;
  readonly #options: LineOptions;
  #random: (limit: number) => number;
  #version = 1;

  constructor(inner: IndexedDBScope, options: LineOptions) {
    this.#inner = inner;
    this.#options = options;
    this.#random = seeded(options.seed);
    this.rate = options.rate;
    this.scope = {
      IDBKeyRange: inner.IDBKeyRange,
      indexedDB: { open: (name, version) => this.#open(name, version) },
    };
  }

  reseed(seed: number): void {
    this.#random = seeded(seed);
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  holding(): readonly Exchange[] {
    return [];
  }

  #open(name: string, version?: number): IDBOpenDBRequest {
    const factory = this.#inner.indexedDB as IDBFactory;
    const request = factory.open(name, version);
    request.addEventListener("success", () => {
      const db = request.result;
      this.#version = db.version;
      const begin = db.transaction.bind(db);
      db.transaction = (...args: Parameters<typeof begin>) => {
        const transaction = begin(...args);
        this.#begin(db, transaction, args[1] ?? "readonly");
        return transaction;
      };
    });
    return request;
  }

  #begin(db: IDBDatabase, transaction: IDBTransaction, mode: string): void {
    const number = this.log.length;
    const exchange = new Exchange(number, "indexeddb:/", { method: mode });
    this.log.push(exchange);
    this.#options.onRequest(exchange);
    transaction.addEventListener("complete", () => {
      exchange.reach = "arrived";
      exchange.served = 200;
      exchange.told = exchange.fault?.name === "lost" ? "nothing" : 200;
      if (mode === "readwrite") this.#options.record(exchange);
    });
    transaction.addEventListener("abort", () => {
      exchange.told = "nothing";
      if (exchange.reach === "underway") exchange.reach = "never";
    });
    const SIDES = 1000;
    if (this.#random(SIDES) >= this.rate * SIDES) return;
    exchange.fault = TROUBLES[this.#random(TROUBLES.length)] ?? null;
    this.#trouble(exchange, db, transaction);
  }

  #trouble(
    exchange: Exchange,
    db: IDBDatabase,
    transaction: IDBTransaction,
  ): void {
    if (exchange.fault?.name === "lost") {
      Object.defineProperty(transaction, "oncomplete", {
        set: () =>
          transaction.addEventListener(
            "complete",
            () => transaction.onabort?.(new Event("abort")),
          ),
      });
      return;
    }
    void this.#later(exchange, db, transaction);
  }

  async #later(
    exchange: Exchange,
    db: IDBDatabase,
    transaction: IDBTransaction,
  ): Promise<void> {
    const turns = this.#random(14);
    for (let i = 0; i < turns; i++) {
      await (i % 4 === 3 ? turn() : Promise.resolve());
    }
    const { _abort: abort, _state: state } = transaction as unknown as {
      _abort(name: string): void;
      _state: string;
    };
    exchange.note = `after ${turns} turns`;
    switch (exchange.fault?.name) {
      case "cut":
        return fake.forceCloseDatabase(db as never);
      case "full":
        if (state !== "finished") {
          abort.call(transaction, "QuotaExceededError");
        }
        return;
      case "upgrade": {
        const factory = this.#inner.indexedDB as IDBFactory;
        const request = factory.open(db.name, this.#version + 1);
        request.onsuccess = () => request.result.close();
      }
    }
  }
}
