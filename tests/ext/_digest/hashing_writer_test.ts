import {
  type AtomicWriter,
  Capability,
  CapabilitySet,
  type HeadResult,
  InvalidArgumentError,
  Store,
} from "../../../mod.ts";
import { MemoryBackend } from "../../../backends/memory.ts";
import {
  type HashingAtomicWriter,
  openAtomicWithHash,
  withHashingWriter,
} from "../../../ext/write.ts";
import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { WatchedStream } from "../sources.ts";

const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const MD5_OF_ABC = {
  algorithm: "MD5",
  value: "900150983CD24FB0D6963F7D28E17F72",
};

const memory = () => new Store({ backend: new MemoryBackend() });
const text = (value: string) => new TextEncoder().encode(value);

Deno.test("EW-003: openAtomicWithHash needs ATOMIC_WRITE, refused before any I/O", async () => {
  const backend = new MemoryBackend();
  const missing = new Set(backend.capabilities);
  missing.delete(Capability.ATOMIC_WRITE);
  Object.assign(backend, { capabilities: new CapabilitySet(missing) });
  backend.stat = backend.write = () => {
    throw new Error("reached");
  };
  const store = new Store({ backend });
  for (
    const call of [
      () => openAtomicWithHash(store, "a"),
      () => withHashingWriter(store, "a", () => {}),
    ]
  ) {
    const error = await assertRejects(call) as { code?: string };
    assertEquals(error.code, "CapabilityNotSupported");
  }
});

Deno.test("EW-004: result is null until the writer has committed, then it has the digest", async () => {
  const store = memory();
  const metadata = { a: "b" };
  const writer = await openAtomicWithHash(store, "a", { metadata });
  await writer.write("a");
  await writer.write(text("b"));
  assertEquals([writer.result, writer.position], [null, 2]);
  assertEquals(writer.digestSoFar()?.value.slice(0, 8), "fb8e20fc");
  await writer.write("c");
  const result = await writer.close();
  assertStrictEquals(writer.result as unknown, result);
  assertEquals(`${result.digest}`, `sha256:${ABC}`);
  assertEquals([result.source, result.metadata, result.size], [
    "native",
    metadata,
    3,
  ]);
  assertStrictEquals(await writer.close(), result);
  await writer.abort("too late");
  await writer[Symbol.asyncDispose]();
  assertEquals(await store.readText("a"), "abc");
});

Deno.test("EW-004: a block that throws discards, its exception passes unchanged, result stays null", async () => {
  const store = memory();
  const error = new RangeError("mine");
  let kept: HashingAtomicWriter | undefined;
  const block = async () => {
    await using writer = await openAtomicWithHash(store, "a");
    kept = writer;
    await writer.write("abc");
    throw error;
  };
  assertStrictEquals(await assertRejects(block), error);
  assertEquals(kept?.result, null);
  assertEquals(await store.exists("a"), false);
  await assertRejects(() => kept!.write("d"), InvalidArgumentError, "closed");
});

Deno.test("EW-004: a failed commit, a failed expectation and an abort leave result null", async () => {
  for (
    const fail of [
      {
        options: { expected: MD5_OF_ABC },
        act: (writer: AtomicWriter) => writer.close(),
        code: "IntegrityError",
      },
      {
        options: {},
        act: async (writer: AtomicWriter) => {
          await writer.abort(new RangeError("enough"));
          return await writer.close();
        },
        code: undefined,
      },
    ]
  ) {
    const store = memory();
    const writer = await openAtomicWithHash(store, "a", fail.options);
    await writer.write("other");
    const error = await assertRejects(() => fail.act(writer)) as HeadResult & {
      code?: string;
    };
    assertEquals(error.code, fail.code);
    assertEquals(writer.result, null);
    assertEquals(await store.exists("a"), false);
  }
});

