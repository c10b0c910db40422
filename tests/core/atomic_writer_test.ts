import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  AlreadyExistsError,
  type AtomicWriter,
  InvalidArgumentError,
  InvalidPathError,
  PermissionDeniedError,
  RemoteStoreError,
  type Store,
} from "../../mod.ts";
import { fixture, NAMESPACES } from "./every_method.ts";

const OLD = "0123456789";

async function assertUntouched(
  store: Store,
  writer: AtomicWriter,
): Promise<void> {
  assertEquals(writer.result, null);
  assertEquals(await store.readText("data/a.txt"), OLD);
}

function open(store: Store): Promise<AtomicWriter> {
  return store.openAtomic("data/a.txt", { overwrite: true });
}

for (const namespace of NAMESPACES) {
  Deno.test(`SAW-001 close commits everything at once on a ${namespace} backend`, async () => {
    const { store } = await fixture({ namespace });
    await using writer = await store.openAtomic("x", {
      metadata: { k: "v" },
      contentType: "text/x",
    });
    await writer.write("héllo ");
    await writer.write(new Uint8Array([119]));
    assertEquals([writer.position, writer.result], [8, null]);
    assertEquals(await store.exists("x"), false);
    const result = await writer.close();
    assertEquals([result.size, result.metadata, result.path], [
      8,
      { k: "v" },
      "x",
    ]);
    assertStrictEquals(writer.result, result);
    assertStrictEquals(await writer.close(), result);
    assertEquals(await store.readText("x"), "héllo w");
    assertEquals((await store.getFileInfo("x")).contentType, "text/x");
  });

  Deno.test(`SAW-004 an exception in the block discards on a ${namespace} backend`, async () => {
    const { store } = await fixture({ namespace });
    const mine = new Error("mine");
    let writer: AtomicWriter | undefined;
    const block = async () => {
      await using opened = await open(store);
      writer = opened;
      await opened.write("new");
      throw mine;
    };
    assertStrictEquals(await block().catch((error) => error), mine);
    assert(writer);
    await assertUntouched(store, writer);
    await assertRejects(
      () => (writer as AtomicWriter).write("more"),
      InvalidArgumentError,
      "the writer is closed",
    );
  });

  Deno.test(`SAW-004 leaving without close and aborting discard on a ${namespace} backend`, async () => {
    for (const written of [0, 1, 3]) {
      for (const end of ["dispose", "abort", "stream"] as const) {
        const { store } = await fixture({ namespace });
        const writer = await open(store);
        for (let i = 0; i < written; i++) await writer.write("new");
        if (end === "dispose") await writer[Symbol.asyncDispose]();
        else if (end === "abort") await writer.abort("enough");
        else await writer.writable.abort("enough");
        await assertUntouched(store, writer);
        await writer.abort("again");
        await writer[Symbol.asyncDispose]();
      }
    }
  });

  Deno.test(`SAW-005 a failing backend discards, in words of ours, on a ${namespace} backend`, async () => {
    for (
      const [point, nth] of [["write", 1], ["source", 1], ["source", 2], [
        "commit",
        1,
      ]] as const
    ) {
      const { store, backend } = await fixture({ namespace });
      backend.fail(point, { reject: new PermissionDeniedError() }, nth);
      const writer = await open(store);
      const use = async () => {
        for (let i = 0; i < 4; i++) await writer.write("new");
        await writer.close();
      };
      const error = await assertRejects(
        use,
        PermissionDeniedError,
        'Cannot write "data/a.txt": access is denied',
      );
      assertEquals([error.path, error.backend], ["data/a.txt", "failing"]);
      await assertRejects(() => writer.close(), PermissionDeniedError);
      await assertUntouched(store, writer);
      await writer[Symbol.asyncDispose]();
    }
  });
}

Deno.test("SAW-004 a backend that fails while nobody looks is told at the next step", async () => {
  const { store, backend } = await fixture();
  backend.fail("write", { reject: new TypeError("reset") });
  const writer = await open(store);
  // Long enough for a rejection that nobody has taken to be reported.
  await new Promise((resolve) => setTimeout(resolve, 1));
  await assertRejects(() => writer.close(), RemoteStoreError, "reset");
});

Deno.test("SAW-004 a writer that is dropped leaves nothing unhandled", async () => {
  const { store, backend } = await fixture();
  backend.fail("write", { reject: new TypeError("reset") });
  await store.openAtomic("dropped");
  await new Promise((resolve) => setTimeout(resolve, 1));
  assertEquals(await store.exists("dropped"), false);
});

Deno.test("SAW-006 conflicts are told at the opening", async () => {
  for (const namespace of NAMESPACES) {
    const { store, backend } = await fixture({ namespace });
    await assertRejects(
      () => store.openAtomic("data/a.txt"),
      AlreadyExistsError,
    );
    assertEquals(backend.calls.includes("write"), false);
  }
  const { store } = await fixture();
  for (const overwrite of [true, false]) {
    await assertRejects(
      () => store.openAtomic("data", { overwrite }),
      InvalidPathError,
    );
    await assertRejects(
      () => store.openAtomic("data/a.txt/x", { overwrite }),
      InvalidPathError,
    );
  }
});

