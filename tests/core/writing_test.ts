import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  AlreadyExistsError,
  ContentTooLargeError,
  InvalidArgumentError,
  InvalidPathError,
  PermissionDeniedError,
  PreconditionFailedError,
  RemoteStoreError,
  Store,
} from "../../mod.ts";
import { FailingBackend } from "../fakes/failing_backend.ts";
import { chunks, fixture, NAMESPACES } from "./every_method.ts";

Deno.test("BE-008 an existing file is not replaced unless that is asked for", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    for (const content of ["x", new Blob(["x"])]) {
      const error = await assertRejects(
        () => store.write("data//a.txt", content),
        AlreadyExistsError,
        'Cannot write "data/a.txt": it exists and overwrite is false',
      );
      assertEquals([error.path, error.backend], ["data/a.txt", "failing"]);
    }
    await store.write("data/a.txt", "new", { overwrite: true });
    assertEquals(await store.readText("data/a.txt"), "new");
  }
});

Deno.test("BE-008 wrong type outranks the conflict, with and without overwrite", async () => {
  const { store } = await fixture();
  for (const overwrite of [true, false]) {
    for (const content of ["x", new Blob(["x"])]) {
      await assertRejects(
        () => store.write("data", content, { overwrite }),
        InvalidPathError,
        "it is a folder",
      );
      await assertRejects(
        () => store.writeAtomic("data/a.txt/b", content, { overwrite }),
        InvalidPathError,
        '"a.txt" above it is a file',
      );
    }
  }
  assertEquals(await store.readText("data/a.txt"), "0123456789");
});

Deno.test("WR-003 the size is what was written, for bytes and for streams", async () => {
  const { store } = await fixture({ atHand: true });
  const large = new Uint8Array(100 * 1024 + 7);
  assertEquals((await store.write("one", large)).size, large.length);
  assertEquals(
    (await store.write("two", new Blob([large, large]))).size,
    2 * large.length,
  );
  assertEquals(
    (await store.write("three", new Blob([large]).stream())).size,
    large.length,
  );
  assertEquals((await store.writeText("four", "é€😀")).size, 9);
  assertEquals((await store.write("five", "")).size, 0);
});

Deno.test("WR-001a a write's result agrees with the info asked for afterwards", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    const written = await store.write("x", chunks(), { metadata: { K: "v" } });
    const info = await store.getFileInfo("x");
    assertEquals(
      [
        written.path,
        written.size,
        written.etag,
        written.lastModified,
        written.digest,
      ],
      [info.path, info.size, info.etag, info.lastModified, info.digest],
    );
    assertEquals([written.source, written.metadata], ["native", { K: "v" }]);
  }
});

Deno.test("WR-005 a backend that tells nothing gives a basic result", async () => {
  const { store } = await fixture({
    namespace: "flat",
    without: ["write_result_native"],
  });
  const result = await store.write("x", "abc", { metadata: { a: "b" } });
  assertEquals(result, {
    path: "x",
    size: 3,
    source: "basic",
    digest: null,
    etag: null,
    versionId: null,
    lastModified: null,
    metadata: { a: "b" },
  });
});

Deno.test("Q21 a stream is untouched where the backend refuses before it reads", async () => {
  for (const namespace of NAMESPACES) {
    const { store, backend } = await fixture({ namespace });
    const content = new ReadableStream<Uint8Array>({
      pull: (controller) =>
        controller.enqueue(new TextEncoder().encode("still here")),
    }, { highWaterMark: 0 });
    backend.fail("write", { reject: new PermissionDeniedError() });
    await assertRejects(() => store.write("x", content), PermissionDeniedError);
    assertEquals(content.locked, false);
    const { value } = await content.getReader().read();
    assertEquals(new TextDecoder().decode(value), "still here");
  }
});

Deno.test("AW-003 a conflict leaves the stream untouched where it can be seen first", async () => {
  const backends = [
    new FailingBackend(),
    new FailingBackend({ namespace: "flat", without: ["conditional_write"] }),
  ];
  for (const backend of backends) {
    const store = new Store({ backend });
    await store.write("x", "old");
    const content = new Blob(["new"]).stream();
    await assertRejects(
      () => store.writeAtomic("x", content),
      AlreadyExistsError,
    );
    assertEquals(content.locked, false);
    await content.cancel();
  }
});

Deno.test("Q21 a stream that was read is cancelled with the error, and nothing is stored", async () => {
  for (const point of ["source", "commit"] as const) {
    const { store, backend } = await fixture();
    backend.fail(point, { reject: new PermissionDeniedError() });
    let cancelled: unknown;
    let left = 3;
    const content = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- > 0) controller.enqueue(new Uint8Array(1));
        else controller.close();
      },
      cancel(reason) {
        cancelled = reason;
      },
    }, { highWaterMark: 0 });
    await assertRejects(() => store.write("x", content), PermissionDeniedError);
    assertEquals(
      cancelled instanceof PermissionDeniedError,
      point === "source",
    );
    assertEquals(await store.exists("x"), false);
  }
});

Deno.test("SAW-003 the source's own error passes unchanged, and the old file stays", async () => {
  for (
    const mine of [
      new Error("mine"),
      "mine",
      null,
      undefined,
      new DOMException("x", "AbortError"),
    ]
  ) {
    for (const namespace of NAMESPACES) {
      const { store } = await fixture({ namespace });
      const failing = async function* () {
        yield new Uint8Array(2);
        throw mine;
      };
      for (const method of ["write", "writeAtomic"] as const) {
        const outcome = await store[method]("data/a.txt", failing(), {
          overwrite: true,
        })
          .then(() => "resolved", (reason) => [reason]);
        assert(Array.isArray(outcome));
        assertStrictEquals(outcome[0], mine);
      }
      assertEquals(await store.readText("data/a.txt"), "0123456789");
    }
  }
});

