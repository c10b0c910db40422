/**
 * What the hashing extensions promise on every backend, as tests for any runner.
 *
 * @module
 */
import {
  type ContentDigest,
  isRemoteStoreError,
  type StoreLike,
  type WriteContent,
} from "../../mod.ts";
import { checksum, verify } from "../../ext/integrity.ts";
import { type HashAlgorithm, HashStream } from "../../ext/streams.ts";
import {
  openAtomicWithHash,
  withHashingWriter,
  writeWithHash,
} from "../../ext/write.ts";
import { seeded } from "./sources.ts";

const MIB = 1024 * 1024;

/** What {@linkcode testHashing} needs. */
export interface HashingOptions {
  /** Registers a test: that of Deno, Node, Bun or any other runner. */
  readonly test: (name: string, run: () => Promise<void>) => void;
  /** Returns an empty store that can at least write, read and look. */
  readonly create: () => Promise<StoreLike> | StoreLike;
  /** Lets go of a store. */
  readonly dispose?: (store: StoreLike) => Promise<void>;
  /**
   * The size of the large file.
   *
   * @default {10 MiB}
   */
  readonly bytes?: number;
}

/** The known SHA-256 of the first 10 MiB of the generator: the same in every run and runtime. */
export const SHA256_OF_10_MIB =
  "d40a08b9ea01d161bcdecaed319dc328372e34c8fa0ea49638134e57b1c05843";

/** Registers the rules WR-014 to WR-017 for one kind of store. */
export function testHashing(name: string, options: HashingOptions): void {
  const { bytes = 10 * MIB } = options;
  const test = (rule: string, run: (store: StoreLike) => Promise<void>) =>
    options.test(`${rule} [${name}]`, async () => {
      const store = await options.create();
      try {
        await run(store);
      } finally {
        await options.dispose?.(store);
      }
    });

  const kinds: Record<string, () => WriteContent> = {
    stream: () => streamOf(seeded(bytes)),
    "stream of odd chunks": () => streamOf(seeded(bytes, 99_991 * 4)),
    iterable: () => iterate(bytes),
    bytes: () => join(bytes),
    blob: () => new Blob([...seeded(bytes)]),
    response: () => new Response(streamOf(seeded(bytes))),
  };

  for (const [kind, make] of Object.entries(kinds)) {
    test(`WR-014, EW-001: a ${kind} has the digest on write that it has on read`, async (store) => {
      const written = await writeWithHash(store, "d/large.bin", make());
      same(written.size, bytes, "size");
      const digest = given(written.digest);
      if (bytes === 10 * MIB) same(digest.value, SHA256_OF_10_MIB, "digest");
      same(`${await checksum(store, "d/large.bin")}`, `${digest}`, "on read");
      same(await verify(store, "d/large.bin", digest), true, "verified");
    });
  }

  test("WR-014, EW-001: all else in the result is what the write without a hash says", async (store) => {
    const plain = await store.write("a.bin", new Uint8Array(9));
    const hashed = await writeWithHash(store, "b.bin", new Uint8Array(9));
    same(hashed.source, plain.source, "source");
    same(hashed.size, plain.size, "size");
    same(hashed.path, "b.bin", "path");
    same(hashed.etag === null, plain.etag === null, "etag");
    same(hashed.versionId === null, plain.versionId === null, "versionId");
    same(Object.isFrozen(hashed), true, "frozen");
  });

  test("WR-015, EW-002: every algorithm works wherever WRITE does", async (store) => {
    for (const [algorithm, value] of Object.entries(OF_ABC)) {
      for (const content of ["abc", streamOf([text("a"), text("bc")])]) {
        const { digest } = await writeWithHash(store, "abc", content, {
          algorithm: algorithm as HashAlgorithm,
          overwrite: true,
        });
        same(`${digest}`, `${algorithm}:${value}`, algorithm);
      }
    }
  });

  test("WR-015, EW-001: other bytes than expected are refused and nothing is written", async (store) => {
    const expected = { algorithm: "sha256", value: SHA256_OF_10_MIB };
    for (const [kind, make] of Object.entries(kinds)) {
      const wrong = () => kind === "bytes" ? text("other") : make();
      const error = await failure(
        writeWithHash(store, "wrong", wrong(), {
          expected: { ...expected, value: "00".repeat(32) },
        }),
      );
      same(codeOf(error), "IntegrityError", kind);
      same(await isThere(store, "wrong"), false, kind);
    }
  });

  test("WR-015, EW-001: a source that fails leaves nothing, and its error passes", async (store) => {
    const reason = new RangeError("broken");
    const source = streamOf(seeded(bytes), reason);
    same(await failure(writeWithHash(store, "gone", source)), reason, "error");
    same(await isThere(store, "gone"), false, "written");
  });

  test("STR-003: a HashStream on the way in and one on the way out agree", async (store) => {
    const [up, down] = [
      new HashStream("crc64nvme"),
      new HashStream("crc64nvme"),
    ];
    await store.write("piped", streamOf(seeded(MIB)).pipeThrough(up));
    await (await store.read("piped")).pipeThrough(down).pipeTo(
      new WritableStream(),
    );
    same(`${await down.digest}`, `${await up.digest}`, "digest");
  });

  test("WR-016, EW-003: openAtomicWithHash needs ATOMIC_WRITE", async (store) => {
    const opened = openAtomicWithHash(store, "atomic.bin");
    if (store.supports("atomic_write")) {
      await (await opened).abort();
    } else {
      same(codeOf(await failure(opened)), "CapabilityNotSupported", "error");
    }
    same(await isThere(store, "atomic.bin"), false, "written");
  });

  test("WR-017, EW-004: result is null inside the block, and the write's own with the digest after it", async (store) => {
    if (!store.supports("atomic_write")) return;
    const writer = await openAtomicWithHash(store, "d/atomic.bin");
    for (const chunk of seeded(bytes)) await writer.write(chunk);
    same(writer.result, null, "result");
    same(writer.position, bytes, "position");
    const result = await writer.close();
    same(writer.result, result as unknown, "result");
    same(result.size, bytes, "size");
    same(
      `${await checksum(store, "d/atomic.bin")}`,
      `${given(result.digest)}`,
      "digest",
    );
  });

  test("WR-017, EW-004: an exception in the block discards, passes unchanged, and leaves result null", async (store) => {
    if (!store.supports("atomic_write")) return;
    const reason = new RangeError("mine");
    let result: unknown;
    const block = withHashingWriter(store, "gone", async (writer) => {
      await writer.write(text("abc"));
      result = writer.result;
      throw reason;
    });
    same(await failure(block), reason, "error");
    same(result, null, "result");
    same(await isThere(store, "gone"), false, "written");
  });

  test("WR-017, EW-004: a writer whose bytes are not those expected commits nothing", async (store) => {
    if (!store.supports("atomic_write")) return;
    const writer = await openAtomicWithHash(store, "wrong", {
      expected: { algorithm: "md5", value: OF_ABC.md5 },
    });
    await writer.write(text("abd"));
    same(codeOf(await failure(writer.close())), "IntegrityError", "error");
    same(writer.result, null, "result");
    same(await isThere(store, "wrong"), false, "written");
  });
}

