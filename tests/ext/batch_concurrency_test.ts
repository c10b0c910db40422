import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  BackendUnavailableError,
  CapabilityNotSupportedError,
  CapabilitySet,
  InvalidArgumentError,
  NotFoundError,
  Store,
} from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { batchCopy, batchDelete, batchExists } from "../../ext/batch.ts";
import { codes, recorder, storeWith } from "./batch_fixture.ts";

Deno.test("BATCH-014, BATCH-015 existence comes in the order of the input, integer-like paths too", async () => {
  const store = await storeWith("10", "x/y");
  const found = await batchExists(store, ["z", "10", "2", "x"]);
  assertEquals([...found], [
    ["z", false],
    ["10", true],
    ["2", false],
    ["x", true],
  ]);
});

Deno.test("BATCH-016 batchExists throws the first error, once the others have settled", async () => {
  const store = recorder((path) => {
    if (path === "bad") throw new BackendUnavailableError("down");
  });
  const paths = ["a", "bad", ..."bcdefghijklmnopqrstuvwxyz"];
  await assertRejects(() => batchExists(store, paths), BackendUnavailableError);
  assert(store.calls.length < 10, `${store.calls.length} requests`);
});

Deno.test("BATCH-018 a few methods are all that a batch needs", async () => {
  const store = await storeWith("x/a", "x/b");
  const { allSucceeded } = await batchDelete(store.child("x"), ["a", "b"]);
  assert(allSucceeded);
  assertEquals((await batchDelete(recorder(), ["a"])).succeeded, ["a"]);
});

Deno.test("BATCH-019 a missing capability is thrown, never collected", async () => {
  const backend = new MemoryBackend();
  Object.assign(backend, { capabilities: new CapabilitySet(["read"]) });
  const store = new Store({ backend });
  for (const stopOnError of [false, true]) {
    await assertRejects(
      () => batchDelete(store, ["a"], { stopOnError }),
      CapabilityNotSupportedError,
    );
    await assertRejects(
      () => batchCopy(store, [["a", "b"]], { stopOnError }),
      CapabilityNotSupportedError,
    );
  }
});

Deno.test("BATCH-020, BATCH-021 as many calls are under way as concurrency says, six by default", async () => {
  const paths = Array.from({ length: 40 }, (_, i) => `${i}`);
  for (
    const [concurrency, most] of [[undefined, 6], [1, 1], [3, 3], [99, 40]]
  ) {
    const store = recorder();
    const found = await batchExists(store, paths, { concurrency });
    assertEquals([store.most, found.size], [most, 40]);
  }
});

Deno.test("BATCH-021 a concurrency that is no count is refused before anything is asked", async () => {
  for (const concurrency of [0, -1, 1.5, NaN, Infinity, "2"]) {
    const store = recorder();
    await assertRejects(
      () => batchDelete(store, ["a"], { concurrency: concurrency as number }),
      InvalidArgumentError,
    );
    assertEquals(store.calls, []);
  }
});

Deno.test("BATCH-021 a concurrency beyond the items costs nothing", async () => {
  const store = recorder();
  const concurrency = Number.MAX_SAFE_INTEGER;
  const found = await batchExists(store, ["a", "b", "c"], { concurrency });
  assertEquals([store.most, [...found.keys()]], [3, ["a", "b", "c"]]);
});

Deno.test("BATCH-022 stopOnError excludes a concurrency above 1", async () => {
  const options = { stopOnError: true, concurrency: 2 };
  await assertRejects(
    () => batchDelete(recorder(), ["a"], options),
    InvalidArgumentError,
  );
  await assertRejects(
    () => batchCopy(recorder(), [["a", "b"]], options),
    InvalidArgumentError,
  );
});

Deno.test("BATCH-023 results keep the order of the input, whichever call ends first", async () => {
  const store = {
    deleteMany: () => Promise.reject(new Error("not asked for")),
    delete: (path: string) =>
      new Promise<void>((resolve) => setTimeout(resolve, 9 - Number(path))),
  };
  const paths = ["1", "2", "3", "4", "5"];
  const result = await batchDelete(store, paths, { concurrency: 5 });
  assertEquals(result.succeeded, paths);
});

Deno.test("BATCH-024 an error that is not of the store is thrown, the others are aborted and awaited", async () => {
  let running = 0;
  const store = {
    deleteMany: () => Promise.reject(new Error("not asked for")),
    async delete(path: string, { signal }: { signal?: AbortSignal } = {}) {
      running++;
      try {
        if (path === "0") throw new TypeError("a bug");
        await new Promise((_, reject) =>
          signal?.addEventListener("abort", () => reject(signal.reason))
        );
      } finally {
        running--;
      }
    },
  };
  await assertRejects(
    () => batchDelete(store, ["1", "2", "0", "3"], { concurrency: 3 }),
    TypeError,
  );
  assertEquals(running, 0);
});

