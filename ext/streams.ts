/**
 * Hash and count bytes while they pass, on the way to anywhere: constant memory, no
 * copy, no second stream.
 *
 * ```ts
 * import { HashStream } from "@remote-store/core/ext/streams";
 * import { assertEquals } from "@std/assert";
 *
 * const hash = new HashStream("sha1");
 * const body = new Response("abc").body!.pipeThrough(hash);
 *
 * assertEquals(await new Response(body).text(), "abc");
 * assertEquals(
 *   `${await hash.digest}`,
 *   "sha1:a9993e364706816aba3e25717850c26c9cd0d89d",
 * );
 * ```
 *
 * `HashStream` and `ProgressStream` stand in a pipe; `checksumStream` and
 * `progressStream` wrap a stream that is read, for a third of the cost. They nest in
 * any order.
 *
 * @module
 */
// This module is browser compatible.
import type { HashAlgorithm } from "../digest/algorithm.ts";
import { type ContentDigest, InvalidArgumentError } from "../mod.ts";
import { type HashName, toAlgorithm } from "./_digest/algorithm.ts";
import { toChunk } from "./_digest/bytes.ts";
import { Deferred } from "./_digest/deferred.ts";
import { createHasher, toDigest } from "./_digest/engine.ts";
import type { Hasher } from "../digest/hasher.ts";
import { Passing } from "./_digest/passing.ts";
import { Relay } from "./_digest/relay.ts";

export type { HashAlgorithm, HashName };

/**
 * Hashes the bytes that pass through a pipe, and changes none.
 *
 * @example Hash what is uploaded
 * ```ts
 * import { Store } from "@remote-store/core";
 * import { MemoryBackend } from "@remote-store/core/backends/memory";
 * import { HashStream } from "@remote-store/core/ext/streams";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new Store({ backend: new MemoryBackend() });
 * const hash = new HashStream("crc32");
 * void await store.write("a.txt", new Blob(["123456789"]).stream().pipeThrough(hash));
 * assertEquals((await hash.digest).value, "cbf43926");
 * ```
 */
export class HashStream {
  /** The algorithm, in the spelling of digests. */
  readonly algorithm: HashAlgorithm;
  /** Where the bytes go in. */
  readonly writable: WritableStream<Uint8Array>;
  /** Where they come out. */
  readonly readable: ReadableStream<Uint8Array>;
  /**
   * The digest of all bytes, when they have passed. Rejects with the reason when they
   * will not, and needs no handler.
   */
  readonly digest: Promise<ContentDigest>;
  readonly #hasher: Hasher;

  /**
   * Creates the pair.
   *
   * @param algorithm In either spelling, `sha256` or `SHA-256`. Default: `sha256`.
   * @throws {InvalidArgumentError} If the algorithm is not supported.
   */
  constructor(algorithm: HashName = "sha256") {
    const short = toAlgorithm(algorithm);
    const hasher = createHasher(short);
    const digest = new Deferred<ContentDigest>();
    const relay = new Relay<Uint8Array>({
      chunk(given) {
        const chunk = toChunk(given);
        const hashed = hasher.update(chunk);
        return hashed === undefined ? chunk : hashed.then(() => chunk);
      },
      async ended() {
        digest.resolve(toDigest(short, await hasher.digest()));
      },
      failed: digest.reject,
    });
    this.algorithm = short;
    this.#hasher = hasher;
    this.digest = digest.promise;
    this.readable = relay.readable;
    this.writable = relay.writable;
  }

