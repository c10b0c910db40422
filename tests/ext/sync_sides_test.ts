import { assertEquals, assertRejects } from "@std/assert";
import { InvalidArgumentError, type StoreLike } from "@remote-store/core";
import { cache } from "../../ext/cache.ts";
import { observe } from "../../ext/observe.ts";
import { sync } from "../../ext/sync.ts";
import { AnyCaseFolder, MemoryFolder } from "./_sync/folder.ts";
import { filled, memory, texts } from "./_sync/fixture.ts";

Deno.test("SYNC-016 of two names that a folder takes for one, the second fails, run after run, and nothing is deleted", async () => {
  const from = await filled({ "A.txt": "upper", "a.txt": "lower" });
  const folder = new AnyCaseFolder();
  await folder.getFileHandle("old", { create: true });
  for (const copied of [["A.txt"], []]) {
    const result = await sync(from, folder, { delete: true });
    assertEquals(result.copied, copied);
    assertEquals(result.failed.map(({ path }) => path), ["a.txt"]);
    assertEquals(result.kept, ["old"]);
    assertEquals(await folder.texts(), { old: "", "A.txt": "upper" });
  }
});

Deno.test("SYNC-017 what progress throws while a file is on its way ends it as well", async () => {
  const from = memory();
  await from.write("a", new Uint8Array(5 * 1024 * 1024));
  await from.write("b", "B");
  const enough = new Error("enough");
  for (const to of [memory(), new MemoryFolder()]) {
    let calls = 0;
    const onProgress = () => {
      if (calls++ === 0) throw enough;
    };
    const error = await assertRejects(
      () => sync(from, to, { concurrency: 1, onProgress }),
      Error,
    );
    assertEquals([error, calls], [enough, 1]);
    const left = to instanceof MemoryFolder ? to.texts() : texts(to);
    assertEquals(await left, {});
  }
});

Deno.test("SYNC-018 a side that lies in the other is refused behind proxies as well", async () => {
  const store = await filled({ "a/b": "B", "c/b": "C" });
  const observed = observe(store, {});
  const cached = cache(observed);
  const sides: [StoreLike, StoreLike][] = [
    [observed, store],
    [store, cached],
    [observed.child("a"), cached],
    [cached, store.child("a")],
    [cached, observed.child("a")],
  ];
  for (const [from, to] of sides) {
    for (const [one, other] of [[from, to], [to, from]] as const) {
      await assertRejects(
        () => sync(one, other, { delete: true }),
        InvalidArgumentError,
        "one side holds the other",
      );
    }
  }
  assertEquals(await texts(store), { "a/b": "B", "c/b": "C" });
  const apart = await sync(observed.child("a"), cached.child("c"));
  assertEquals(apart.copied, ["b"]);
});
