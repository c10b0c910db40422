/**
 * Write a file and get the digest of what was written, for bytes and for streams, in
 * constant memory, on every backend that can write.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { writeWithHash } from "@remote-store/core/ext/write";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * const { digest, source } = await writeWithHash(store, "a.txt", "abc");
 *
 * assertEquals(
 *   digest?.value,
 *   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
 * );
 * assertEquals(source, "native");
 * ```
 *
 * @module
 */
// This module is browser compatible.
import {
  type AtomicWriter,
  type ContentDigest,
  IntegrityError,
  InvalidArgumentError,
  type KnownOptions,
  METHOD_OPTIONS,
  requireKnown,
  type StoreLike,
  type WriteContent,
  type WriteOptions,
  type WriteResult,
} from "../mod.ts";
import type { HashAlgorithm } from "../digest/algorithm.ts";
import type { HashName } from "./_digest/algorithm.ts";
import { type BytesToCome, sourceOf } from "./_digest/content.ts";
import { digestOf } from "./_digest/engine.ts";
import {
  type DigestLike,
  requireDigest,
  toWanted,
  type Wanted,
} from "./_digest/expected.ts";
import { HashingWriter } from "./_digest/hashing_writer.ts";
import { Passing } from "./_digest/passing.ts";
import { type Behind, checkedBy, ServerCheck } from "./_digest/server_check.ts";
import { withDigest } from "./_digest/with_digest.ts";

export type { DigestLike, HashAlgorithm, HashName };

/** Options of {@linkcode writeWithHash} and {@linkcode openAtomicWithHash}. */
export interface WriteWithHashOptions extends Omit<WriteOptions, "check"> {
  /**
   * The algorithm, in either spelling.
   *
   * @default {that of `expected`; with `verify` alone the strongest that the service checks; else "sha256"}
   */
  readonly algorithm?: HashName | undefined;
  /**
   * The digest that the content must have: other bytes are an
   * {@linkcode IntegrityError}, and nothing is written.
   */
  readonly expected?: DigestLike | undefined;
  /**
   * `"server"` sends the digest along, for the service to check what arrived before it
   * commits; where it cannot, the write is {@linkcode CapabilityNotSupportedError}.
   */
  readonly verify?: "server" | undefined;
}

/** An {@linkcode AtomicWriter} whose result has the digest of what was written. */
export interface HashingAtomicWriter extends AtomicWriter {
  /**
   * Returns the digest of what was written so far; `null` where the runtime's own hash
   * cannot tell before its end.
   */
  digestSoFar(): ContentDigest | null;
}

/**
 * Writes a file as `store.write` does and returns its result, with `digest` set from
 * the bytes that passed. Nothing is read ahead, kept, or sent twice.
 *
 * @throws {InvalidArgumentError} If the algorithm is not supported.
 * @throws {IntegrityError} If the bytes do not have the digest `expected`.
 * @throws {CapabilityNotSupportedError} If `verify` asks the service for what it cannot do.
 *
 * @example Write only the bytes that were announced
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { writeWithHash } from "@remote-store/core/ext/write";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * const expected = { algorithm: "md5", value: "900150983cd24fb0d6963f7d28e17f72" };
 *
 * void await writeWithHash(store, "a.txt", new Blob(["abc"]), { expected });
 * await assertRejects(() => writeWithHash(store, "b.txt", "abd", { expected }));
 * assertEquals(await store.exists("b.txt"), false);
 * ```
 */
export async function writeWithHash(
  store: Pick<StoreLike, "write"> & Partial<Pick<StoreLike, "unwrap">>,
  path: string,
  content: WriteContent,
  options: WriteWithHashOptions = {},
): Promise<WriteResult> {
  const { wanted, check, rest } = split(store, path, options);
  const source = sourceOf(content);
  if (source === null) {
    await store.write(path, content, rest);
    throw new InvalidArgumentError(
      `Cannot hash ${
        JSON.stringify(path)
      }: it is written, but its content is of no kind known here`,
    );
  }
  if (source.kind === "stream") {
    return await writeStream(store, path, source, wanted, check, rest);
  }
  let { bytes } = source;
  // What was hashed must be what is written, though the caller changes its buffer.
  if (wanted.expected !== null) bytes = bytes.slice();
  const hashing = digestOf(wanted.algorithm, bytes);
  check?.follow(hashing);
  hashing.catch(() => {});
  if (wanted.expected !== null) {
    requireDigest("write", path, await hashing, wanted.expected);
    if (typeof content !== "string") content = bytes;
  }
  const result = await store.write(path, content, rest);
  check?.requireAsked(path);
  return withDigest(result, await hashing);
}