Deno.test("BATCH-004, BATCH-020 10,000 deletes of which 1 % fail: each path has its own outcome", async () => {
  const all = Array.from({ length: 10_000 }, (_, i) => `dir${i % 7}/${i}.txt`);
  const present = all.filter((_, i) => i % 100 !== 42);
  const absent = all.filter((_, i) => i % 100 === 42);
  const memory = await storeWith(...present);
  let running = 0;
  let most = 0;
  const store = {
    deleteMany: memory.deleteMany.bind(memory),
    async delete(...args: Parameters<Store["delete"]>) {
      most = Math.max(most, ++running);
      try {
        // In an order of their own, as answers come.
        if (args[0].includes("3")) {
          await new Promise((resolve) => setTimeout(resolve, 0));
        }
        return await memory.delete(...args);
      } finally {
        running--;
      }
    },
  };
  for (const concurrency of [16, undefined]) {
    const result = await batchDelete(store, all, { concurrency });
    assertEquals(result.succeeded, present);
    assertEquals(result.failed.map(({ item }) => item), absent);
    for (const { item, index, error } of result.failed) {
      assert(error instanceof NotFoundError);
      assertEquals([error.path, all[index]], [item, item]);
    }
    assertEquals([result.total, most, running], [10_000, 16, 0]);
    assertEquals((await memory.getFolderInfo("")).fileCount, 0);
    for (const path of present) {
      assertEquals((await memory.write(path, path)).path, path);
    }
  }
});

/** A memory with a bulk delete that records what it is given. */
class BulkMemory extends MemoryBackend {
  readonly chunks: number[] = [];
  fail: (chunk: readonly string[]) => void = () => {};

  async deleteMany(keys: readonly string[]) {
    this.chunks.push(keys.length);
    this.fail(keys);
    const failed = new Map<string, unknown>();
    for (const key of keys) {
      const request = { ifMatch: null, signal: undefined };
      if (!await this.delete(key, request)) {
        failed.set(key, new NotFoundError());
      }
    }
    return failed;
  }
}

Deno.test("BATCH-003 a bulk delete takes a thousand paths in a request, each with its outcome", async () => {
  const backend = new BulkMemory();
  const store = new Store({ backend });
  const paths = Array.from({ length: 2500 }, (_, i) => `${i}`);
  for (const path of paths) {
    if (path !== "1234") assertEquals((await store.write(path, "")).size, 0);
  }
  const result = await batchDelete(store, paths);
  assertEquals(backend.chunks, [1000, 1000, 500]);
  assertEquals(result.total, 2500);
  assertEquals(codes(result.failed), [["1234", "NotFound"]]);
  assertEquals(result.failed[0]?.index, 1234);
});

Deno.test("BATCH-003 a path that comes twice is deleted once, then absent", async () => {
  const backend = new BulkMemory();
  const store = new Store({ backend });
  assertEquals((await store.write("a", "")).size, 0);
  const result = await batchDelete(store, ["a", "./a", "a"]);
  assertEquals(result.succeeded, ["a"]);
  assertEquals(codes(result.failed), [["./a", "NotFound"], ["a", "NotFound"]]);
  assertEquals(backend.chunks, [1, 1, 1]);
});

Deno.test("BATCH-004 a bulk request that fails as a whole is the outcome of each of its paths", async () => {
  const backend = new BulkMemory();
  const store = new Store({ backend });
  const paths = Array.from({ length: 1500 }, (_, i) => `${i}`);
  backend.fail = (keys) => {
    if (keys.includes("7")) throw new BackendUnavailableError("down");
  };
  const result = await batchDelete(store, paths, { missingOk: true });
  assertEquals([result.failed.length, result.succeeded.length], [1000, 500]);
  assertEquals(
    new Set(result.failed.map(({ error }) => error.code)),
    new Set(["BackendUnavailable"]),
  );
});

Deno.test("BATCH-024 a path of the wrong kind ends a bulk delete as it ends single ones", async () => {
  const store = await storeWith("a");
  for (const concurrency of [1, undefined]) {
    await assertRejects(
      () => batchDelete(store, [7 as unknown as string], { concurrency }),
      InvalidArgumentError,
    );
  }
});

Deno.test("BATCH-024 an abort settles the batch within one request, and none follows", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const store = recorder((path) => {
    if (path === "20") controller.abort(reason);
  });
  const paths = Array.from({ length: 10_000 }, (_, i) => `${i}`);
  const { signal } = controller;
  const error = await batchDelete(store, paths, { concurrency: 4, signal })
    .catch((error) => error);
  assertEquals(error, reason);
  const asked = store.calls.length;
  assert(asked <= 24, `${asked} requests`);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals(store.calls.length, asked);
});

Deno.test("BATCH-024 an abort before the start asks nothing", async () => {
  const store = recorder();
  const signal = AbortSignal.abort("no");
  assertEquals(
    await batchDelete(store, ["a"], { signal }).catch((error) => error),
    "no",
  );
  assertEquals(store.calls, []);
});