Deno.test("EW-004: a conflict at the commit is the store's error, and result stays null", async () => {
  const store = memory();
  const writer = await openAtomicWithHash(store, "a");
  await writer.write("abc");
  await store.write("a", "first");
  const error = await assertRejects(() => writer.close()) as { code?: string };
  assertEquals(error.code, "AlreadyExists");
  assertEquals(writer.result, null);
  assertEquals(await store.readText("a"), "first");
});

Deno.test("QUEUE-002, EW-004: what is refused is not hashed, and nothing is committed without it", async () => {
  for (const chunk of ["\ud800", 5]) {
    const store = memory();
    const writer = await openAtomicWithHash(store, "a");
    writer.write("one");
    const refused = writer.write(chunk as never);
    writer.write("two");
    const error = await assertRejects(() => refused, InvalidArgumentError);
    assertStrictEquals(await writer.close().catch((e) => e), error);
    await writer[Symbol.asyncDispose]();
    assertEquals([writer.result, await store.exists("a")], [null, false]);
  }
});

Deno.test("QUEUE-001: writes that nobody waits for are hashed and stored in their order", async () => {
  for (const algorithm of ["sha256", "crc32c", "md5"] as const) {
    const store = memory();
    const writer = await openAtomicWithHash(store, "a", { algorithm });
    const chunks = Array.from({ length: 100 }, (_, i) => `${i},`);
    for (const chunk of chunks) writer.write(chunk);
    const { digest, size } = await writer.close();
    const text = chunks.join("");
    assertEquals(await store.readText("a"), text);
    const whole = await openAtomicWithHash(store, "b", { algorithm });
    await whole.write(text);
    assertEquals([size, digest], [text.length, (await whole.close()).digest]);
  }
});

Deno.test("QUEUE-003: leaving the block waits for a commit that nobody waits for", async () => {
  const store = memory();
  {
    await using writer = await openAtomicWithHash(store, "a");
    writer.write("abc");
    writer.close();
  }
  assertEquals(await store.readText("a"), "abc");
});

Deno.test("EW-004: a chunk is hashed as it was at the call", async () => {
  const writer = await openAtomicWithHash(memory(), "a");
  const buffer = text("ab");
  const write = writer.write(buffer);
  buffer.fill(0);
  const last = writer.write("c");
  const closed = writer.close();
  await assertRejects(() => writer.write("d"), InvalidArgumentError, "closed");
  await Promise.all([write, last]);
  assertEquals((await closed).digest?.value, ABC);
});

Deno.test("EW-004: the writer is a stream too: closing commits, aborting discards", async () => {
  const store = memory();
  const good = await openAtomicWithHash(store, "a");
  await new Blob(["abc"]).stream().pipeTo(good.writable);
  assertEquals(good.result?.digest?.value, ABC);
  const bad = await openAtomicWithHash(store, "b");
  const error = new RangeError("broken");
  const { stream } = new WatchedStream([text("abc")], error);
  assertStrictEquals(
    await assertRejects(() => stream.pipeTo(bad.writable)),
    error,
  );
  assertEquals(bad.result, null);
  assertEquals(await store.exists("b"), false);
});

Deno.test("EW-004: withHashingWriter commits on return and discards on throw", async () => {
  const store = memory();
  const result = await withHashingWriter(store, "a", async (writer) => {
    await writer.write("abc");
    assertEquals(writer.result, null);
  });
  assertEquals(result.digest?.value, ABC);
  const error = new RangeError("mine");
  const failing = () =>
    withHashingWriter(store, "b", async (writer) => {
      await writer.write("abc");
      throw error;
    });
  assertStrictEquals(await assertRejects(failing), error);
  assertEquals(await store.exists("b"), false);
});

Deno.test("EW-004: an abort by signal ends the writer with the reason", async () => {
  const aborting = new AbortController();
  const reason = new RangeError("enough");
  const store = memory();
  const writer = await openAtomicWithHash(store, "a", {
    signal: aborting.signal,
  });
  await writer.write("abc");
  aborting.abort(reason);
  assertStrictEquals(await assertRejects(() => writer.close()), reason);
  assertEquals(writer.result, null);
  assertInstanceOf(reason, RangeError);
});
