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

Deno.test("SAW a chunk is bytes or text", async () => {
  const { store } = await fixture();
  await using writer = await store.openAtomic("x");
  for (
    const chunk of [
      5,
      null,
      new Blob(["x"]),
      new Blob(["x"]).stream(),
      {},
      "\ud800",
    ]
  ) {
    await assertRejects(
      () => writer.write(chunk as never),
      InvalidArgumentError,
    );
  }
  await writer.write("");
  assertEquals((await writer.close()).size, 0);
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
