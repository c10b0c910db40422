import { assertEquals, assertRejects } from "@std/assert";
import { InvalidArgumentError, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import {
  download,
  openResponse,
  transfer,
  upload,
} from "../../ext/transfer.ts";

const memory = () => new Store({ backend: new MemoryBackend() });

async function storeWith(content: string) {
  const store = memory();
  assertEquals((await store.write("a", content)).path, "a");
  return store;
}

const SILENT = () => new Promise<never>(() => {});

Deno.test("LATE-002: a download ends by its signal, whatever the other side does", async () => {
  const store = await storeWith("Hello");
  const hanging: Record<string, Parameters<typeof download>[2]> = {
    "a sink": new WritableStream({ write: SILENT }),
    "a sink whose abort hangs": new WritableStream({
      write: SILENT,
      abort: SILENT,
    }),
    "a sink that does not start": new WritableStream({ start: SILENT }),
    "a handle's file": { getFile: SILENT, createWritable: SILENT },
    "a handle's stream": {
      getFile: () => Promise.resolve(new Blob([])),
      createWritable: SILENT,
    },
  };
  for (const [what, target] of Object.entries(hanging)) {
    const controller = new AbortController();
    const { signal } = controller;
    const loading = download(store, "a", target, { signal });
    await new Promise((resolve) => setTimeout(resolve, 0));
    controller.abort(what);
    assertEquals(await loading.catch((reason) => reason), what);
  }
});

Deno.test("LATE-002: a stream that a handle opens too late is aborted, and its file stays", async () => {
  let aborted: unknown = null;
  const { promise, resolve } = Promise.withResolvers<void>();
  const late = {
    getFile: () => Promise.resolve(new Blob(["old"])),
    createWritable: async () => {
      await promise;
      return new WritableStream({
        abort: (reason) => void (aborted = reason),
      });
    },
  };
  const controller = new AbortController();
  const { signal } = controller;
  const loading = download(await storeWith("new"), "a", late, {
    overwrite: true,
    signal,
  });
  await new Promise((resolve) => setTimeout(resolve, 0));
  controller.abort("enough");
  assertEquals(await loading.catch((reason) => reason), "enough");
  resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(aborted, "enough");
});

Deno.test("LATE-003: an upload and a transfer end by their signal, whatever the other side does", async () => {
  const store = memory();
  const stuck = new ReadableStream<Uint8Array>({
    pull: SILENT,
    cancel: SILENT,
  });
  const there = {
    open: () =>
      Promise.resolve({ info: { extra: {}, size: 1 }, body: stuck } as never),
  };
  const calls = [
    (signal: AbortSignal) =>
      upload(store, { getFile: SILENT }, "a", { signal }),
    (signal: AbortSignal) =>
      upload(
        store,
        new ReadableStream<Uint8Array>({ pull: SILENT, cancel: SILENT }),
        "a",
        { signal },
      ),
    (signal: AbortSignal) => transfer(there, "x", store, "a", { signal }),
  ];
  for (const call of calls) {
    const controller = new AbortController();
    const running = call(controller.signal);
    await new Promise((resolve) => setTimeout(resolve, 0));
    controller.abort("enough");
    assertEquals(await running.catch((reason) => reason), "enough");
  }
  assertEquals(await store.exists("a"), false);
});

Deno.test("OPT-001: each function refuses what it does not know, before anything is asked", async () => {
  const unread = { open: () => Promise.reject(new Error("asked")) };
  const wrong = { overwite: true } as never;
  for (
    const call of [
      () => upload(memory(), { getFile: () => SILENT() }, "a", wrong),
      () => download(unread, "a", new WritableStream(), wrong),
      () => openResponse(unread, "a", { range: { offset: 1 } } as never),
      () => transfer(unread, "a", memory(), "b", wrong),
      () => transfer(unread, "a", memory(), "b", { contentType: "x" } as never),
    ]
  ) await assertRejects(call, InvalidArgumentError, "there is no option");
});
