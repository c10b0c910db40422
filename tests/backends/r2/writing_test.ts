import { assert, assertEquals, assertRejects } from "@std/assert";
import { DRAFTS } from "../../../backends/r2/wire.ts";
import { put } from "../../../backends/r2/writing.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  CapabilityNotSupportedError,
  ContentDigest,
  IntegrityError,
  PreconditionFailedError,
  type WriteRequest,
} from "../../../mod.ts";
import { defineFixedLengthStream } from "../../fakes/r2/fixed_length_stream.ts";
import {
  at,
  createFake,
  type FakeStore,
  LOST,
  numbered,
  streamOf,
} from "./setup.ts";

const MIB = 1024 * 1024;
const PARTS = { partSize: 5 * MIB };
const LONG = 12 * MIB;

/** Content of a known length. */
const blobOf = (size: number) => new Blob([new Uint8Array(size)]);

/** Content that claims to have a length, whatever comes. */
function claiming(size: number, stream: ReadableStream<Uint8Array>): Blob {
  return Object.defineProperties(new Blob([]), {
    size: { value: size },
    stream: { value: () => stream },
  });
}

/** What is there when a write has ended, well or not: nothing of its own. */
function assertClean({ fake }: FakeStore, ...keys: string[]): void {
  assertEquals([...fake.objects.keys()], keys);
  assertEquals(fake.uploads.size, 0);
}

function checkOf(value: string) {
  const digest = new ContentDigest("sha256", value);
  return {
    algorithm: "sha256",
    digest: () => Promise.resolve(digest),
    digestOf: () => Promise.resolve(digest),
  };
}

Deno.test("R2-001: content of known length is one put, whatever its size", async () => {
  using _ = defineFixedLengthStream();
  const { store, fake } = createFake();
  await store.write("bytes", new Uint8Array(3 * MIB));
  await store.write("blob", blobOf(20 * MIB));
  await store.write("small", blobOf(10));
  await store.write("empty", new Blob([]));
  assertEquals([...fake.counts], [["put", 4]]);
  const { size } = await store.getFileInfo("blob");
  assertEquals(size, 20 * MIB);
});

Deno.test("R2-001: of many who create, one wins, and the others are told", async () => {
  using _ = defineFixedLengthStream();
  for (const size of [10, 2 * MIB]) {
    const { store } = createFake();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 16 }, () => store.write("a", blobOf(size))),
    );
    const lost = outcomes.filter(({ status }) => status === "rejected");
    assertEquals(lost.length, 15);
    for (const outcome of lost) {
      const { reason } = outcome as PromiseRejectedResult;
      assert(reason instanceof AlreadyExistsError);
    }
  }
});

Deno.test("R2-001: ifMatch replaces one version, by streams too", async () => {
  using _ = defineFixedLengthStream();
  const { store } = createFake();
  const { etag } = await store.write("a", "first");
  for (const content of ["x", blobOf(2 * MIB), streamOf(2 * MIB, 1)]) {
    await assertRejects(
      () => store.write("a", content, { ifMatch: '"other"' }),
      PreconditionFailedError,
    );
  }
  const next = await store.write("a", blobOf(2 * MIB), { ifMatch: etag! });
  const last = await store.write("a", streamOf(LONG), { ifMatch: next.etag! });
  assertEquals((await store.getFileInfo("a")).etag, last.etag);
});

Deno.test("R2-002: what its source has not ended well is not stored, to the last byte", async () => {
  using _ = defineFixedLengthStream();
  const held = createFake();
  const fail = (message: string) => (c: ReadableStreamDefaultController) =>
    c.error(new TypeError(message));
  const size = 2 * MIB;
  const sources: [ReadableStream<Uint8Array>, string][] = [
    // All the bytes that were promised, then a failure.
    [streamOf(size, 1, fail("cut off")), "cut off"],
    [streamOf(size - 1), "it ended after"],
    [streamOf(size + 1), "it has more than its"],
  ];
  for (const [stream, message] of sources) {
    const content = claiming(size, stream);
    await assertRejects(
      () => held.store.write("a", content),
      Error,
      message,
    );
    assertClean(held);
  }
});

Deno.test("R2-002: a refused stream is let go of, and its source canceled", async () => {
  using _ = defineFixedLengthStream();
  let cancelled = false;
  const inner = streamOf(3 * MIB);
  const stream = inner.pipeThrough(
    new TransformStream(
      { cancel: () => void (cancelled = true) } as Transformer,
    ),
  );
  const content = claiming(3 * MIB, stream);
  const refused = createFake((method) =>
    method === "put" ? numbered(10003) : null
  );
  await assertRejects(() => refused.store.write("a", content), Error, "denied");
  assert(cancelled);
});

