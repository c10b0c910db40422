import { assert, assertEquals, assertRejects } from "@std/assert";
import { MemoryBackend } from "../../backends/memory.ts";
import { BackendUnavailableError, Store, type StoreLike } from "../../mod.ts";
import { Mount } from "../../core/mount.ts";
import { FailingBackend } from "../fakes/failing_backend.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { collect, LongLived, Watch } from "./collecting.ts";

const TERMINAL = { namespace: "flat", closeIsTerminal: true } as const;

async function three(): Promise<{
  backend: FailingBackend;
  store: Store;
  inFlight: () => number;
}> {
  const backend = new FailingBackend(TERMINAL);
  const store = new Store({ backend });
  for (const path of ["a", "b", "c"]) await store.write(path, path);
  backend.reset();
  const { calls } = new Mount(backend, "", false).lifecycle;
  return { backend, store, inFlight: () => calls!.size };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

function iterator<T>(listing: AsyncIterable<T>): AsyncIterator<T> {
  return listing[Symbol.asyncIterator]();
}

Deno.test("LEASE-001 a listing holds what ends it while a request is in flight, and else nothing", async () => {
  const { backend, store, inFlight } = await three();
  const long = new LongLived();
  const held = () => [inFlight(), long.listeners];
  const listing = iterator(store.listFiles("", { signal: long.signal }));
  assertEquals(held(), [0, 0], "before the first pull");
  await listing.next();
  assertEquals(held(), [0, 0], "with a page at hand");
  backend.fail("list", { hang: true }, 2);
  await listing.next();
  await settle();
  assertEquals(held(), [1, 1], "while a page is asked for ahead");
  await listing.return?.();
  assertEquals(held(), [0, 0], "left");
  assertEquals(
    await Array.fromAsync(store.listFiles("")).then((f) => f.length),
    3,
  );
  assertEquals(held(), [0, 0], "at its end");
  backend.fail("list", { reject: new Error("down") });
  await assertRejects(() => Array.fromAsync(store.listFiles("")));
  assertEquals(held(), [0, 0], "failed");
});

Deno.test("LEASE-001 an abort and a close between two requests end a listing at the next one", async () => {
  const { store, backend } = await three();
  const long = new LongLived();
  const aborted = iterator(store.listFiles("", { signal: long.signal }));
  await aborted.next();
  long.controller.abort("enough");
  const reason = await aborted.next().then(() => null, (error) => error);
  assertEquals(reason, "enough");
  assertEquals(backend.late, []);
  const closed = iterator(store.listFiles(""));
  await closed.next();
  await store.close();
  await assertRejects(() => closed.next(), BackendUnavailableError);
  assertEquals((await closed.next()).done, true);
});

Deno.test("LEASE-006 an abort ends a listing with its reason, whatever is at hand", async () => {
  for (const namespace of ["hierarchical", "flat"] as const) {
    const store = new Store({ backend: new MemoryBackend({ namespace }) });
    for (let i = 0; i < 1100; i++) await store.write(`d/${i}`, "");
    for (const last of [1, 999, 1000, 1001, 1100]) {
      for (const method of ["listFiles", "iterChildren"] as const) {
        const controller = new AbortController();
        const { signal } = controller;
        const listing = iterator<unknown>(store[method]("d", { signal }));
        for (let i = 0; i < last; i++) await listing.next();
        controller.abort("enough");
        const reason = await listing.next().then(() => null, (error) => error);
        assertEquals(reason, "enough", `${namespace} ${method} ${last}`);
        assertEquals((await listing.next()).done, true);
      }
    }
    const controller = new AbortController();
    const { signal } = controller;
    const ended = iterator(store.listFiles("none", { signal }));
    assertEquals((await ended.next()).done, true);
    controller.abort("late");
    assertEquals((await ended.next()).done, true, "its end was told before");
  }
});

Deno.test("LEASE-006 a close for good ends a listing, whatever is at hand", async () => {
  for (const at of [1, 2, 3]) {
    const backend = new FlatBackend({ pageEntries: 3 });
    const store = new Store({ backend });
    for (const path of ["a", "b", "c"]) await store.write(path, "");
    const listing = iterator(store.listFiles(""));
    for (let i = 0; i < at; i++) await listing.next();
    await store.close();
    const error = await assertRejects(
      () => listing.next(),
      BackendUnavailableError,
    );
    assertEquals(error.message, 'Cannot list ".": the backend is closed');
    assertEquals((await listing.next()).done, true);
  }
});

/** The backends and what a dropped listing or stream could be pinned by on each. */
const BACKENDS = {
  flat: () => new FlatBackend({ pageEntries: 2 }),
  "flat that opens again": () =>
    new FlatBackend({ pageEntries: 2, closeIsTerminal: false }),
  memory: () => new MemoryBackend(),
};

for (const [title, create] of Object.entries(BACKENDS)) {
  Deno.test(`LEASE-002 dropped listings can be collected, on ${title}`, async () => {
    const backend = create();
    const store = new Store({ backend });
    for (const path of ["d/a", "d/b", "d/c"]) await store.write(path, path);
    const long = new LongLived();
    const watch = new Watch();
    await drop(store, long, watch);
    const left = await collect(watch);
    assert(left <= 3, `${left} of 600 are left`);
    assertEquals(long.listeners, 0);
  });

  Deno.test(`LEASE-003 dropped streams can be collected, on ${title}`, async () => {
    const backend = create();
    const store = new Store({ backend });
    await store.write("a", "content");
    const long = new LongLived();
    const watch = new Watch();
    for (let i = 0; i < 150; i++) {
      watch.add(await store.read("a", { signal: long.signal }));
      const range = { offset: 1, length: 2 };
      const { body } = await store.open("a", { signal: long.signal, range });
      watch.add(body!);
    }
    const left = await collect(watch);
    assert(left <= 3, `${left} of 300 are left`);
    await settle();
    assert(long.listeners <= 3, `${long.listeners} listen`);
    const calls = new Mount(backend, "", false).lifecycle.calls?.size ?? 0;
    assert(calls <= 3, `${calls} are known`);
  });

  Deno.test(`LEASE-003 a stream that is held hears its signal and the close, on ${title}`, async () => {
    const backend = create();
    const store = new Store({ backend });
    await store.write("a", "content");
    const long = new LongLived();
    const held = await store.read("a", { signal: long.signal });
    const watch = new Watch();
    for (let i = 0; i < 100; i++) {
      watch.add(await store.read("a", { signal: long.signal }));
    }
    await collect(watch);
    long.controller.abort("enough");
    const reason = await held.getReader().read().catch((error) => error);
    assertEquals(reason, "enough");
    const other = await store.read("a");
    await collect(watch);
    await store.close();
    const read = other.getReader().read();
    if (backend.closeIsTerminal) {
      await assertRejects(() => read, BackendUnavailableError);
    } else assertEquals((await read).value?.byteLength, 7);
  });

  Deno.test(`LEASE-004 calls leave no listener at their signal, on ${title}`, async () => {
    const backend = create();
    const store = new Store({ backend });
    await store.write("d/a", "content");
    const long = new LongLived();
    const { signal } = long;
    const given = { signal };
    for (let i = 0; i < 100; i++) {
      await store.exists("d/a", given);
      await store.isFolder("d", given);
      await store.readBytes("d/a", given);
      await (await store.read("d/a", given)).cancel();
      await new Response(await store.read("d/a", given) as BodyInit).text();
      await store.write("d/b", "x", { overwrite: true, signal });
      await store.getFolderInfo("d", given);
      await Array.fromAsync(store.listFiles("d", given));
      await store.copy("d/b", "d/c", { overwrite: true, signal });
      await store.delete("d/b", given);
    }
    assertEquals(long.listeners, 0);
    const calls = new Mount(backend, "", false).lifecycle.calls?.size ?? 0;
    assertEquals(calls, 0);
  });
}

async function drop(
  store: StoreLike,
  { signal }: LongLived,
  watch: Watch,
): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const listings = [
      iterator(store.listFiles("d", { signal })),
      iterator(store.iterChildren("d", { signal })),
      iterator(store.listFolders("", { signal, maxDepth: 2 })),
    ];
    for (const [at, listing] of listings.entries()) {
      watch.add(listing);
      // Some never begin, most end in the middle.
      if ((i + at) % 3 > 0) await listing.next();
    }
  }
}