const OF_ABC: Readonly<Record<HashAlgorithm, string>> = {
  sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
  sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  sha384:
    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
  sha512:
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  md5: "900150983cd24fb0d6963f7d28e17f72",
  crc32: "352441c2",
  crc32c: "364b3fb7",
  crc64nvme: "05e5cabb3fc1faeb",
};

const text = (value: string) => new TextEncoder().encode(value);

function streamOf(
  chunks: Iterable<Uint8Array>,
  error?: unknown,
): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = iterator.next();
      if (!done) controller.enqueue(value);
      else if (error === undefined) controller.close();
      else controller.error(error);
    },
  }, { highWaterMark: 0 });
}

async function* iterate(bytes: number): AsyncGenerator<Uint8Array> {
  for (const chunk of seeded(bytes)) {
    await Promise.resolve();
    yield chunk;
  }
}

function join(bytes: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of seeded(bytes)) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function same<T>(actual: T, expected: T, what: string): void {
  if (Object.is(actual, expected)) return;
  throw new Error(`${what}: ${String(actual)}, expected ${String(expected)}`);
}

function given(digest: ContentDigest | null): ContentDigest {
  if (digest !== null) return digest;
  throw new Error("the result has no digest");
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

function codeOf(error: unknown): string {
  return isRemoteStoreError(error) ? error.code : String(error);
}

async function isThere(store: StoreLike, path: string): Promise<boolean> {
  try {
    await (await store.read(path)).cancel();
    return true;
  } catch (error) {
    if (codeOf(error) === "NotFound") return false;
    throw error;
  }
}
