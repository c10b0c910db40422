import {
  IntegrityError,
  InvalidArgumentError,
  Store,
  type WriteOptions,
} from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import {
  type HashName,
  openAtomicWithHash,
  writeWithHash,
  type WriteWithHashOptions,
} from "../../ext/write.ts";
import { digestOf } from "../../ext/_digest/engine.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { contents, WatchedStream } from "./sources.ts";

const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const MD5_OF_ABC = {
  algorithm: "MD5",
  value: "900150983CD24FB0D6963F7D28E17F72",
};
const BYTES = new Uint8Array(3000).map((_, i) => i * 7);

const memory = () => new Store({ backend: new MemoryBackend() });
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
const text = (value: string) => new TextEncoder().encode(value);

Deno.test("EW-001: writeWithHash returns the write's own result with the digest of what was written", async () => {
  const store = memory();
  const options = { metadata: { a: "b" }, contentType: "text/x-own" };
  const plain = await store.write("plain", "abc", options);
  const result = await writeWithHash(store, "hashed", "abc", options);
  assertEquals({ ...result, digest: null }, {
    ...plain,
    path: "hashed",
    etag: result.etag,
    lastModified: result.lastModified,
  });
  assert(result.etag !== null && result.lastModified !== null);
  assertEquals(`${result.digest}`, `sha256:${ABC}`);
  assert(Object.isFrozen(result));
});

Deno.test("EW-001: every kind of content has the same digest and arrives as it was", async () => {
  const digest = await digestOf("sha256", BYTES);
  const store = memory();
  for (const expected of [undefined, digest]) {
    for (const [name, make] of Object.entries(contents(BYTES))) {
      const result = await writeWithHash(store, name, make(), {
        overwrite: true,
        expected,
      });
      assert(digest.equals(result.digest), name);
      assertEquals(result.size, BYTES.length);
      assertEquals(await store.readBytes(name), BYTES, name);
      const plain = await store.write("plain", make(), { overwrite: true });
      assertEquals(
        (await store.getFileInfo(name)).contentType,
        (await store.getFileInfo("plain")).contentType,
        `${name} with size ${plain.size}`,
      );
    }
  }
});

Deno.test("EW-001: content without bytes has the digest of nothing", async () => {
  const nothing = [
    "",
    new Uint8Array(0),
    new Blob([]),
    new WatchedStream([]).stream,
    new WatchedStream([new Uint8Array(0)]).stream,
    new Response(null),
    new Response(""),
    (async function* () {})(),
  ];
  for (const content of nothing) {
    const { digest, size } = await writeWithHash(memory(), "a", content);
    assertEquals(size, 0);
    assertEquals(digest?.value.slice(0, 8), "e3b0c442");
  }
});

Deno.test("EW-001: both spellings are accepted, one is stored, an unsupported one is refused before any I/O", async () => {
  for (const algorithm of ["sha256", "SHA-256"] as const) {
    const { digest } = await writeWithHash(memory(), "a", "abc", { algorithm });
    assertEquals(digest?.algorithm, "sha256");
  }
  const untouched = {
    write: () => Promise.reject(new Error("reached")),
    openAtomic: () => Promise.reject(new Error("reached")),
  };
  const source = new WatchedStream([]);
  const options = { algorithm: "sha3" as HashName };
  for (
    const call of [
      () => writeWithHash(untouched, "a", source.stream, options),
      () => openAtomicWithHash(untouched, "a", options),
    ]
  ) {
    await assertRejects(call, InvalidArgumentError, 'Cannot compute a "sha3"');
  }
  assertEquals([source.stream.locked, source.cancelled], [false, []]);
});

Deno.test("EW-001: bytes are taken as they are at the call", async () => {
  for (const expected of [undefined, await digestOf("sha256", BYTES)]) {
    const store = memory();
    const bytes = BYTES.slice();
    const writing = writeWithHash(store, "a", bytes, { expected });
    bytes.fill(0);
    const { digest } = await writing;
    assert((await digestOf("sha256", BYTES)).equals(digest));
    assertEquals(await store.readBytes("a"), BYTES);
  }
});

Deno.test("EW-002: write options reach the store, and only those", async () => {
  let seen: WriteOptions | undefined;
  const store = memory();
  const spy = {
    write: (...[path, content, options]: Parameters<Store["write"]>) => {
      seen = options;
      return store.write(path, content, options);
    },
  };
  const progress: number[] = [];
  const options = {
    overwrite: true,
    metadata: { a: "b" },
    onProgress: (bytes: number) => void progress.push(bytes),
  };
  await writeWithHash(spy, "a", new Blob(["abc"]), {
    ...options,
    algorithm: "md5",
    expected: MD5_OF_ABC,
  });
  assertEquals(seen, options);
  assertEquals(progress.at(-1), 3);
});

Deno.test("WR-009: WRITE_RESULT_NATIVE gates nothing: a basic result has a digest too, and stays basic", async () => {
  const backend = new FlatBackend({ capabilities: ["read", "write"] });
  const store = new Store({ backend });
  assertEquals(store.supports("write_result_native"), false);
  const { source, etag, digest } = await writeWithHash(store, "a", "abc");
  assertEquals([source, etag, digest?.value], ["basic", null, ABC]);
});

