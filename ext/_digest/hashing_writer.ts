// This module is browser compatible.
import {
  asyncDispose,
  type AtomicWriter,
  type ContentDigest,
  InvalidArgumentError,
  type WriteResult,
} from "../../mod.ts";
import { toBytes } from "./bytes.ts";
import { createHasher, toDigest } from "./engine.ts";
import { requireDigest, type Wanted } from "./expected.ts";
import type { Hasher } from "../../digest/hasher.ts";
import type { ServerCheck } from "./server_check.ts";
import { withDigest } from "./with_digest.ts";

const ENCODER = new TextEncoder();

/** Hashes what goes through an atomic writer, and lets it commit only what is expected. */
export class HashingWriter implements AtomicWriter {
  readonly writable: WritableStream<Uint8Array | string>;
  result: WriteResult | null = null;
  readonly #inner: AtomicWriter;
  readonly #path: string;
  readonly #wanted: Wanted;
  readonly #check: ServerCheck | null;
  readonly #hasher: Hasher;
  /** All writes so far, rejected with the first failure. */
  #written: Promise<unknown> = Promise.resolve();
  /** The updates of a hasher that is not synchronous, one after the other. */
  #hashed: Promise<void> = Promise.resolve();
  #closing: Promise<WriteResult> | undefined;
  #aborted = false;

  constructor(
    inner: AtomicWriter,
    path: string,
    wanted: Wanted,
    check: ServerCheck | null,
  ) {
    this.#inner = inner;
    this.#path = path;
    this.#wanted = wanted;
    this.#check = check;
    this.#hasher = createHasher(wanted.algorithm);
    this.writable = new WritableStream({
      write: (chunk) => this.write(chunk),
      close: async () => void await this.close(),
      abort: (reason) => this.abort(reason),
    });
  }

  get position(): number {
    return this.#inner.position;
  }

  digestSoFar(): ContentDigest | null {
    const hash = this.#hasher.soFar?.();
    return hash === undefined ? null : toDigest(this.#wanted.algorithm, hash);
  }

  write(chunk: Uint8Array | string): Promise<void> {
    if (this.#closing !== undefined || this.#aborted) {
      return Promise.reject(
        new InvalidArgumentError(
          `Cannot write ${JSON.stringify(this.#path)}: the writer is closed`,
        ),
      );
    }
    const taken = this.#take(chunk);
    this.#written = this.#written.then(() => taken);
    // Told by `close` as well.
    taken.catch(() => {});
    this.#written.catch(() => {});
    return taken;
  }

  async #take(chunk: Uint8Array | string): Promise<void> {
    const bytes = typeof chunk === "string" ? encode(chunk) : toBytes(chunk);
    // The writer below refuses it, and what is refused is not hashed.
    if (bytes === null) return await this.#inner.write(chunk);
    const own = this.#hasher.sync ? bytes : bytes.slice();
    const written = this.#inner.write(own);
    // In the same turn as the writer's own copy: the caller may change its buffer
    // before either promise resolves.
    this.#hash(own);
    await written;
    await this.#hashed;
  }

  #hash(bytes: Uint8Array): void {
    if (this.#hasher.sync) return void this.#hasher.update(bytes);
    this.#hashed = this.#hashed.then(() => this.#hasher.update(bytes));
    this.#hashed.catch(() => {});
  }

  close(): Promise<WriteResult> {
    return this.#closing ??= this.#commit();
  }

  async #commit(): Promise<WriteResult> {
    // The writer below knows why it was discarded.
    if (this.#aborted) return await this.#inner.close();
    try {
      await this.#written;
      await this.#hashed;
      const { algorithm, expected } = this.#wanted;
      const digest = toDigest(algorithm, await this.#hasher.digest());
      if (expected !== null) {
        requireDigest("write", this.#path, digest, expected);
      }
      this.#check?.whole.resolve(digest);
      const result = await this.#inner.close();
      this.#check?.requireAsked(this.#path);
      return this.result = withDigest(result, digest);
    } catch (error) {
      this.#check?.whole.reject(error);
      await this.#inner.abort(error);
      throw error;
    }
  }

  async abort(reason?: unknown): Promise<void> {
    if (this.#closing !== undefined) return;
    this.#aborted = true;
    this.#check?.whole.reject(reason);
    await this.#inner.abort(reason);
  }

  async [asyncDispose](): Promise<void> {
    // A commit that nobody waits for ends before the block does.
    if (this.#closing !== undefined) {
      return void await this.#closing.catch(() => {});
    }
    this.#aborted = true;
    await this.#inner[asyncDispose]();
  }
}

/** Returns text as UTF-8; `null` where a lone surrogate would become another text. */
function encode(text: string): Uint8Array<ArrayBuffer> | null {
  return /\p{Surrogate}/u.test(text) ? null : ENCODER.encode(text);
}
