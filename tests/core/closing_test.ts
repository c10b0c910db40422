// Kernel proof: a terminal close outranks every other answer and ends what is in
// flight; one that is not terminal changes nothing.
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  BackendUnavailableError,
  isRemoteStoreError,
  Store,
} from "../../mod.ts";
import { Mount } from "../../core/mount.ts";
import type { Point } from "../fakes/failing_backend.ts";
import {
  chunks,
  fixture,
  METHODS,
  methodsOf,
  NAMESPACES,
} from "./every_method.ts";

const TERMINAL = { closeIsTerminal: true };
const ROOTS = ["", ".", "/", "./", ".//", "./."];

/** Rejects as a closed backend does, at the call or at the first pull. */
async function assertClosed(call: () => unknown, what: string): Promise<void> {
  try {
    const result = call();
    if (result instanceof Promise) await result;
    else await Array.fromAsync(result as AsyncIterable<unknown>);
  } catch (error) {
    assert(isRemoteStoreError(error), `${what}: ${error}`);
    assertEquals(error.code, "BackendUnavailable", what);
    assertEquals(error.backend, "failing", what);
    return;
  }
  throw new Error(`${what} did not reject`);
}

Deno.test("BE-020 after a terminal close every method is unavailable, before any check", async () => {
  const { store, backend } = await fixture(TERMINAL);
  const child = store.child("data");
  await store.close();
  backend.reset();
  for (const method of METHODS) {
    for (const closed of [store, child, new Store({ backend })]) {
      await assertClosed(() => method.run(closed), method.name);
      const signal = AbortSignal.abort("later");
      await assertClosed(() => method.run(closed, { signal }), method.name);
    }
  }
  for (const path of [...ROOTS, "..", "a\0b"]) {
    const calls = {
      read: () => store.read(path),
      write: () => store.write(path, "x", { metadata: { "": "" } }),
      writeText: () => store.writeText(path, 5 as never),
      openAtomic: () => store.openAtomic(path),
      move: () => store.move("a", path),
      copy: () => store.copy(path, "a"),
      delete: () => store.delete(path),
      deleteFolder: () => store.deleteFolder(path),
      exists: () => store.exists(path),
      isFolder: () => store.isFolder(path),
      getFolderInfo: () => store.getFolderInfo(path, { maxDepth: -1 }),
      listFiles: () => store.listFiles(path, { maxDepth: -1 }),
      listFolders: () => store.listFolders(path, { maxDepth: -1 }),
      iterChildren: () => store.iterChildren(path),
      glob: () => store.glob(path),
    };
    for (const [name, call] of Object.entries(calls)) {
      await assertClosed(call, `${name}(${JSON.stringify(path)})`);
    }
  }
  assertEquals(backend.calls, []);
});

Deno.test("BE-020 the message says that the backend is closed", async () => {
  const { store } = await fixture(TERMINAL);
  await store.close();
  const error = await assertRejects(
    () => store.write("a.txt", "x"),
    BackendUnavailableError,
    'Cannot write "a.txt": the backend is closed',
  );
  assertEquals(error.path, "a.txt");
  await assertRejects(
    () => store.ping(),
    BackendUnavailableError,
    "Cannot ping: the backend is closed",
  );
});

Deno.test("BE-020 what asks nobody still answers after a terminal close", async () => {
  const { store } = await fixture({ ...TERMINAL, namespace: "flat" });
  const child = store.child("data");
  await store.close();
  assertEquals(store.nativePath("a/b"), "bucket/a/b");
  assertEquals(store.toKey("bucket/a/b"), "a/b");
  assertEquals(store.resolve("a//b").nativePath, "bucket/a/b");
  assertEquals(child.nativePath("b"), "bucket/data/b");
  assertEquals(store.supports("read"), true);
  assertEquals(store.equals(store), true);
  assertThrows(
    () => child.toKey("bucket/database/x"),
    Error,
    "outside of the store",
  );
});

Deno.test("BE-020 close may be called again and closes the backend each time", async () => {
  const { store, backend } = await fixture(TERMINAL);
  await store.close();
  await store.close();
  await store[Symbol.asyncDispose]();
  assertEquals(backend.calls, ["close", "close", "close"]);
});

Deno.test("BE-020 after a reusable close everything goes on", async () => {
  const { store } = await fixture();
  await store.close();
  assertEquals(await store.readText("data/a.txt"), "0123456789");
});

Deno.test("CHILD-007 closing a child closes nothing", async () => {
  const { store, backend } = await fixture(TERMINAL);
  await using child = store.child("data");
  await child.close();
  await child.child("sub").close();
  assertEquals(backend.calls, []);
  assertEquals(await child.exists("a.txt"), true);
});

for (const namespace of NAMESPACES) {
  Deno.test(`BE-020 a terminal close ends every call in flight on a ${namespace} backend`, async () => {
    for (const method of methodsOf(namespace)) {
      const clean = await fixture({ namespace });
      await method.run(clean.store);
      const counts = new Map<Point, number>();
      for (const point of clean.backend.calls) {
        const nth = (counts.get(point) ?? 0) + 1;
        counts.set(point, nth);
        const where = `${method.name} at ${point} ${nth}`;
        for (const signal of [undefined, new AbortController().signal]) {
          const { store, backend } = await fixture({ ...TERMINAL, namespace });
          backend.fail(point, { hang: true }, nth);
          const run = method.run(store, { signal });
          run.catch(() => {});
          while (backend.calls.filter((p) => p === point).length < nth) {
            await new Promise((resolve) => setTimeout(resolve, 0));
          }
          await store.close();
          await assertClosed(() => run, where);
          assertEquals(backend.late, [], where);
          for (const body of backend.bodies) {
            assert(body.state !== "open", where);
          }
        }
      }
    }
  });
}