Deno.test("EW-002: a write that the store refuses is refused as without a hash", async () => {
  const store = memory();
  await store.write("a", "old");
  const locked = new ReadableStream<Uint8Array>();
  locked.getReader();
  const cases: [string, unknown, WriteWithHashOptions][] = [
    ["a", "new", {}],
    ["", "abc", {}],
    ["b", locked, {}],
    ["b", new Response("x", { status: 500 }), {}],
    ["b", 5, {}],
    ["b", "\ud800", {}],
    ["b", "abc", { metadata: { _a: "b" } }],
    ["a", "abc", { ifMatch: '"other"' }],
    ["b", "abc", { signal: AbortSignal.abort(new RangeError("enough")) }],
  ];
  for (const [path, content, options] of cases) {
    const plain = await assertRejects(() =>
      store.write(path, content as string, options)
    ) as Error;
    const error = await assertRejects(() =>
      writeWithHash(store, path, content as string, options)
    ) as Error;
    assertEquals(error.message, plain.message);
    assertEquals(error.constructor, plain.constructor);
  }
  assertEquals(await Array.fromAsync(store.listFiles(""), (f) => f.path), [
    "a",
  ]);
});

Deno.test("EW-002: a store that takes what is no content leaves no digest that was never computed", async () => {
  const store = memory();
  const lax = { write: () => store.write("a", "x", { overwrite: true }) };
  await assertRejects(
    () => writeWithHash(lax, "a", 5 as never),
    InvalidArgumentError,
    "its content is of no kind known here",
  );
  await assertRejects(
    () => writeWithHash(lax, "a", new WatchedStream([]).stream),
    IntegrityError,
    "not all of its content was taken",
  );
});

Deno.test("EW-001: other bytes than expected are an IntegrityError and nothing is written", async () => {
  for (const [name, make] of Object.entries(contents(BYTES))) {
    const store = memory();
    const error = await assertRejects(
      () => writeWithHash(store, "a", make(), { expected: MD5_OF_ABC }),
      IntegrityError,
      "md5:900150983cd24fb0d6963f7d28e17f72 is expected",
      name,
    );
    assertEquals(error.path, "a");
    assertEquals(await store.exists("a"), false, name);
  }
  const store = memory();
  await store.write("a", "old");
  for (const content of [new Blob([]), new Response(""), ""]) {
    const options = { expected: MD5_OF_ABC, overwrite: true };
    await assertRejects(
      () => writeWithHash(store, "a", content, options),
      IntegrityError,
    );
  }
  assertEquals(await store.readText("a"), "old");
});

Deno.test("EW-001: a backend that knows the length never gets the last bytes of a wrong stream", async () => {
  const taken: number[] = [];
  const eager = {
    // Ends after the announced bytes and does not wait for the end.
    async write(_: string, content: unknown) {
      const { size, stream } = content as Blob;
      const reader = stream().getReader();
      let bytes = 0;
      while (bytes < size) {
        const { value } = await reader.read();
        taken.push(value!.byteLength);
        bytes += value!.byteLength;
      }
      throw new Error("committed");
    },
  };
  const blob = {
    size: 5,
    type: "",
    stream: () => new WatchedStream([text("ab"), text("cde")]).stream,
  } as unknown as Blob;
  await assertRejects(
    () => writeWithHash(eager as never, "a", blob, { expected: MD5_OF_ABC }),
    IntegrityError,
  );
  assertEquals(taken, [2]);
});

Deno.test("EW-001: a source that fails, or an abort, leaves nothing and passes its reason", async () => {
  const error = new RangeError("broken");
  for (const expected of [undefined, MD5_OF_ABC]) {
    const store = memory();
    const failing = new WatchedStream([text("abc")], error);
    const failed = () =>
      writeWithHash(store, "a", failing.stream, { expected });
    assertStrictEquals(await assertRejects(failed), error);

    const aborting = new AbortController();
    const { signal } = aborting;
    const endless = new WatchedStream(function* () {
      for (;;) {
        yield text("abc");
        aborting.abort(error);
      }
    }());
    const aborted = () =>
      writeWithHash(store, "a", endless.stream, { signal, expected });
    assertStrictEquals(await assertRejects(aborted), error);
    await turn();
    assertEquals(endless.cancelled, [error]);
    assertEquals(await store.exists("a"), false);
  }
});

Deno.test("EW-001: a backend that fails cancels the source it has read", async () => {
  const error = new IntegrityError("no");
  const backend = new MemoryBackend();
  backend.write = async (_, body) => {
    if (body.kind === "stream") await body.stream.getReader().read();
    throw error;
  };
  const source = new WatchedStream(Array(9).fill(text("abc")));
  await assertRejects(
    () => writeWithHash(new Store({ backend }), "a", source.stream),
    IntegrityError,
  );
  await turn();
  assertEquals(source.cancelled.length, 1);
});