async function writeStream(
  store: Pick<StoreLike, "write">,
  path: string,
  source: BytesToCome,
  { algorithm, expected }: Wanted,
  check: ServerCheck | null,
  rest: WriteOptions,
): Promise<WriteResult> {
  if (expected !== null && source.empty) {
    // Nothing could be held back.
    const digest = await digestOf(algorithm, new Uint8Array(0));
    requireDigest("write", path, digest, expected);
  }
  let found: ContentDigest | null = null;
  const content = source.over(() =>
    new Passing(algorithm, source.open, {
      holdsBack: expected !== null,
      ended(digest) {
        if (expected !== null) requireDigest("write", path, digest, expected);
        found = digest;
        check?.whole.resolve(digest);
      },
      failed: (reason) => check?.whole.reject(reason),
    }).stream
  );
  const result = await store.write(path, content, rest);
  check?.requireAsked(path);
  if (found !== null) return withDigest(result, found);
  throw new IntegrityError(
    `Cannot hash ${
      JSON.stringify(path)
    }: it is written, but not all of its content was taken`,
    { path },
  );
}

/**
 * Opens a file for writing in pieces, as `store.openAtomic` does, and hashes them.
 * `close` commits and returns the result with its digest; disposal without it, also by
 * an exception in the block, discards. `result` is `null` until then.
 *
 * @throws {CapabilityNotSupportedError} Without `ATOMIC_WRITE`, before any request.
 *
 * @example Commit at the end of the block
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { openAtomicWithHash } from "@remote-store/core/ext/write";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * await using writer = await openAtomicWithHash(store, "a.txt", {
 *   algorithm: "sha1",
 * });
 * await writer.write("ab");
 * await writer.write("c");
 * const { digest } = await writer.close();
 * assertEquals(digest?.value, "a9993e364706816aba3e25717850c26c9cd0d89d");
 * ```
 */
export async function openAtomicWithHash(
  store: Pick<StoreLike, "openAtomic"> & Partial<Pick<StoreLike, "unwrap">>,
  path: string,
  options: WriteWithHashOptions = {},
): Promise<HashingAtomicWriter> {
  const { wanted, check, rest } = split(store, path, options);
  const inner = await store.openAtomic(path, rest);
  return new HashingWriter(inner, path, wanted, check);
}

/**
 * Runs `work` with an atomic writer: commits when it returns, discards when it throws,
 * and throws what it threw.
 *
 * @throws {CapabilityNotSupportedError} Without `ATOMIC_WRITE`, before any request.
 *
 * @example Commit what a function writes
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { withHashingWriter } from "@remote-store/core/ext/write";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * const { digest } = await withHashingWriter(store, "a.txt", async (writer) => {
 *   await writer.write("abc");
 * }, { algorithm: "md5" });
 * assertEquals(`${digest}`, "md5:900150983cd24fb0d6963f7d28e17f72");
 * ```
 */
export async function withHashingWriter(
  store: Pick<StoreLike, "openAtomic"> & Partial<Pick<StoreLike, "unwrap">>,
  path: string,
  work: (writer: HashingAtomicWriter) => Promise<void> | void,
  options: WriteWithHashOptions = {},
): Promise<WriteResult> {
  const writer = await openAtomicWithHash(store, path, options);
  try {
    await work(writer);
  } catch (error) {
    await writer.abort(error);
    throw error;
  }
  return await writer.close();
}

interface Split {
  readonly wanted: Wanted;
  readonly check: ServerCheck | null;
  /** What the store gets. */
  readonly rest: WriteOptions;
}

// The check is what `verify` makes.
const { check: _made, ...OF_WRITE } = METHOD_OPTIONS.write;
const WITH_HASH: KnownOptions<WriteWithHashOptions> = {
  ...OF_WRITE,
  algorithm: "string",
  expected: true,
  verify: "string",
};

function split(
  store: Behind,
  path: string,
  options: WriteWithHashOptions,
): Split {
  requireKnown("write", path, options, WITH_HASH);
  const { algorithm, expected, verify, ...rest } = options;
  if (verify === undefined) {
    return { wanted: toWanted(algorithm, expected), check: null, rest };
  }
  if (verify !== "server") {
    throw new InvalidArgumentError(
      `Cannot write ${JSON.stringify(path)}: verify is ${
        JSON.stringify(verify)
      }, "server" is the only choice`,
    );
  }
  const wanted = expected === undefined && algorithm === undefined
    ? toWanted(checkedBy(store), undefined)
    : toWanted(algorithm, expected);
  const check = new ServerCheck(wanted.algorithm);
  return { wanted, check, rest: { ...rest, check } };
}