for (const atHand of [false, true]) {
  Deno.test(`BE-020 a terminal close ends a body handed out, ${atHand ? "bytes" : "stream"}`, async () => {
    const { store, backend } = await fixture({ ...TERMINAL, atHand });
    await store.write("large", new Uint8Array(600_000));
    const reader = (await store.read("large")).getReader();
    await reader.read();
    await store.close();
    const error = await assertRejects(
      () => reader.read(),
      BackendUnavailableError,
      'Cannot read "large": the backend is closed',
    );
    assertEquals([error.path, error.backend], ["large", "failing"]);
    for (const body of backend.bodies) assert(body.state !== "open");
  });
}

for (const namespace of NAMESPACES) {
  Deno.test(`BE-020 a call that has ended, well or badly, is held by nothing on a ${namespace} backend`, async () => {
    for (const method of methodsOf(namespace)) {
      const clean = await fixture({ namespace });
      await method.run(clean.store);
      for (const point of [null, ...new Set(clean.backend.calls)]) {
        const { store, backend } = await fixture({ ...TERMINAL, namespace });
        if (point !== null) {
          backend.fail(point, { reject: new Error("broken") });
        }
        const { signal } = new AbortController();
        await method.run(store, { signal }).catch(() => {});
        const { calls } = new Mount(backend, "", false).lifecycle;
        assertEquals(calls?.size, 0, `${method.name}, ${point} fails`);
      }
    }
  });
}

Deno.test("BE-020 bodies and listings that are left early are held by nothing", async () => {
  for (const atHand of [false, true]) {
    const { store, backend } = await fixture({ ...TERMINAL, atHand });
    const { calls } = new Mount(backend, "", false).lifecycle;
    const body = await store.read("data/a.txt");
    const range = { offset: 1, length: 2 };
    const part = (await store.read("data/a.txt", { range })).getReader();
    await part.read();
    assert(calls!.size > 0, "nothing ends what is in flight");
    await body.cancel();
    await part.cancel();
    for await (const _ of store.listFiles("data")) break;
    assertEquals(calls?.size, 0);
  }
});

Deno.test("BE-020 a body that is aborted while nobody reads it is held by nothing", async () => {
  for (const atHand of [false, true]) {
    const { store, backend } = await fixture({ ...TERMINAL, atHand });
    const { calls } = new Mount(backend, "", false).lifecycle;
    const stop = new AbortController();
    const { signal } = stop;
    const body = await store.read("data/a.txt", { signal });
    stop.abort(new Error("enough"));
    assertEquals(calls?.size, 0);
    await assertRejects(() => new Response(body).text(), Error, "enough");
  }
});

Deno.test("BE-020 a call that nobody else may end holds up no close, and ends at its next step", async () => {
  const { store, backend } = await fixture(TERMINAL);
  const mount = new Mount(backend, "", false);
  // As in Workers, where it is another request's.
  const foreign = new AbortController();
  foreign.abort = () => {
    throw new Error("of another request");
  };
  mount.lifecycle.calls!.add(foreign);
  const body = (await store.read("data/a.txt")).getReader();
  await store.close();
  await assertClosed(() => body.read(), "a call of this request");
  assertThrows(() => mount.reach(foreign.signal), BackendUnavailableError);
});

Deno.test("BE-020 a listing begun before a terminal close asks nothing after it", async () => {
  const { store, backend } = await fixture(TERMINAL);
  const untouched = store.listFiles("data", { recursive: true });
  const begun = store.listFiles("data", { recursive: true })
    [Symbol.asyncIterator]();
  // The first page of the fixture holds the file itself.
  await begun.next();
  await store.close();
  backend.reset();
  await assertClosed(() => begun.next(), "a later page");
  await assertClosed(() => untouched, "the first page");
  assertEquals(backend.calls, []);
});

Deno.test("BE-020 a lazy blob and an atomic writer end with the close too", async () => {
  const { store } = await fixture(TERMINAL);
  const blob = await store.openBlob("data/a.txt");
  const writer = await store.openAtomic("x");
  await writer.write("abc");
  await store.close();
  await assertClosed(() => blob.text(), "blob.text");
  await assertClosed(() => blob.stream().getReader().read(), "blob.stream");
  await assertClosed(() => writer.close(), "writer.close");
  assertEquals(writer.result, null);
  await writer[Symbol.asyncDispose]();
});

Deno.test("BE-020 a terminal close cancels the source of a write", async () => {
  const { store, backend } = await fixture(TERMINAL);
  let cancelled = false;
  const source = new ReadableStream<Uint8Array>({
    pull: () => new Promise(() => {}),
    cancel() {
      cancelled = true;
    },
  });
  const run = store.write("x", source);
  run.catch(() => {});
  while (!source.locked) await new Promise((resolve) => setTimeout(resolve, 0));
  await store.close();
  await assertClosed(() => run, "write");
  assertEquals([cancelled, backend.calls.includes("commit")], [true, false]);
  await assertClosed(() => store.write("y", chunks()), "write after close");
});
