import { assert, assertEquals, assertRejects } from "@std/assert";
import { InvalidArgumentError, Store } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { batchDownload, batchUpload } from "../../../ext/batch.ts";
import { FailingBackend } from "../../fakes/failing_backend.ts";
import { codes, storeWith } from "../batch_fixture.ts";

Deno.test("BATCH-026 content of every kind is uploaded, and what a source throws is that item's error", async () => {
  const store = await storeWith("there");
  const gone = new DOMException("gone", "NotFoundError");
  const broken = new Error("broken");
  const pairs = [
    ["text", "a"],
    [new File(["file"], "x"), "b"],
    [{ getFile: () => Promise.resolve(new File(["handle"], "x")) }, "c"],
    [{ getFile: () => Promise.reject(gone) }, "d"],
    [
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.error(broken),
      }),
      "e",
    ],
    ["text", "there"],
    ["text", ".."],
  ] as const;
  const { succeeded, failed } = await batchUpload(store, pairs);
  assertEquals(succeeded.map(([, path]) => path), ["a", "b", "c"]);
  assertEquals(failed.map(({ item, error }) => [item[1], error.code]), [
    ["d", "RemoteStoreError"],
    ["e", "RemoteStoreError"],
    ["there", "AlreadyExists"],
    ["..", "InvalidPath"],
  ]);
  assertEquals(failed.slice(0, 2).map(({ error }) => error.cause), [
    gone,
    broken,
  ]);
  assertEquals(await store.readText("c"), "handle");
  const again = await batchUpload(store, pairs.slice(0, 2), {
    overwrite: true,
  });
  assert(again.allSucceeded);
});

Deno.test("BATCH-027 files are downloaded, and what a target throws is that item's error", async () => {
  const store = await storeWith("a", "b");
  const chunks: string[] = [];
  const target = () =>
    new WritableStream<Uint8Array>({
      write: (chunk) => void chunks.push(new TextDecoder().decode(chunk)),
    });
  const full = new DOMException("full", "QuotaExceededError");
  const failing = new WritableStream({
    write: () => Promise.reject(full),
  });
  const { succeeded, failed } = await batchDownload(store, [
    ["a", target()],
    ["absent", target()],
    ["b", failing],
  ]);
  assertEquals([succeeded.map(([path]) => path), chunks], [["a"], ["a"]]);
  assertEquals(
    codes(failed.map(({ item, error }) => ({ item: item[0], error }))),
    [["absent", "NotFound"], ["b", "RemoteStoreError"]],
  );
  assertEquals(failed[1]?.error.cause, full);
});

Deno.test("BATCH-026, BATCH-027 an abort ends it with its reason, and what is no pair is refused", async () => {
  const reason = new Error("given up");
  const backend = new FailingBackend();
  await new Store({ backend }).write("x", "x");
  backend.fail("write", { hang: true }, 1);
  const store = new Store({ backend });
  const controller = new AbortController();
  const { signal } = controller;
  const running = batchUpload(store, [["a", "a"], ["b", "b"]], { signal });
  setTimeout(() => controller.abort(reason), 10);
  assertEquals(await assertRejects(() => running, Error), reason);
  const memory = new Store({ backend: new MemoryBackend() });
  for (const pairs of [["ab"], [["a"]], [null]]) {
    await assertRejects(
      () => batchUpload(memory, pairs as never),
      InvalidArgumentError,
      "an item is no pair of source and path",
    );
    await assertRejects(
      () => batchDownload(memory, pairs as never),
      InvalidArgumentError,
      "an item is no pair of path and target",
    );
  }
});