Deno.test("R2-003: a stream of unknown length within a part is one put", async () => {
  const fakeStore = createFake(undefined, PARTS);
  const { store, fake } = fakeStore;
  await store.write("a", streamOf(5 * MIB));
  assertEquals([...fake.counts], [["put", 1]]);
  await assertRejects(() => store.write("a", streamOf(3)), AlreadyExistsError);
  assertClean(fakeStore, "a");
});

Deno.test("R2-003: a longer one replaces by parts, and creates by a draft", async () => {
  const fakeStore = createFake(undefined, PARTS);
  const { store, fake } = fakeStore;
  const parts = ["createMultipartUpload", "uploadPart", "complete"];
  await store.write("a", streamOf(LONG, 1), { overwrite: true });
  assertEquals([...fake.counts.keys()], parts);
  const written = await store.write("b", streamOf(LONG, 2), {
    metadata: { by: "ada" },
    contentType: "a/b",
  });
  const info = await store.getFileInfo("b");
  assertEquals([info.size, info.contentType], [LONG, "a/b"]);
  assertEquals([info.metadata, info.etag], [{ by: "ada" }, written.etag]);
  // As one put, it has a hash, which parts have not.
  assertEquals(written.digest?.algorithm, "md5");
  assert((await store.readBytes("b")).every((byte) => byte === 2));
  assertClean(fakeStore, "a", "b");
});

Deno.test("R2-003: of many who create by drafts, one wins, and nothing is left", async () => {
  const fakeStore = createFake(undefined, PARTS);
  const { store } = fakeStore;
  const outcomes = await Promise.allSettled(
    [1, 2, 3, 4].map((fill) => store.write("a", streamOf(LONG, fill))),
  );
  const lost = outcomes.filter(({ status }) => status === "rejected");
  assertEquals(lost.length, 3);
  for (const outcome of lost) {
    assert(
      (outcome as PromiseRejectedResult).reason instanceof AlreadyExistsError,
    );
  }
  const bytes = await store.readBytes("a");
  assert(bytes.every((byte) => byte === bytes[0]));
  assertClean(fakeStore, "a");
});

Deno.test("AW-003: a conflict that can be seen is seen before the first part", async () => {
  const { store, fake } = createFake(undefined, PARTS);
  await store.write("a", "first");
  await assertRejects(
    () => store.write("a", streamOf(LONG)),
    AlreadyExistsError,
  );
  await assertRejects(
    () => store.write("a", streamOf(LONG), { ifMatch: '"other"' }),
    PreconditionFailedError,
  );
  assertEquals(fake.counts.get("createMultipartUpload"), undefined);
});

const REQUEST: WriteRequest = {
  condition: { overwrite: false, ifMatch: null },
  headers: {
    contentType: null,
    cacheControl: null,
    contentDisposition: null,
    contentEncoding: null,
    contentLanguage: null,
  },
  metadata: null,
  check: null,
  signal: undefined,
};

Deno.test("R2-004: more than R2 puts at once is written under no condition, or refused", async () => {
  const fakeStore = createFake(undefined, PARTS);
  const settings = { ...fakeStore.settings, putLimit: 11 * MIB };
  const write = (size: number | null, overwrite: boolean) =>
    put(settings, "a", { kind: "stream", stream: streamOf(LONG), size }, {
      ...REQUEST,
      condition: { overwrite, ifMatch: null },
    });
  for (const size of [LONG, null]) {
    const error = await assertRejects(
      () => write(size, false),
      CapabilityNotSupportedError,
      "more than 11534336 bytes, so it can only be written with overwrite: true",
    );
    assertEquals(error.capability, "conditional_write");
    assertClean(fakeStore);
  }
  await write(LONG, true);
  await write(null, true);
  assertClean(fakeStore, "a");
});

for (const content of ["hello", () => streamOf(LONG)] as const) {
  const name = content === "hello" ? "bytes" : "a draft";
  const open = () => typeof content === "string" ? content : content();

  Deno.test(`R2-006: a create by ${name} whose answer was lost is never refused`, async () => {
    const other: FakeStore = createFake((method, number) => {
      if (method !== "put" || number !== 1) return null;
      other.fake.store("a", new Uint8Array(1), "other", {}, {});
      return new Error(LOST);
    }, PARTS);
    const error = await assertRejects(
      () => other.store.write("a", open()),
      BackendUnavailableError,
      "the change may have been made",
    );
    assert(
      error.inDoubt && (error.cause as Error).name === "AlreadyExistsError",
    );
    assertClean(other, "a");
  });

  Deno.test(`R2-006: a replacement by ${name} whose answer was lost is in doubt`, async () => {
    const { store } = createFake(at("put", 2, "lost"), PARTS);
    const { etag } = await store.write("a", "first");
    const error = await assertRejects(
      () => store.write("a", open(), { ifMatch: etag! }),
      BackendUnavailableError,
      "the change may have been made",
    );
    assertEquals((error.cause as Error).name, "PreconditionFailedError");
  });

  Deno.test(`R2-007: a create by ${name} that did not get through is done the next time`, async () => {
    for (const fault of [numbered(10058), new Error(LOST)]) {
      const { store } = createFake(at("put", 1, fault), PARTS);
      const { size } = await store.write("a", open());
      assertEquals((await store.getFileInfo("a")).size, size);
    }
  });

  Deno.test(`R2-006: a create by ${name} that was turned away and then lost a race is refused`, async () => {
    const fakeStore: FakeStore = createFake((method, number) => {
      if (method !== "put" || number !== 1) return null;
      fakeStore.fake.store("a", new Uint8Array(1), "e", {}, {});
      return numbered(10058);
    }, PARTS);
    await assertRejects(
      () => fakeStore.store.write("a", open()),
      AlreadyExistsError,
    );
  });
}

