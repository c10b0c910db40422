import {
  ContentDigest,
  type FileEntry,
  InvalidArgumentError,
  Store,
} from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import {
  checksum,
  contentDigest,
  digestOf,
  readVerified,
  verify,
  verifyHex,
} from "../../ext/integrity.ts";
import type { HashName } from "../../ext/streams.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { collect, contents, cut, WatchedStream } from "./sources.ts";
import { VECTORS } from "./vectors.ts";

const MD5 = "900150983cd24fb0d6963f7d28e17f72";
const OF_ABC = { algorithm: "md5", value: MD5 };
const OTHER = { algorithm: "md5", value: "00".repeat(16) };

async function withAbc(): Promise<Store> {
  const store = new Store({ backend: new MemoryBackend() });
  await store.write("a", "abc");
  return store;
}

/** A memory that vouches for digests, and counts what it is asked. */
class Vouching extends MemoryBackend {
  readonly calls: string[] = [];
  digest: ContentDigest | null = new ContentDigest("md5", MD5);
  override async stat(key: string) {
    this.calls.push("stat");
    const entry = await super.stat(key);
    return entry?.kind === "file"
      ? { ...entry, digest: this.digest } satisfies FileEntry
      : entry;
  }
  override read(...args: Parameters<MemoryBackend["read"]>) {
    this.calls.push("read");
    return super.read(...args);
  }
}

async function vouching() {
  const backend = new Vouching();
  const store = new Store({ backend });
  await store.write("a", "abc");
  backend.calls.length = 0;
  return { backend, store };
}

const code = async (call: () => Promise<unknown>) =>
  (await assertRejects(call) as { code?: string }).code;

Deno.test("INT-001: checksum gives the digest of a file's bytes, for every algorithm", async () => {
  const store = await withAbc();
  for (const { algorithm, message, hex, from } of VECTORS) {
    const { stream } = new WatchedStream(cut(message, 65_521));
    await store.write("v", stream, { overwrite: true });
    const digest = await checksum(store, "v", { algorithm });
    assertEquals(`${digest}`, `${algorithm}:${hex}`, from);
  }
  assertEquals((await checksum(store, "a")).algorithm, "sha256");
});

Deno.test("INT-001: checksum takes a range, a version and a signal, as read does", async () => {
  const store = await withAbc();
  const range = { offset: 0, length: 1 };
  assertEquals(
    (await checksum(store, "a", { algorithm: "md5", range })).value,
    "0cc175b9c0f1b6a831c399e269772661",
  );
  assertEquals(
    await code(() => checksum(store, "a", { ifMatch: '"other"' })),
    "PreconditionFailed",
  );
  const reason = new RangeError("enough");
  const signal = AbortSignal.abort(reason);
  assertStrictEquals(
    await assertRejects(() => checksum(store, "a", { signal })),
    reason,
  );
});

Deno.test("INT-002: verify and verifyHex compare in either case and either spelling", async () => {
  const store = await withAbc();
  assert(await verify(store, "a", OF_ABC));
  assert(
    await verify(store, "a", { algorithm: "MD5", value: MD5.toUpperCase() }),
  );
  assert(await verify(store, "a", await checksum(store, "a")));
  assert(await verifyHex(store, "a", "md5", MD5));
  assert(await verifyHex(store, "a", "MD5", MD5.toUpperCase()));
});

Deno.test("INT-003: a mismatch is false and no error", async () => {
  const store = await withAbc();
  assertEquals(await verify(store, "a", OTHER), false);
  assertEquals(await verifyHex(store, "a", "md5", "ab"), false);
});

Deno.test("INT-004: an absent file is NotFound, in every function", async () => {
  const store = await withAbc();
  for (
    const call of [
      () => checksum(store, "b"),
      () => verify(store, "b", OF_ABC),
      () => verifyHex(store, "b", "md5", MD5),
      () => contentDigest(store, "b"),
      () => readVerified(store, "b", { expected: OF_ABC }),
      () => readVerified(store, "b"),
    ]
  ) {
    assertEquals(await code(call), "NotFound");
  }
});

Deno.test("INT-004: an unsupported algorithm is refused before any request, in every function", async () => {
  const { backend, store } = await vouching();
  const algorithm = "sha3" as HashName;
  const expected = { algorithm, value: "ab" };
  for (
    const call of [
      () => checksum(store, "a", { algorithm }),
      () => verify(store, "a", expected),
      () => verifyHex(store, "a", algorithm, "ab"),
      () => contentDigest(store, "a", { algorithm }),
      () => readVerified(store, "a", { expected }),
    ]
  ) {
    await assertRejects(call, InvalidArgumentError, '"sha3"');
  }
  assertEquals(backend.calls, []);
});

Deno.test("INT-005: contentDigest takes the service's digest where it has one of the algorithm", async () => {
  const { backend, store } = await vouching();
  const digest = await contentDigest(store, "a", { algorithm: "MD5" });
  assertInstanceOf(digest, ContentDigest);
  assertEquals([`${digest}`, backend.calls], [`md5:${MD5}`, ["stat"]]);
  const other = await contentDigest(store, "a");
  assertEquals(other.value.slice(0, 8), "ba7816bf");
  assert(backend.calls.includes("read"));
});

Deno.test("INT-005: contentDigest reads where the service tells nothing, or cannot be asked", async () => {
  const store = await withAbc();
  assertEquals(
    `${await contentDigest(store, "a", { algorithm: "md5" })}`,
    `md5:${MD5}`,
  );
  const mute = {
    read: store.read.bind(store),
    supports: () => false,
    getFileInfo: () => Promise.reject(new Error("asked")),
  };
  assertEquals((await contentDigest(mute, "a")).algorithm, "sha256");
});