  /**
   * Returns the digest of the bytes that have passed so far; `null` where the runtime's
   * own hash cannot tell before its end (Workers, browsers; CRCs can everywhere).
   */
  digestSoFar(): ContentDigest | null {
    return soFar(this.algorithm, this.#hasher);
  }
}

/** A stream whose bytes are hashed as they are read, from {@linkcode checksumStream}. */
export interface ChecksumStream {
  /** The bytes, unchanged. */
  readonly readable: ReadableStream<Uint8Array>;
  /** The algorithm, in the spelling of digests. */
  readonly algorithm: HashAlgorithm;
  /** The digest of all bytes, when they have been read; rejects with the reason when they will not be. */
  readonly digest: Promise<ContentDigest>;
  /** Returns the digest of the bytes so far; `null` where the runtime's own hash cannot tell. */
  digestSoFar(): ContentDigest | null;
}

/**
 * Wraps a stream so that its bytes are hashed as they are read. Reads nothing ahead.
 *
 * @param stream The stream; it is locked at the first read.
 * @param algorithm In either spelling. Default: `sha256`.
 * @throws {InvalidArgumentError} If the algorithm is not supported, or the stream is locked.
 *
 * @example Hash a download
 * ```ts
 * import { checksumStream } from "@remote-store/core/ext/streams";
 * import { assertEquals } from "@std/assert";
 *
 * const { readable, digest } = checksumStream(new Blob(["abc"]).stream(), "MD5");
 * assertEquals(await new Response(readable).text(), "abc");
 * assertEquals(`${await digest}`, "md5:900150983cd24fb0d6963f7d28e17f72");
 * ```
 */
export function checksumStream(
  stream: ReadableStream<Uint8Array>,
  algorithm: HashName = "sha256",
): ChecksumStream {
  const short = toAlgorithm(algorithm);
  requireUnlocked(stream);
  const digest = new Deferred<ContentDigest>();
  const passing = new Passing(short, () => stream.getReader(), {
    ended: digest.resolve,
    failed(reason) {
      digest.reject(reason);
      // Given up before the first read.
      if (!stream.locked) stream.cancel(reason).catch(() => {});
    },
  });
  return Object.freeze({
    readable: passing.stream,
    algorithm: short,
    digest: digest.promise,
    digestSoFar: () => passing.soFar(),
  });
}

/** Called with the number of bytes of each chunk that has any. What it throws ends the stream. */
export type OnChunk = (bytes: number) => void;

/**
 * Tells how many bytes each chunk has that passes through a pipe.
 *
 * @example Count an upload
 * ```ts
 * import { ProgressStream } from "@remote-store/core/ext/streams";
 * import { assertEquals } from "@std/assert";
 *
 * let bytes = 0;
 * const progress = new ProgressStream((more) => bytes += more);
 * const body = new Blob(["abc"]).stream().pipeThrough(progress);
 * assertEquals(await new Response(body).text(), "abc");
 * assertEquals(bytes, 3);
 * ```
 */
export class ProgressStream {
  /** Where the bytes go in. */
  readonly writable: WritableStream<Uint8Array>;
  /** Where they come out. */
  readonly readable: ReadableStream<Uint8Array>;

  /**
   * Creates the pair.
   *
   * @throws {InvalidArgumentError} If `onChunk` is not a function.
   */
  constructor(onChunk: OnChunk) {
    requireFunction(onChunk);
    const relay = new Relay<Uint8Array>({
      chunk(given) {
        const chunk = toChunk(given);
        if (chunk.byteLength > 0) onChunk(chunk.byteLength);
        return chunk;
      },
    });
    this.readable = relay.readable;
    this.writable = relay.writable;
  }
}

/**
 * Wraps a stream so that the bytes of each chunk that is read are told.
 *
 * @param stream The stream; it is locked at the first read.
 * @throws {InvalidArgumentError} If `onChunk` is not a function, or the stream is locked.
 *
 * @example Count a download
 * ```ts
 * import { progressStream } from "@remote-store/core/ext/streams";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes: number[] = [];
 * const stream = progressStream(new Blob(["abc"]).stream(), (n) => sizes.push(n));
 * assertEquals(await new Response(stream).text(), "abc");
 * assertEquals(sizes, [3]);
 * ```
 */
export function progressStream(
  stream: ReadableStream<Uint8Array>,
  onChunk: OnChunk,
): ReadableStream<Uint8Array> {
  requireFunction(onChunk);
  requireUnlocked(stream);
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      reader ??= stream.getReader();
      const { done, value } = await reader.read();
      if (done) return controller.close();
      try {
        const chunk = toChunk(value);
        if (chunk.byteLength > 0) onChunk(chunk.byteLength);
        controller.enqueue(chunk);
      } catch (error) {
        reader.cancel(error).catch(() => {});
        throw error;
      }
    },
    cancel: (reason) => reader?.cancel(reason) ?? stream.cancel(reason),
  }, { highWaterMark: 0 });
}

function soFar(algorithm: HashAlgorithm, hasher: Hasher): ContentDigest | null {
  const hash = hasher.soFar?.();
  return hash === undefined ? null : toDigest(algorithm, hash);
}

function requireFunction(onChunk: unknown): void {
  if (typeof onChunk === "function") return;
  throw new InvalidArgumentError(
    "Cannot watch a stream: onChunk is not a function",
  );
}

function requireUnlocked(stream: ReadableStream<Uint8Array>): void {
  if (!stream.locked) return;
  throw new InvalidArgumentError(
    "Cannot watch a stream: it is locked to a reader",
  );
}