Deno.test("R2-006: bytes that are there count as created, and a draft has nothing to be compared with", async () => {
  const { store } = createFake(at("put", 1, "lost"), PARTS);
  const written = await store.write("a", "hello");
  const info = await store.getFileInfo("a");
  assertEquals(written.etag, info.etag);
  assertEquals(written.versionId, `${info.extra["version"]}`);
  const draft = createFake(at("put", 1, "lost"), PARTS);
  await assertRejects(
    () => draft.store.write("a", streamOf(LONG)),
    BackendUnavailableError,
    "the change may have been made",
  );
  assertClean(draft, "a");
});

Deno.test("R2-006: an unconditional write whose answer was lost is done again", async () => {
  const { store, fake } = createFake(at("put", 1, "lost"));
  await store.write("a", "hello", { overwrite: true });
  assertEquals(fake.counts.get("put"), 2);
});

Deno.test("R2-006: a stream cannot be sent again: lost behind its end it is in doubt, before it nothing is stored", async () => {
  using _ = defineFixedLengthStream();
  const lost = createFake(at("put", 1, "lost"));
  await assertRejects(
    () => lost.store.write("a", blobOf(2 * MIB)),
    BackendUnavailableError,
    "the change may have been made",
  );
  const early = createFake(at("put", 1, new Error(LOST)));
  const error = await assertRejects(
    () => early.store.write("a", blobOf(2 * MIB)),
    BackendUnavailableError,
    LOST,
  );
  assert(!error.message.includes("may have been made"));
  assertClean(early);
});

Deno.test("R2-013: R2 checks what it is told to, of bytes and of streams of any length", async () => {
  const hex = async (size: number) => {
    const hash = await crypto.subtle.digest("SHA-256", new Uint8Array(size));
    return Array.from(
      new Uint8Array(hash),
      (b) => b.toString(16).padStart(2, "0"),
    ).join("");
  };
  for (const size of [10, LONG]) {
    const fakeStore = createFake(undefined, PARTS);
    const { store } = fakeStore;
    const contents = [
      () => new Uint8Array(size),
      () => streamOf(size),
      () => blobOf(size),
    ];
    for (const open of contents) {
      await assertRejects(
        () => store.write("a", open(), { check: checkOf("00".repeat(32)) }),
        IntegrityError,
      );
      assertClean(fakeStore);
      const value = await hex(size);
      const check = checkOf(value);
      const written = await store.write("a", open(), { check });
      assertEquals(`${written.digest}`, `sha256:${value}`);
      assertEquals(
        `${(await store.getFileInfo("a")).digest}`,
        `sha256:${value}`,
      );
      await store.write("a", open(), { check, overwrite: true });
      assertClean(fakeStore, "a");
      await store.delete("a");
    }
  }
});

Deno.test("R2-015: an abort ends a write at once, and leaves nothing", async () => {
  using _ = defineFixedLengthStream();
  for (const known of [true, false]) {
    const fakeStore = createFake(undefined, PARTS);
    const stop = new AbortController();
    let taken = 0;
    const source = streamOf(LONG).pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          taken += chunk.byteLength;
          if (taken > 8 * MIB) stop.abort("enough");
          controller.enqueue(chunk);
        },
      }),
    );
    const content = known ? claiming(LONG, source) : source;
    const writing = fakeStore.store.write("a", content, {
      signal: stop.signal,
    });
    assertEquals(await writing.catch((reason) => reason), "enough");
    await new Promise((resolve) => setTimeout(resolve));
    assertClean(fakeStore);
  }
});

Deno.test("R2-005: a draft that cannot be put is removed", async () => {
  const fakeStore = createFake(
    (method) => method === "put" ? numbered(10003) : null,
    PARTS,
  );
  await assertRejects(() => fakeStore.store.write("a", streamOf(LONG)));
  assertClean(fakeStore);
  assert(DRAFTS.endsWith("/"));
});