Deno.test("LEASE-005 the items of a page at hand come without a wait for the one before", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  for (let i = 0; i < 1000; i++) await store.write(`d/${i}`, "");
  const listing = iterator(store.listFiles("d"));
  await listing.next();
  const order: string[] = [];
  // One tick each, as for a promise that is settled already.
  const ticks = (async () => {
    for (let i = 0; i < 5; i++) {
      await null;
      order.push(`tick ${i}`);
    }
  })();
  for (let i = 0; i < 5; i++) {
    await listing.next();
    order.push(`item ${i}`);
  }
  await ticks;
  assertEquals(
    order,
    Array.from({ length: 5 }, (_, i) => [`tick ${i}`, `item ${i}`]).flat(),
  );
});

Deno.test("LEASE-005 items asked for all at once come in their order, and the end with them", async () => {
  for (const backend of [new FlatBackend(), new MemoryBackend()]) {
    const store = new Store({ backend });
    const names = Array.from({ length: 10 }, (_, i) => `d/${i}`);
    for (const name of names) await store.write(name, "");
    const listing = iterator(store.listFiles("d"));
    const asked = await Promise.all(
      Array.from({ length: 13 }, () => listing.next()),
    );
    assertEquals(asked.map(({ value }) => value?.path), [
      ...names,
      undefined,
      undefined,
      undefined,
    ]);
    assertEquals((await listing.next()).done, true);
  }
});
