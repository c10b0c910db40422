import { assertEquals, assertRejects } from "@std/assert";
import {
  InvalidArgumentError,
  RetryPolicy,
  Store,
  type StoreLike,
} from "@remote-store/core";
import { S3Backend } from "@remote-store/core/backends/s3";
import { cache } from "../../ext/cache.ts";
import { observe } from "../../ext/observe.ts";
import { sync } from "../../ext/sync.ts";
import { ACCOUNT, FakeS3 } from "../fakes/s3/service.ts";
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

/** A store whose metadata goes as header fields: names without case, 64 at most. */
function fields(): Store {
  const backend = new S3Backend({
    bucket: "bucket",
    endpoint: "http://s3.test",
    credentials: ACCOUNT,
    dialect: "aws",
    fetch: new FakeS3().fetch,
    retry: RetryPolicy.disabled(),
  });
  return new Store({ backend });
}

const A_SHA256 =
  "559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd";

Deno.test("SYNC-019 metadata that is named as sync's own but for its case is replaced, and the file known again", async () => {
  for (const target of [memory, fields]) {
    for (const name of ["SHA256", "Sha256", "SourceETag", "sourceetag"]) {
      const from = memory();
      const metadata = { [name]: "mine", by: "ada" };
      const written = await from.write("a", "A", { metadata });
      const to = target();
      const { copied, failed } = await sync(from, to);
      assertEquals([copied, failed], [["a"], []], name);
      assertEquals((await to.getFileInfo("a")).metadata, {
        by: "ada",
        sha256: A_SHA256,
        sourceetag: written.etag!,
      });
      assertEquals((await sync(from, to)).unchanged, ["a"], name);
    }
  }
});

Deno.test("SYNC-020 as many keys as services take go along as they are, more fail for their file alone, unsent", async () => {
  const keys = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`k${i}`, "v"]),
    );
  const from = memory();
  for (const count of [62, 63, 64, 65]) {
    const metadata = keys(count);
    assertEquals((await from.write(`${count}`, "A", { metadata })).size, 1);
  }
  await from.write("last", "A");
  const to = fields();
  const { copied, failed } = await sync(from, to);
  assertEquals(copied, ["62", "63", "64", "last"]);
  assertEquals(
    failed.map(({ path, error }) => [path, String(error)]),
    [[
      "65",
      "InvalidArgumentError: Cannot store 65 metadata keys: with more than 64 an answer may have more header fields than fetch takes",
    ]],
  );
  assertEquals(await to.exists("65"), false);
  assertEquals(Object.keys((await to.getFileInfo("62")).metadata!).length, 64);
  for (const count of [63, 64]) {
    const { metadata } = await to.getFileInfo(`${count}`);
    assertEquals(metadata, keys(count));
  }
});
