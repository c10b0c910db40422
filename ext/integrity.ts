/**
 * Compute and compare the digests of stored files.
 *
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { checksum, verify } from "@remote-store/core/ext/integrity";
 * import { assert } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "abc");
 *
 * const digest = await checksum(store, "a.txt");
 * assert(await verify(store, "a.txt", digest));
 * ```
 *
 * @module
 */
// This module is browser compatible.
import type { HashAlgorithm } from "../digest/algorithm.ts";
import {
  type CallOptions,
  CapabilityNotSupportedError,
  type ContentDigest,
  InvalidArgumentError,
  type KnownOptions,
  METHOD_OPTIONS,
  type ReadOptions,
  type ReadTextOptions,
  requireKnown,
  type StoreLike,
  toContent,
  type WriteContent,
} from "../mod.ts";
import {
  findAlgorithm,
  type HashName,
  toAlgorithm,
} from "./_digest/algorithm.ts";
import { digestOf as hashBytes } from "./_digest/engine.ts";
import {
  type DigestLike,
  requireDigest,
  toWanted,
} from "./_digest/expected.ts";
import { Passing } from "./_digest/passing.ts";
import { hashStream } from "./_digest/whole.ts";

export type { DigestLike, HashAlgorithm, HashName };

/** Options of {@linkcode checksum}. */
export interface ChecksumOptions extends ReadOptions {
  /**
   * The algorithm, in either spelling.
   *
   * @default {"sha256"}
   */
  readonly algorithm?: HashName | undefined;
}

const CHECKSUM: KnownOptions<ChecksumOptions> = {
  ...METHOD_OPTIONS.read,
  algorithm: "string",
};

/**
 * Reads a file, or a range of it, and returns the digest of its bytes, in constant
 * memory.
 *
 * @throws {InvalidArgumentError} If the algorithm is not supported, before any request.
 * @throws {NotFoundError} If there is no such file.
 *
 * @example Hash a file
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { checksum } from "@remote-store/core/ext/integrity";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "123456789");
 * const digest = await checksum(store, "a.txt", { algorithm: "crc32c" });
 * assertEquals(`${digest}`, "crc32c:e3069283");
 * ```
 */
export async function checksum(
  store: Pick<StoreLike, "read">,
  path: string,
  options: ChecksumOptions = {},
): Promise<ContentDigest> {
  requireKnown("hash", path, options, CHECKSUM);
  const { algorithm = "sha256", ...rest } = options;
  const short = toAlgorithm(algorithm);
  const body = await store.read(path, rest);
  return await hashStream(short, body);
}

/**
 * Returns the digest of content of any kind, in constant memory: of what can be written,
 * before it is. A stream is read to its end, and gone.
 *
 * @throws {InvalidArgumentError} If the algorithm is not supported, or it is no content.
 *
 * @example Look whether a file at hand is the one in the store
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { digestOf, verify } from "@remote-store/core/ext/integrity";
 * import { assert } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "abc");
 * const picked = new File(["abc"], "a.txt");
 * assert(await verify(store, "a.txt", await digestOf(picked, "sha256")));
 * ```
 *
 * @param algorithm The algorithm, in either spelling; SHA-256 by default.
 */
export async function digestOf(
  content: WriteContent,
  algorithm: HashName = "sha256",
  options: CallOptions = {},
): Promise<ContentDigest> {
  requireKnown("hash", null, options, METHOD_OPTIONS.call);
  const { signal } = options;
  signal?.throwIfAborted();
  const short = toAlgorithm(algorithm);
  const { bytes, open } = toContent("hash", null, content);
  return bytes === null
    ? await hashStream(short, open(), signal)
    : await hashBytes(short, bytes);
}

/**
 * Reads a file and returns whether its bytes have a digest. Another digest is `false`,
 * never an error; an absent file is one.
 *
 * @throws {InvalidArgumentError} If the algorithm is not supported, before any request.
 * @throws {NotFoundError} If there is no such file.
 *
 * @example Compare with what a write returned
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { verify } from "@remote-store/core/ext/integrity";
 * import { writeWithHash } from "@remote-store/core/ext/write";
 * import { assert } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * const { digest } = await writeWithHash(store, "a.txt", "abc");
 * assert(await verify(store, "a.txt", digest!));
 * ```
 */
export async function verify(
  store: Pick<StoreLike, "read">,
  path: string,
  expected: DigestLike,
  options: CallOptions = {},
): Promise<boolean> {
  requireKnown("verify", path, options, METHOD_OPTIONS.call);
  const wanted = toWanted(undefined, expected);
  const digest = await checksum(store, path, {
    ...options,
    algorithm: wanted.algorithm,
  });
  return digest.equals(wanted.expected);
}

/**
 * Reads a file and returns whether its bytes have a hash, given as hexadecimal text in
 * either case.
 *
 * @throws {InvalidArgumentError} If the algorithm is not supported, or the text is not
 * hexadecimal, before any request.
 * @throws {NotFoundError} If there is no such file.
 *
 * @example Compare with a line of a checksum file
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { verifyHex } from "@remote-store/core/ext/integrity";
 * import { assert } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "abc");
 * assert(
 *   await verifyHex(store, "a.txt", "MD5", "900150983CD24FB0D6963F7D28E17F72"),
 * );
 * ```
 */