Deno.test("CDG-001: digests have one spelling: lower-case, without hyphens", async () => {
  const store = await withAbc();
  const { algorithm, value } = await checksum(store, "a", {
    algorithm: "SHA-1",
  });
  assertEquals(algorithm, "sha1");
  assertEquals(value, "a9993e364706816aba3e25717850c26c9cd0d89d");
});

Deno.test("CDG-002: a digest is frozen, and equal to one of the same algorithm and value", async () => {
  const store = await withAbc();
  const digest = await checksum(store, "a");
  assert(Object.isFrozen(digest));
  assert(digest.equals(await checksum(store, "a", { algorithm: "SHA-256" })));
  assert(!digest.equals(await checksum(store, "a", { algorithm: "md5" })));
  assert(!digest.equals(null));
});

Deno.test("CDG-003: what is no digest is refused before any request", async () => {
  const { backend, store } = await vouching();
  for (const value of ["", "xyz", `md5:${MD5}`, "abc", "a b"]) {
    const expected = { algorithm: "md5", value };
    await assertRejects(
      () => verify(store, "a", expected),
      InvalidArgumentError,
    );
  }
  assertEquals(backend.calls, []);
});

Deno.test("CDG-004: an ETag is never taken for a digest", async () => {
  const { backend, store } = await vouching();
  backend.digest = null;
  const { etag } = await store.getFileInfo("a");
  assert(etag !== null);
  const digest = await contentDigest(store, "a", { algorithm: "md5" });
  assertEquals(digest.value, MD5);
  assertEquals(
    await code(() => readVerified(store, "a")),
    "CapabilityNotSupported",
  );
});

Deno.test("CDG-005: a digest is text and comes from base64 as HTTP headers carry it", async () => {
  const store = await withAbc();
  const digest = ContentDigest.fromBase64("MD5", "kAFQmDzST7DWlj99KOF/cg==");
  assertEquals(`${digest}`, `md5:${MD5}`);
  assert(await verify(store, "a", digest));
});

Deno.test("INT-003: readVerified ends where the bytes are those expected", async () => {
  const store = await withAbc();
  const body = await readVerified(store, "a", { expected: OF_ABC });
  assertEquals(new TextDecoder().decode(await collect(body)), "abc");
});

Deno.test("INT-003: readVerified ends in IntegrityError instead of done", async () => {
  const store = await withAbc();
  const body = await readVerified(store, "a", { expected: OTHER });
  const reader = body.getReader();
  assertEquals((await reader.read()).value?.length, 3);
  const error = await assertRejects(() => reader.read()) as {
    code?: string;
    path?: string;
    message: string;
  };
  assertEquals([error.code, error.path], ["IntegrityError", "a"]);
  assert(
    error.message.startsWith('Cannot read "a": the bytes have the digest'),
  );
});

Deno.test("INT-003: readVerified takes the service's digest, and the version it belongs to", async () => {
  const { backend, store } = await vouching();
  const body = await readVerified(store, "a");
  assertEquals((await collect(body)).length, 3);
  backend.digest = new ContentDigest("md5", OTHER.value);
  const wrong = await readVerified(store, "a");
  assertEquals(await code(() => collect(wrong)), "IntegrityError");

  const changing = {
    read: store.read.bind(store),
    async getFileInfo(path: string) {
      const info = await store.getFileInfo(path);
      await store.write("a", "changed", { overwrite: true });
      return info;
    },
  };
  assertEquals(
    await code(() => readVerified(changing, "a")),
    "PreconditionFailed",
  );
});

Deno.test("INT-003: readVerified refuses a digest of the service that nothing here computes", async () => {
  const { backend, store } = await vouching();
  backend.digest = new ContentDigest("blake3", "abcd");
  const error = await assertRejects(() => readVerified(store, "a")) as Error;
  assert(error.message.includes("vouches for a blake3 digest only"));
});

Deno.test("SIO-005: giving a verified stream up cancels the read, read or not", async () => {
  for (const reads of [0, 1]) {
    const source = new WatchedStream(Array(5).fill(new Uint8Array(1)));
    const store = {
      read: () => Promise.resolve(source.stream),
      getFileInfo: () => Promise.reject(new Error("asked")),
    };
    const body = await readVerified(store, "a", { expected: OF_ABC });
    const reader = body.getReader();
    for (let i = 0; i < reads; i++) await reader.read();
    await reader.cancel("enough");
    assertEquals(source.cancelled, ["enough"]);
  }
});

Deno.test("INT-006: digestOf() hashes content of every kind, in either spelling", async () => {
  const abc = new TextEncoder().encode("abc");
  for (const make of Object.values(contents(abc))) {
    const { algorithm, value } = await digestOf(make(), "MD5");
    assertEquals([algorithm, value], [
      "md5",
      "900150983cd24fb0d6963f7d28e17f72",
    ]);
  }
  assertEquals((await digestOf("abc")).algorithm, "sha256");
});

Deno.test("INT-006: digestOf() refuses what is no content or no algorithm, and ends by its signal", async () => {
  await assertRejects(
    () => digestOf(7 as never),
    InvalidArgumentError,
    "Cannot hash: content of type number cannot be written",
  );
  await assertRejects(
    () => digestOf("abc", "rot13" as never),
    InvalidArgumentError,
  );
  const reason = new Error("given up");
  const signal = AbortSignal.abort(reason);
  const error = await assertRejects(
    () => digestOf(new Blob(["abc"]), "md5", { signal }),
    Error,
  );
  assertEquals(error, reason);
});
