import { assertEquals, assertRejects } from "@std/assert";
import { MemoryBackend } from "../../../backends/memory.ts";
import {
  DirectoryNotEmptyError,
  NotFoundError,
  Store,
  type StoreLike,
} from "../../../mod.ts";
import { testBackend } from "../../conformance/mod.ts";
import { FakeS3 } from "../../fakes/s3/service.ts";
import { storeOf } from "../s3/setup.ts";

const create = () =>
  new Store({ backend: new MemoryBackend({ namespace: "flat" }) });

for (const strictFolders of [false, true]) {
  await testBackend(`flat memory${strictFolders ? ", strict" : ""}`, {
    test: Deno.test,
    create: () =>
      new Store({
        backend: new MemoryBackend({ namespace: "flat" }),
        strictFolders,
      }),
    namespace: "flat",
    strictFolders,
    report: (report) => assertEquals([report.failed, report.skipped], [0, 0]),
  });
}

/** What tells a flat store from one with folders, as one text. */
async function seen(store: StoreLike): Promise<unknown[]> {
  void await store.write("a", "file");
  void await store.write("a/b", "below a file");
  void await store.write("a-/c", "");
  void await store.write("e/f/g", "");
  await store.delete("e/f/g");
  await store.move("a-/c", "h/c");
  const paths = async (files: AsyncIterable<{ path: string }>) =>
    (await Array.fromAsync(files)).map(({ path }) => path);
  return [
    await store.isFile("a"),
    await store.isFolder("a"),
    await store.exists("e"),
    await store.exists("a-"),
    await paths(store.listFiles("", { recursive: true })),
    await paths(store.listFolders("")),
    await paths(store.iterChildren("")),
    await paths(store.glob("**/c")),
    await store.deleteFolder("e", { missingOk: true }),
    (await assertRejects(() => store.deleteFolder("a"))) instanceof
      DirectoryNotEmptyError,
    (await assertRejects(() => store.delete("none"))) instanceof NotFoundError,
    store.supports("atomic_move"),
    store.supports("list_from"),
  ];
}

Deno.test("MEM-027 a flat memory stands in for S3 where folders are concerned", async () => {
  assertEquals(await seen(create()), await seen(storeOf(new FakeS3())));
});

Deno.test("MEM-027 a flat memory lists page by page, each entry once", async () => {
  const store = create();
  const paths: string[] = [];
  for (let i = 0; i < 2500; i++) paths.push(`d/${i % 50}/${i}`);
  await Promise.all(paths.map((path) => store.write(path, "")));
  const files = await Array.fromAsync(
    store.listFiles("d", { recursive: true }),
  );
  assertEquals(files.map(({ path }) => path).sort(), paths.sort());
  assertEquals((await Array.fromAsync(store.listFolders("d"))).length, 50);
});
