// This module is browser compatible.
import type {
  Backend,
  Body,
  CopyRequest,
  DeleteRequest,
  Entry,
  ListPage,
  ListRequest,
  ReadAnswer,
  ReadRequest,
  RemoveFolderRequest,
  SignalRequest,
  WriteFacts,
  WriteRequest,
} from "../../core/backend.ts";
import { type Capability, CapabilitySet } from "../../core/capability.ts";
import { requireMatch, requirePut } from "../../core/commit.ts";
import { NotFoundError } from "../../core/errors.ts";
import { stripKey } from "../../core/path.ts";
import { withStored } from "../../core/results.ts";
import { release, share } from "./contents.ts";
import { Database, type Durability } from "./database.ts";
import { deleteKeys } from "./deleting.ts";
import { Leases, ownLocks } from "./leases.ts";
import { listPage, removeTree } from "./listing.ts";
import { type IndexedDBBackendOptions, toSettings } from "./options.ts";
import { readFile } from "./reading.ts";
import { type FileRecord, LEASES, newId, toEtag } from "./records.ts";
import { Tree } from "./tree.ts";
import { Writer } from "./writing.ts";

const DECLARED: ReadonlySet<Capability> = new CapabilitySet([
  "read",
  "write",
  "delete",
  "list",
  "list_from",
  "glob",
  "move",
  "copy",
  "metadata",
  "atomic_write",
  "atomic_move",
  "user_metadata",
  "conditional_write",
  "conditional_delete",
  "conditional_copy",
  "copy_metadata",
  "seekable_read",
  "lazy_read",
  "write_result_native",
]);

/**
 * Keeps files in the browser's IndexedDB. Signs no URLs (`PRESIGN`). Tabs and
 * workers of an origin that open the same database see the same files. `close` closes
 * the connection; the backend opens it again when it is used.
 */
export class IndexedDBBackend implements Backend {
  /** The name in errors. */
  readonly name = "indexeddb" as const;
  /** What it can do. */
  readonly capabilities: ReadonlySet<Capability> = DECLARED;
  /** Folders exist of themselves. */
  readonly namespace = "hierarchical" as const;
  /** A closed database is still there. */
  readonly closeIsTerminal = false as const;
  /** `delete` knows what it deleted. */
  readonly deleteTells = true as const;

  readonly #database: Database;
  readonly #leases: Leases;
  readonly #writer: Writer;
  readonly #durability: Durability;
  #sweeping: Promise<unknown> | null = null;
  #stopSweep = new AbortController();

  /**
   * Creates the backend. Nothing is opened yet: where there is no IndexedDB, the first
   * use says so.
   *
   * @throws {InvalidArgumentError} If an option is not valid.
   */
  constructor(options: IndexedDBBackendOptions = {}) {
    const settings = toSettings(options);
    const { databaseName, storeName, durability, scope, onDataLoss } = settings;
    this.#durability = durability;
    this.#database = new Database(databaseName, storeName, scope, onDataLoss);
    this.#leases = new Leases(this.#database, ownLocks);
    this.#writer = new Writer(this.#database, this.#leases, settings);
  }