Deno.test("SAW an abort by the signal discards with the reason", async () => {
  for (const reason of ["stop", null]) {
    const { store } = await fixture();
    const controller = new AbortController();
    const { signal } = controller;
    const writer = await store.openAtomic("data/a.txt", {
      overwrite: true,
      signal,
    });
    await writer.write("new");
    controller.abort(reason);
    for (const use of [() => writer.write("more"), () => writer.close()]) {
      assertEquals(await use().then(() => "resolved", (error) => [error]), [
        reason,
      ]);
    }
    await writer[Symbol.asyncDispose]();
    await assertUntouched(store, writer);
  }
});

Deno.test("SAW discarding ends a request that hangs", async () => {
  for (const point of ["write", "source", "commit"] as const) {
    const { store, backend } = await fixture();
    backend.fail(point, { hang: true });
    const writer = await open(store);
    const pending = writer.write("new");
    pending.catch(() => {});
    if (point === "commit") {
      await pending;
      writer.close().catch(() => {});
      continue;
    }
    await writer.abort("enough");
    await assertUntouched(store, writer);
  }
});

Deno.test("SAW the stream commits when it is closed", async () => {
  const { store } = await fixture();
  const writer = await store.openAtomic("x");
  await ReadableStream.from(["a", "b", new Uint8Array([99])]).pipeTo(
    writer.writable,
  );
  assertEquals(writer.result?.size, 3);
  assertEquals(await store.readText("x"), "abc");
});

Deno.test("SAW a pipe whose source fails discards, and tells the source's error", async () => {
  const { store } = await fixture();
  const mine = new Error("mine");
  const writer = await open(store);
  const source = new ReadableStream({
    pull: (controller) => controller.error(mine),
  });
  assertStrictEquals(
    await source.pipeTo(writer.writable).catch((error) => error),
    mine,
  );
  await assertUntouched(store, writer);
});

Deno.test("SAW chunks are taken as they are at the call", async () => {
  const { store } = await fixture();
  const writer = await store.openAtomic("x");
  const buffer = new Uint8Array([1, 2]);
  const run = writer.write(buffer);
  buffer.fill(9);
  await run;
  await writer.close();
  assertEquals([...await store.readBytes("x")], [1, 2]);
});

const NO_CHUNKS: readonly (() => unknown)[] = [
  () => 5,
  () => null,
  () => new Blob(["x"]),
  () => new Blob(["x"]).stream(),
  () => ({}),
  () => "\ud800",
];

Deno.test("QUEUE-002: a chunk is bytes or text, and what is refused is never left out in silence", async () => {
  for (const make of NO_CHUNKS) {
    const { store } = await fixture();
    const writer = await open(store);
    await writer.write("one");
    const refused = await assertRejects(
      () => writer.write(make() as never),
      InvalidArgumentError,
    );
    for (const use of [() => writer.write("two"), () => writer.close()]) {
      assertStrictEquals(await use().catch((error) => error), refused);
    }
    await assertUntouched(store, writer);
    await writer[Symbol.asyncDispose]();
  }
});

Deno.test("SAW an empty chunk is one", async () => {
  const { store } = await fixture();
  await using writer = await store.openAtomic("x");
  await writer.write("");
  assertEquals((await writer.close()).size, 0);
});

for (const namespace of NAMESPACES) {
  Deno.test(`QUEUE-001: writes that nobody waits for are all there, in their order, on a ${namespace} backend`, async () => {
    const { store } = await fixture({ namespace });
    const writer = await open(store);
    const writes = Array.from({ length: 200 }, (_, i) => writer.write(`${i},`));
    const { size } = await writer.close();
    await Promise.all(writes);
    const text = Array.from({ length: 200 }, (_, i) => `${i},`).join("");
    assertEquals(await store.readText("data/a.txt"), text);
    assertEquals([size, writer.position], [text.length, text.length]);
  });
}

Deno.test("QUEUE-001: what comes behind close() is refused, and changes nothing", async () => {
  const { store } = await fixture();
  const writer = await open(store);
  writer.write("one");
  const closing = writer.close();
  const late = writer.write("two");
  assertEquals((await closing).size, 3);
  await assertRejects(() => late, InvalidArgumentError, "the writer is closed");
  assertEquals(await store.readText("data/a.txt"), "one");
});

Deno.test("QUEUE-002: close() rejects with what a write before it failed with", async () => {
  const { store, backend } = await fixture();
  backend.fail("source", { reject: new PermissionDeniedError() }, 2);
  const writer = await open(store);
  for (let i = 0; i < 5; i++) writer.write("new");
  await assertRejects(() => writer.close(), PermissionDeniedError);
  await assertUntouched(store, writer);
});

Deno.test("QUEUE-003: an abort takes the waiting writes with it", async () => {
  const { store } = await fixture();
  const writer = await open(store);
  const writes = [writer.write("one"), writer.write("two")];
  await writer.abort("enough");
  const outcomes = await Promise.allSettled(writes);
  assertEquals(outcomes.at(-1), { status: "rejected", reason: "enough" });
  await assertUntouched(store, writer);
});

Deno.test("QUEUE-003: leaving the block waits for a commit that nobody waits for", async () => {
  const { store } = await fixture();
  {
    await using writer = await open(store);
    writer.write("one");
    writer.close();
  }
  assertEquals(await store.readText("data/a.txt"), "one");
});

Deno.test("SAW of two writers that create one file, one wins", async () => {
  const { store } = await fixture();
  const [one, two] = [await store.openAtomic("x"), await store.openAtomic("x")];
  await one.write("1");
  await two.write("2");
  await one.close();
  await assertRejects(() => two.close(), AlreadyExistsError);
  assertEquals([two.result, await store.readText("x")], [null, "1"]);
});
