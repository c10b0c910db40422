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
  SignalRequest,
  WriteFacts,
  WriteRequest,
} from "../../core/backend.ts";
import { type Capability, CapabilitySet } from "../../core/capability.ts";
import { look } from "./attempts.ts";
import { copy } from "./copying.ts";
import { remove, removeMany } from "./deleting.ts";
import { list } from "./listing.ts";
import { checkOptions, type R2Options, type Settings } from "./options.ts";
import { head } from "./probing.ts";
import { get } from "./reading.ts";
import { HASHES, requireKey } from "./wire.ts";
import { put } from "./writing.ts";

const DECLARED: ReadonlySet<Capability> = new CapabilitySet([
  "read",
  "write",
  "delete",
  "list",
  "list_from",
  "move",
  "copy",
  "metadata",
  "atomic_write",
  "glob",
  "user_metadata",
  "conditional_write",
  "conditional_copy",
  "copy_metadata",
  "seekable_read",
  "lazy_read",
  "write_result_native",
]);

/**
 * Files in a Worker's own R2 bucket, by its binding: no key, no signature, no request
 * over the Internet. Safe for concurrent calls, and for many requests: it holds the
 * binding and nothing that belongs to a request. `close` is for good.
 */
export class R2Backend implements Backend {
  /** The name in errors. */
  readonly name = "r2" as const;
  /** What it can do. A binding signs nothing. */
  readonly capabilities: ReadonlySet<Capability> = DECLARED;
  /** The hashes that R2 checks. */
  readonly checks: ReadonlySet<string> = new Set(HASHES);
  /** Folders are what keys have in common. */
  readonly namespace = "flat" as const;
  /** A closed backend stays closed. */
  readonly closeIsTerminal = true as const;
  /** R2 answers the same to a file and to none. */
  readonly deleteTells = false as const;

  readonly #settings: Settings;

  /**
   * Checks the options; asks nobody.
   *
   * @throws {InvalidArgumentError} If an option is missing, wrong or not known.
   */
  constructor(options: R2Options) {
    this.#settings = checkOptions(options);
  }

  /** Looks for an object: one `head`. */
  async stat(key: string, { signal }: SignalRequest): Promise<Entry> {
    requireKey(key);
    return await head(this.#settings, key, signal);
  }

  /** Reads an object: one `get`, and one more each time its body breaks off. */
  async read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    requireKey(key);
    return await get(this.#settings, key, request);
  }

  /** Puts an object: one `put` where its length is known, else an upload in parts. */
  async write(
    key: string,
    body: Body,
    request: WriteRequest,
  ): Promise<WriteFacts> {
    requireKey(key);
    return await put(this.#settings, key, body, request);
  }

  /** Deletes an object. */
  async delete(key: string, request: DeleteRequest): Promise<boolean> {
    requireKey(key);
    return await remove(this.#settings, key, request);
  }

  /** Lists a page of at most 1,000, with metadata, in the order of the keys. */
  list(prefix: string, request: ListRequest): Promise<ListPage> {
    return list(this.#settings, prefix, request);
  }

  /** Deletes many objects, 1,000 a call. */
  deleteMany(
    keys: readonly string[],
    { signal }: SignalRequest,
  ): Promise<ReadonlyMap<string, unknown>> {
    return removeMany(this.#settings, keys, signal);
  }

  /** Refuses a key of more than 1,024 bytes, and one among the drafts. */
  requireKey(key: string): void {
    requireKey(key);
  }

  /** Copies a file, through the Worker. */
  async copy(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    requireKey(target);
    await copy(this.#settings, source, target, request);
  }

  /** Asks for the start of a listing, the only question that an absent bucket cannot answer with "no". */
  async ping({ signal }: SignalRequest): Promise<void> {
    const { bucket } = this.#settings;
    await look(this.#settings, signal, () => bucket.list({ limit: 1 }));
  }

  /** Releases nothing: the binding is the Worker's. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Returns `bucket/key`, where the bucket's name was given, else the key. */
  nativePath(key: string): string {
    const { bucketName } = this.#settings;
    if (bucketName === null) return key;
    return key === "" ? bucketName : `${bucketName}/${key}`;
  }

  /** Returns the key of a native path. */
  toKey(nativePath: string): string {
    const { bucketName } = this.#settings;
    if (bucketName === null) return nativePath;
    if (nativePath === bucketName) return "";
    return nativePath.startsWith(`${bucketName}/`)
      ? nativePath.slice(bucketName.length + 1)
      : nativePath;
  }

  /** Returns the bucket, where its name was given, and the object's key. */
  describe(key: string): Readonly<Record<string, unknown>> {
    return { bucket: this.#settings.bucketName, objectKey: key };
  }

  /** Returns the binding, where it is of the class. */
  unwrap<T>(type: abstract new (...args: never[]) => T): T | null {
    const bucket: unknown = this.#settings.bucket;
    return bucket instanceof type ? bucket : null;
  }
}