  /** Returns what stands at a key. */
  stat(key: string, { signal }: SignalRequest): Promise<Entry> {
    return this.#opened().read(
      (transaction) => new Tree(transaction).find(key),
      signal,
    );
  }

  /**
   * Starts reading. The stream is one version to its end: Blobs outlive their records;
   * where there are none, a file that is replaced under its reader is an error.
   */
  read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    return readFile(this.#opened(), key, request);
  }

  /** Puts a file, visible with all of its content or not at all. */
  write(key: string, body: Body, request: WriteRequest): Promise<WriteFacts> {
    this.#opened();
    return this.#writer.write(key, body, request);
  }

  /** Deletes a file; its folder stays. */
  delete(key: string, { ifMatch, signal }: DeleteRequest): Promise<boolean> {
    let found = false;
    return this.#opened().run("readwrite", async (transaction, again) => {
      const tree = new Tree(transaction);
      await tree.load([key]);
      const file = tree.fileAt(key);
      // The first time, whose answer was lost, has most likely deleted it.
      if (file === null) return again && found;
      if (ifMatch !== null) requireMatch(file.etag, ifMatch, key);
      found = true;
      tree.remove(key);
      await release(transaction, [file]);
      return true;
    }, { signal, durability: this.#durability });
  }

  /** Lists depth by depth; a page is what one transaction sees. */
  list(prefix: string, request: ListRequest): Promise<ListPage> {
    return this.#opened().run(
      "readonly",
      (transaction) => listPage(transaction, prefix, request),
      { signal: request.signal },
    );
  }

  /**
   * Deletes files, a thousand in a transaction. Others see all of those gone or none; an
   * abort leaves what was not begun.
   */
  deleteMany(
    keys: readonly string[],
    { signal }: SignalRequest,
  ): Promise<ReadonlyMap<string, unknown>> {
    const options = { signal, durability: this.#durability };
    return deleteKeys(this.#opened(), keys, options);
  }

  /**
   * Removes a folder, with everything below it where `recursive`: in one transaction, or
   * in several of a thousand entries each, the deepest first. In between others see what
   * is left, always in folders that exist; the folder itself goes last.
   */
  async removeFolder(
    key: string,
    { recursive, signal }: RemoveFolderRequest,
  ): Promise<boolean> {
    const database = this.#opened();
    for (;;) {
      const removed = await database.run(
        "readwrite",
        (transaction) => removeTree(transaction, key, recursive),
        { signal, durability: this.#durability },
      );
      if (removed !== null) return removed;
    }
  }

  /** Copies a file without its bytes: both have one content. The copy is a new version. */
  copy(source: string, target: string, request: CopyRequest): Promise<void> {
    const { condition, stored, signal } = request;
    const etag = toEtag(newId());
    return this.#opened().run("readwrite", async (transaction) => {
      const tree = new Tree(transaction);
      await tree.load([source, target]);
      // It was copied, before the answer was lost.
      if (tree.fileAt(target)?.etag === etag) return;
      const file = requireSource(tree, source, request);
      requirePut(tree.entryAt(target), condition, target);
      const made = stored === null ? file : withStored(file, stored);
      const lastModified = Date.now();
      if (source === target) {
        tree.amend({ ...made, etag, lastModified });
        return;
      }
      const content = await share(transaction, file.content);
      if (!file.content.shared) tree.amend({ ...file, content });
      await tree.putFile({ ...made, key: target, etag, lastModified, content });
    }, { signal, durability: this.#durability });
  }

  /** Moves a file as it is: version and time stay. */
  move(source: string, target: string, request: CopyRequest): Promise<void> {
    const { condition, signal } = request;
    let etag: string | null = null;
    return this.#opened().run("readwrite", async (transaction) => {
      const tree = new Tree(transaction);
      await tree.load([source, target]);
      // It was moved, before the answer was lost.
      if (etag !== null && tree.fileAt(target)?.etag === etag) return;
      const file = requireSource(tree, source, request);
      requirePut(tree.entryAt(target), condition, target);
      etag = file.etag;
      tree.remove(source);
      await tree.putFile({ ...file, key: target });
    }, { signal, durability: this.#durability });
  }

  /** Opens the database and reads a key from it. */
  async ping({ signal }: SignalRequest): Promise<void> {
    await this.#opened().run(
      "readonly",
      (transaction) => transaction.keys(LEASES, 1),
      { signal },
    );
  }

  /** Closes the connection. The next call opens it again. */
  async close(): Promise<void> {
    // The database may never open.
    if (this.#database.handle === null) this.#stopSweep.abort();
    await this.#sweeping;
    this.#sweeping = null;
    await this.#database.close();
  }

  /**
   * Deletes what crashed or closed tabs have left of their uploads, and returns how
   * many there were. Uploads under way, in any tab, are left alone. Done once by
   * itself, at the first use.
   */
  sweep(): Promise<number> {
    return this.#leases.sweep();
  }

  /** Returns the key behind the names of the database and its object store. */
  nativePath(key: string): string {
    return key === "" ? this.#place : `${this.#place}/${key}`;
  }

  /** Returns the key that {@linkcode nativePath} was made of. */
  toKey(nativePath: string): string {
    return stripKey(this.#place, nativePath) ?? nativePath;
  }

  /** Returns the names of the database and its object store. */
  describe(): Readonly<Record<string, unknown>> {
    const { name, storeName } = this.#database;
    return { databaseName: name, storeName };
  }

  /** Returns the `IDBDatabase`, where it is open at present. */
  unwrap<T>(type: abstract new (...args: never[]) => T): T | null {
    const { handle } = this.#database;
    return handle instanceof type ? handle : null;
  }

  get #place(): string {
    return `${this.#database.name}/${this.#database.storeName}`;
  }

  /** Returns the database; the first time, sweeps what others have left, aside. */
  #opened(): Database {
    if (this.#sweeping === null) {
      this.#stopSweep = new AbortController();
      this.#sweeping = this.#leases.sweep(this.#stopSweep.signal).catch(() => {
        // The call that follows reports what is wrong with the database.
      });
    }
    return this.#database;
  }
}

function requireSource(
  tree: Tree,
  key: string,
  { source, sourceNamed }: CopyRequest,
): FileRecord {
  const file = tree.fileAt(key);
  if (file === null) throw new NotFoundError(undefined, { path: key });
  if (sourceNamed) requireMatch(file.etag, source.etag ?? "", key);
  return file;
}
