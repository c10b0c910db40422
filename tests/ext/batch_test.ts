import { assert, assertEquals, assertRejects } from "@std/assert";
import { InvalidArgumentError } from "@remote-store/core";
import { batchCopy, batchDelete, batchExists } from "../../ext/batch.ts";
import { codes, recorder, storeWith } from "./batch_fixture.ts";

Deno.test("BATCH-001 a result is frozen and says what succeeded and what failed, in order", async () => {
  const store = await storeWith("a", "c");
  const result = await batchDelete(store, ["a", "b", "c", "d"]);
  assertEquals(result.succeeded, ["a", "c"]);
  assertEquals(codes(result.failed), [["b", "NotFound"], ["d", "NotFound"]]);
  assertEquals(result.failed.map(({ index }) => index), [1, 3]);
  assertEquals([result.allSucceeded, result.total], [false, 4]);
  for (
    const part of [result, result.succeeded, result.failed, result.failed[0]]
  ) {
    assert(Object.isFrozen(part));
  }
});

Deno.test("BATCH-002 paths come from a list, a generator or an async generator", async () => {
  const store = await storeWith("a", "b", "c");
  const sync = function* () {
    yield "b";
  };
  const later = async function* () {
    for await (const { path } of store.listFiles("")) yield path;
  };
  for (const paths of [new Set(["a"]), sync(), later()]) {
    const { allSucceeded, total } = await batchDelete(store, paths);
    assertEquals([allSucceeded, total], [true, 1]);
  }
  assertEquals((await store.getFolderInfo("")).fileCount, 0);
});

Deno.test("BATCH-002 what is no list is refused, a single path too", async () => {
  for (const paths of ["abc", null, undefined, 7, {}]) {
    await assertRejects(
      () => batchDelete(recorder(), paths as string[]),
      InvalidArgumentError,
    );
  }
});

Deno.test("BATCH-003 with a concurrency of 1 paths are deleted one after the other, in order", async () => {
  const store = recorder();
  await batchDelete(store, ["c", "a", "b"], { concurrency: 1 });
  assertEquals(store.calls.map(([path]) => path), ["c", "a", "b"]);
  assertEquals(store.most, 1);
});

Deno.test("BATCH-004 an error of the store is collected and the rest goes on", async () => {
  const store = await storeWith("x/a", "b");
  const result = await batchDelete(store, ["x", "..", "absent", "b"]);
  assertEquals(result.succeeded, ["b"]);
  assertEquals(codes(result.failed), [
    ["x", "InvalidPath"],
    ["..", "InvalidPath"],
    ["absent", "NotFound"],
  ]);
});

Deno.test("BATCH-005 with stopOnError the first error is recorded and nothing follows", async () => {
  const store = await storeWith("a", "c");
  const result = await batchDelete(store, ["a", "b", "c"], {
    stopOnError: true,
  });
  assertEquals(result.succeeded, ["a"]);
  assertEquals(codes(result.failed), [["b", "NotFound"]]);
  assertEquals(result.total, 2);
  assert(await store.exists("c"));
});

Deno.test("BATCH-006, MANY-001 missingOk is passed on, and a folder stays in either way to delete", async () => {
  const store = await storeWith("x/a");
  const paths = ["absent", "x"];
  const bulk = await batchDelete(store, paths, { missingOk: true });
  // No file is there, and that is what was wanted.
  assertEquals([bulk.succeeded, bulk.failed], [paths, []]);
  const options = { missingOk: true, concurrency: 2 };
  const single = await batchDelete(store, paths, options);
  assertEquals(single.succeeded, ["absent"]);
  assertEquals(codes(single.failed), [["x", "InvalidPath"]]);
  const strict = await batchDelete(store, ["x"]);
  assertEquals(codes(strict.failed), [["x", "InvalidPath"]]);
  assertEquals(await store.exists("x/a"), true);
});

Deno.test("BATCH-007, BATCH-013, BATCH-017, BATCH-025 nothing in is nothing out, at any concurrency", async () => {
  for (const concurrency of [1, 8]) {
    for (const run of [batchDelete, batchCopy]) {
      const result = await run(recorder(), [], { concurrency });
      assertEquals([result.succeeded, result.failed], [[], []]);
      assertEquals([result.allSucceeded, result.total], [true, 0]);
    }
    assertEquals((await batchExists(recorder(), [], { concurrency })).size, 0);
  }
});

Deno.test("BATCH-008, BATCH-009 pairs are copied, in order with a concurrency of 1", async () => {
  const store = await storeWith("a", "b");
  const result = await batchCopy(
    store,
    new Map([["a", "a2"], ["b", "b2"], ["a2", "a3"]]),
    { concurrency: 1 },
  );
  assertEquals(result.succeeded, [["a", "a2"], ["b", "b2"], ["a2", "a3"]]);
  assertEquals(await store.readText("a3"), "a");
});

Deno.test("BATCH-010 two pairs with one source have two outcomes", async () => {
  const store = await storeWith("a", "taken");
  const result = await batchCopy(store, [
    ["a", "free"],
    ["a", "taken"],
    ["a", "taken"],
    ["absent", "x"],
  ]);
  assertEquals(result.succeeded, [["a", "free"]]);
  assertEquals(codes(result.failed), [
    [["a", "taken"], "AlreadyExists"],
    [["a", "taken"], "AlreadyExists"],
    [["absent", "x"], "NotFound"],
  ]);
  assertEquals(result.failed.map(({ index }) => index), [1, 2, 3]);
});

Deno.test("BATCH-010 an item that is no pair ends the batch", async () => {
  for (const pair of ["ab", ["a"], ["a", "b", "c"], null]) {
    await assertRejects(
      () => batchCopy(recorder(), [pair as unknown as [string, string]]),
      InvalidArgumentError,
    );
  }
});

Deno.test("BATCH-011 with stopOnError the first pair that fails is the last", async () => {
  const store = await storeWith("a");
  const result = await batchCopy(
    store,
    [["a", "b"], ["absent", "c"], ["a", "d"]],
    { stopOnError: true },
  );
  assertEquals(result.succeeded, [["a", "b"]]);
  assertEquals(codes(result.failed), [[["absent", "c"], "NotFound"]]);
  assert(!await store.exists("d"));
});

Deno.test("BATCH-012 overwrite is passed on", async () => {
  const store = await storeWith("a", "b");
  const result = await batchCopy(store, [["a", "b"]], { overwrite: true });
  assert(result.allSucceeded);
  assertEquals(await store.readText("b"), "a");
});
