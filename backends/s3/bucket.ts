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
  StatRequest,
  WriteFacts,
  WriteRequest,
} from "../../core/backend.ts";
import type { BackendUploads } from "../../core/backend_uploads.ts";
import { type Capability, CapabilitySet } from "../../core/capability.ts";
import { noPage } from "./answers.ts";
import type { S3Connection } from "./connection.ts";
import { copy } from "./copying.ts";
import { remove, removeMany } from "./deleting.ts";
import type { S3Dialect } from "./dialect.ts";
import { requireKey } from "./endpoint.ts";
import { readListing, requireBehind } from "./listing.ts";
import { head } from "./probing.ts";
import { get } from "./reading.ts";
import { S3Uploads } from "./uploads.ts";
import { put } from "./writing.ts";

const ALWAYS: readonly Capability[] = [
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
  "seekable_read",
  "lazy_read",
  "write_result_native",
  "resumable_upload",
];

/** Returns who signs and sends for a backend: for what signs in its name. */
export let connectionOf: (backend: BucketBackend) => S3Connection;

/**
 * Files in a bucket of S3, whoever signs the requests: what {@linkcode S3Backend} and the
 * backend of pages without credentials have in common. Safe for concurrent calls. `close`
 * is for good.
 */
export class BucketBackend implements Backend {
  /** The name in errors. */
  readonly name = "s3" as const;
  /** What it can do, by its dialect and its way to sign. */
  readonly capabilities: ReadonlySet<Capability>;
  /** Folders are what keys have in common. */
  readonly namespace = "flat" as const;
  /** A closed backend stays closed. */
  readonly closeIsTerminal = true as const;
  /** S3 answers the same to a file and to none. */
  readonly deleteTells = false as const;
  /** The checksums that the service verifies. */
  readonly checks: ReadonlySet<string>;
  /** What the service does other than the rest. */
  readonly dialect: S3Dialect;

  /** Multipart uploads that outlive the call that opened them. */
  readonly uploads: BackendUploads;

  readonly #connection: S3Connection;

  static {
    connectionOf = (backend) => backend.#connection;
  }

  /**
   * Creates the backend; the entries make it with their options.
   *
   * @param connection Who signs and sends.
   */
  constructor(connection: S3Connection) {
    this.#connection = connection;
    this.uploads = new S3Uploads(connection);
    this.dialect = this.#connection.settings.dialect;
    this.checks = new Set<string>(this.dialect.checksums);
    const declared = [...ALWAYS];
    const { conditions } = this.dialect;
    // The rules of who signs for pages are about the types of writes: a copy with another
    // type would pass them by.
    if (!connection.signing.isDelegated) {
      declared.push("copy_metadata");
      // Nor do they speak of versions: who signs refuses the parameter.
      if (this.dialect.versions) declared.push("versions");
    }
    if (conditions.put) declared.push("conditional_write");
    if (conditions.delete) declared.push("conditional_delete");
    if (conditions.copy && conditions.complete) {
      declared.push("conditional_copy");
    }
    if (connection.signing.presigns) declared.push("presign");
    this.capabilities = new CapabilitySet(declared);
  }

  /** Looks for an object: one HEAD. */
  async stat(
    key: string,
    { signal, versionId }: StatRequest,
  ): Promise<Entry> {
    requireKey(key);
    return await head(this.#connection, key, signal, versionId ?? null);
  }

  /** Reads an object: one GET, and one more each time its body breaks off. */
  read(key: string, request: ReadRequest): Promise<ReadAnswer | null> {
    return get(this.#connection, key, request);
  }

  /** Puts an object: one PUT, or a multipart upload for what is longer than a part. */
  write(key: string, body: Body, request: WriteRequest): Promise<WriteFacts> {
    try {
      requireKey(key);
      return put(this.#connection, key, body, request);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Deletes an object. */
  async delete(key: string, request: DeleteRequest): Promise<boolean> {
    requireKey(key);
    return await remove(this.#connection, key, request);
  }

  /** Lists a page: one ListObjectsV2. */
  async list(prefix: string, request: ListRequest): Promise<ListPage> {
    const { shallow, cursor, limit, startAfter, signal } = request;
    const MAX_KEYS = 1000;
    // A page that goes on says so by itself.
    const start = cursor === null ? startAfter ?? null : null;
    const page = await this.#connection.get({
      method: "GET",
      key: null,
      query: {
        "list-type": 2,
        "encoding-type": "url",
        prefix: prefix === "" ? null : prefix,
        delimiter: shallow ? "/" : null,
        "max-keys": limit === null ? null : Math.min(limit, MAX_KEYS),
        "continuation-token": typeof cursor === "string" ? cursor : null,
        "start-after": start,
      },
      kind: "other",
    }, { answers: { 200: readListing }, signal });
    if (start !== null) requireBehind(page, start);
    return page;
  }

  /** Deletes many objects: one DeleteObjects a thousand. */
  deleteMany(
    keys: readonly string[],
    { signal }: SignalRequest,
  ): Promise<ReadonlyMap<string, unknown>> {
    return removeMany(this.#connection, keys, signal);
  }

  /** Refuses a key of more than 1024 bytes. */
  requireKey(key: string): void {
    requireKey(key);
  }

  /** Copies on the service. */
  async copy(
    source: string,
    target: string,
    request: CopyRequest,
  ): Promise<void> {
    requireKey(target);
    await copy(this.#connection, source, target, request);
  }

  /** Asks for the bucket: one HEAD. */
  async ping({ signal }: SignalRequest): Promise<void> {
    const answer = await this.#connection.ask(
      { method: "HEAD", key: null, kind: "other" },
      { answers: { 200: noPage }, signal },
      [404],
    );
    if (answer.outcome === "refused") throw this.#connection.bucketMissing();
  }

  /** Releases nothing: there are no connections of its own. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Returns `bucket/key`. */
  nativePath(key: string): string {
    const { bucket } = this.#connection.settings;
    return key === "" ? bucket : `${bucket}/${key}`;
  }

  /** Returns the key of `bucket/key`. */
  toKey(nativePath: string): string {
    const { bucket } = this.#connection.settings;
    if (nativePath === bucket) return "";
    return nativePath.startsWith(`${bucket}/`)
      ? nativePath.slice(bucket.length + 1)
      : nativePath;
  }

  /** Returns bucket, object key and endpoint. */
  describe(key: string): Readonly<Record<string, unknown>> {
    const { bucket, address } = this.#connection.settings;
    return { bucket, objectKey: key, endpointUrl: address.endpoint };
  }
}