export async function verifyHex(
  store: Pick<StoreLike, "read">,
  path: string,
  algorithm: HashName,
  expected: string,
  options: CallOptions = {},
): Promise<boolean> {
  return await verify(store, path, { algorithm, value: expected }, options);
}

/** Options of {@linkcode contentDigest}. */
export interface ContentDigestOptions extends CallOptions {
  /**
   * The algorithm, in either spelling.
   *
   * @default {"sha256"}
   */
  readonly algorithm?: HashName | undefined;
}

const CONTENT_DIGEST: KnownOptions<ContentDigestOptions> = {
  ...METHOD_OPTIONS.call,
  algorithm: "string",
};

/**
 * Returns the digest of a file at the least cost: the service's own, where it vouches
 * for one of this algorithm, else from the bytes. An ETag is never taken for one.
 *
 * @throws {InvalidArgumentError} If the algorithm is not supported, before any request.
 * @throws {NotFoundError} If there is no such file.
 *
 * @example Memory vouches for nothing, so the file is read
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { contentDigest } from "@remote-store/core/ext/integrity";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "abc");
 * const digest = await contentDigest(store, "a.txt", { algorithm: "sha1" });
 * assertEquals(digest.value, "a9993e364706816aba3e25717850c26c9cd0d89d");
 * ```
 */
export async function contentDigest(
  store: Pick<StoreLike, "read" | "getFileInfo" | "supports">,
  path: string,
  options: ContentDigestOptions = {},
): Promise<ContentDigest> {
  requireKnown("hash", path, options, CONTENT_DIGEST);
  const { algorithm = "sha256", signal } = options;
  const short = toAlgorithm(algorithm);
  if (store.supports("metadata")) {
    const { digest } = await store.getFileInfo(path, { signal });
    if (digest?.algorithm === short) return digest;
  }
  return await checksum(store, path, { signal, algorithm: short });
}

/** Options of {@linkcode readVerified}. */
export interface ReadVerifiedOptions extends Omit<ReadOptions, "range"> {
  /**
   * The digest that the bytes must have. With `decode` it is that of the content, and
   * needed: what services vouch for are stored bytes.
   *
   * @default {the one that the service vouches for}
   */
  readonly expected?: DigestLike | undefined;
}

const READ_VERIFIED: KnownOptions<ReadVerifiedOptions> = {
  ...METHOD_OPTIONS.readText,
  expected: true,
};

/**
 * Opens a file as a stream that ends only if its bytes have the digest; else the last
 * read rejects with {@linkcode IntegrityError}. Use nothing of what was read before the
 * stream has ended.
 *
 * Without `expected` the digest that the service vouches for is asked first, and the
 * read is held to the version that it belongs to.
 *
 * @throws {InvalidArgumentError} If the algorithm is not supported, or nothing is expected
 * and `decode` is true, before any request.
 * @throws {CapabilityNotSupportedError} If nothing is expected and the service vouches for nothing that can be computed here.
 * @throws {NotFoundError} If there is no such file.
 *
 * @example Read only what was written
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { readVerified } from "@remote-store/core/ext/integrity";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * void await store.write("a.txt", "abc");
 * const expected = { algorithm: "md5", value: "900150983cd24fb0d6963f7d28e17f72" };
 *
 * const good = await readVerified(store, "a.txt", { expected });
 * assertEquals(await new Response(good).text(), "abc");
 *
 * void await store.write("a.txt", "abd", { overwrite: true });
 * const bad = await readVerified(store, "a.txt", { expected });
 * await assertRejects(() => new Response(bad).text());
 * ```
 */
export async function readVerified(
  store: Pick<StoreLike, "read" | "getFileInfo">,
  path: string,
  options: ReadVerifiedOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  requireKnown("verify", path, options, READ_VERIFIED);
  const { expected, ...read } = options;
  if (expected === undefined && read.decode) {
    throw new InvalidArgumentError(
      `Cannot verify ${
        JSON.stringify(path)
      }: decode needs a digest that is expected, as services vouch for stored bytes`,
    );
  }
  const pinned = expected === undefined
    ? await vouched(store, path, read)
    : { digest: expected, ifMatch: read.ifMatch };
  const wanted = toWanted(undefined, pinned.digest);
  const body = await store.read(path, { ...read, ifMatch: pinned.ifMatch });
  const passing = new Passing(wanted.algorithm, () => body.getReader(), {
    ended(digest) {
      requireDigest("read", path, digest, wanted.expected!);
    },
    failed(reason) {
      // Given up before the first read.
      if (!body.locked) body.cancel(reason).catch(() => {});
    },
  });
  return passing.stream;
}

async function vouched(
  store: Pick<StoreLike, "getFileInfo">,
  path: string,
  { ifMatch, versionId, signal }: ReadTextOptions,
): Promise<{ digest: DigestLike; ifMatch: string | undefined }> {
  const about = { versionId, signal };
  const { digest, etag } = await store.getFileInfo(path, about);
  if (digest === null || findAlgorithm(digest.algorithm) === null) {
    throw new CapabilityNotSupportedError(
      `Cannot verify ${JSON.stringify(path)}: the service vouches for ${
        digest === null ? "no digest" : `a ${digest.algorithm} digest only`
      }, so one must be expected`,
      { path },
    );
  }
  return { digest, ifMatch: ifMatch ?? etag ?? undefined };
}