Deno.test("SIO-003 a stream that was read from gives the rest", async () => {
  const { store } = await fixture();
  const content = ReadableStream.from(["one", "two"]).pipeThrough(
    new TextEncoderStream(),
  );
  const reader = content.getReader();
  await reader.read();
  reader.releaseLock();
  await store.write("x", content);
  assertEquals(await store.readText("x"), "two");
});

Deno.test("a backend that takes only a part of the content has failed", async () => {
  const { backend } = await fixture();
  backend.write = async (_key, body) => {
    if (body.kind === "stream") await body.stream.getReader().read();
    return { etag: null, versionId: null, lastModified: null, digest: null };
  };
  const store = new Store({ backend });
  await assertRejects(
    () => store.write("x", chunks()),
    RemoteStoreError,
    "the backend did not take all of the content",
  );
});

Deno.test("STR progress is told for bytes and for streams; what it throws ends the write", async () => {
  const { store } = await fixture();
  const told: number[] = [];
  const onProgress = (bytes: number) => void told.push(bytes);
  await store.write("x", "abc", { onProgress });
  await store.write("y", chunks(), { onProgress });
  assertEquals(told, [3, 3, 6, 7]);
  const mine = new Error("enough");
  const outcome = store.write("z", "abc", {
    onProgress() {
      throw mine;
    },
  });
  assertStrictEquals(await outcome.catch((error) => error), mine);
  assertEquals(await store.exists("z"), false);
});

Deno.test("ifMatch replaces the named version only", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    const { etag } = await store.write("x", "1");
    const ifMatch = etag ?? "";
    for (const content of ["2", new Blob(["2"])]) {
      await assertRejects(
        () => store.write("other", content, { ifMatch }),
        PreconditionFailedError,
      );
    }
    await store.write("x", "2", { ifMatch });
    const error = await assertRejects(
      () => store.write("x", "3", { ifMatch }),
      PreconditionFailedError,
    );
    assertEquals(error.path, "x");
    assertEquals(await store.readText("x"), "2");
  }
});

Deno.test("SIO-003 the caller may change its bytes once the call is made", async () => {
  for (const namespace of NAMESPACES) {
    for (const without of [[], ["conditional_write"]] as const) {
      const { store } = await fixture({ namespace, without });
      const bytes = new Uint8Array([1, 2, 3]);
      const run = store.write("x", bytes);
      bytes.fill(9);
      await run;
      assertEquals([...await store.readBytes("x")], [1, 2, 3]);
    }
  }
});

Deno.test("the content's own type is stored unless the caller names one", async () => {
  const { store } = await fixture();
  const blob = new Blob(["x"], { type: "text/x" });
  await store.write("a", blob);
  await store.write("b", blob, { contentType: "text/y" });
  assertEquals((await store.getFileInfo("a")).contentType, "text/x");
  assertEquals((await store.getFileInfo("b")).contentType, "text/y");
});

Deno.test("of concurrent creations of one file exactly one wins", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    const results = await Promise.allSettled(
      Array.from(
        { length: 6 },
        (_, i) => store.write("x", i % 2 ? `${i}` : new Blob([`${i}`])),
      ),
    );
    const lost = results.flatMap((r) =>
      r.status === "rejected" ? r.reason.code : []
    );
    assertEquals(lost, Array.from({ length: 5 }, () => "AlreadyExists"));
  }
});

Deno.test("what is no text is refused by writeText", async () => {
  const { store } = await fixture();
  await assertRejects(
    () => store.writeText("x", 5 as never),
    InvalidArgumentError,
    'Cannot write "x": the text is of type number',
  );
});

Deno.test("CONT-005: a type that the content brings is checked as the option is, before anything is asked", async () => {
  for (const type of ["text/x\r\nx: y", "text/ü", " text/x", "\0"]) {
    for (const namespace of NAMESPACES) {
      const { store, backend } = await fixture({ namespace });
      const contents = [
        { size: 1, type, stream: () => new Blob(["x"]).stream() },
        {
          ok: true,
          status: 200,
          bodyUsed: false,
          headers: { get: () => type },
          body: new Blob(["x"]).stream(),
        },
      ] as unknown as Blob[];
      for (const content of contents) {
        const asked = backend.calls.length;
        await assertRejects(
          () => store.write("x", content),
          InvalidArgumentError,
          "the content's own type is ",
        );
        assertEquals(backend.calls.length, asked);
        const { size } = await store.write("x", content, {
          contentType: "text/x",
          overwrite: true,
        });
        assertEquals(size, 1);
      }
    }
  }
});

Deno.test("SIZE-003: a maxSize that is no number of bytes is refused, and one that is told is looked at first", async () => {
  const { store, backend } = await fixture();
  for (const maxSize of [-1, NaN, "1", null]) {
    await assertRejects(
      () => store.write("x", "x", { maxSize: maxSize as number }),
      InvalidArgumentError,
      "maxSize is",
    );
  }
  const content = new Blob(["too long"]);
  await assertRejects(
    () => store.write("x", content, { maxSize: 7 }),
    ContentTooLargeError,
    'Cannot write "x": it has 8 bytes or more, and maxSize is 7',
  );
  assertEquals(backend.calls, []);
  assertEquals((await store.write("x", "", { maxSize: 0 })).size, 0);
});

Deno.test("SIZE-002: a writer in pieces ends at the byte that is too much", async () => {
  const { store } = await fixture();
  const writer = await store.openAtomic("x", { maxSize: 3 });
  await writer.write("abc");
  writer.write("d").catch(() => {});
  await assertRejects(() => writer.close(), ContentTooLargeError);
  assertEquals(await store.exists("x"), false);
});
