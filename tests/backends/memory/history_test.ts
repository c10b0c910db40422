import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { MemoryBackend } from "../../../backends/memory.ts";
import { History, versionOf } from "../../../backends/memory/history.ts";
import type { StoredFile } from "../../../backends/memory/shelf.ts";
import { InvalidArgumentError, Store } from "../../../mod.ts";

function fileOf(key: string, versionId: string | null): StoredFile {
  const entry = {
    key,
    kind: "file",
    size: 0,
    lastModified: 0,
    etag: null,
    digest: null,
    contentType: null,
    metadata: null,
    extra: versionId === null ? null : { versionId },
  } as const;
  return { entry, bytes: new Uint8Array(0) };
}

Deno.test("VER-011 a history keeps every version of a key until it is removed", () => {
  const history = new History();
  const [one, two, other] = [
    fileOf("a", "1"),
    fileOf("a", "2"),
    fileOf("b", "3"),
  ];
  assertEquals(history.newest("a"), null);
  for (const file of [one!, two!, other!]) history.keep(file);
  assertEquals(history.find("a", "1"), one);
  assertEquals(history.find("a", "3"), null);
  assertEquals(history.newest("a"), two);
  history.remove(two!);
  history.remove(two!);
  assertEquals([history.newest("a"), history.find("a", "2")], [one, null]);
  history.remove(one!);
  assertEquals([history.newest("a"), history.newest("b")], [null, other]);
  assertEquals(versionOf(fileOf("a", "1").entry), "1");
  assertEquals(versionOf(fileOf("a", null).entry), null);
});

Deno.test("VER-011 a memory keeps versions where it is told to, as S3 does", async () => {
  for (const namespace of ["flat", "hierarchical"] as const) {
    const backend = new MemoryBackend({ namespace, versions: true });
    const store = new Store({ backend });
    const one = await store.write("a/b", "one");
    const two = await store.write("a/b", "two", { overwrite: true });
    assertNotEquals(one.versionId, two.versionId);
    const info = await store.getFileInfo("a/b");
    assertEquals(info.extra["versionId"], two.versionId);
    // What a copy is made of has another id, and its own history.
    await store.copy("a/b", "c");
    await store.move("a/b", "d");
    const read = (path: string, { versionId }: { versionId: string | null }) =>
      store.readText(path, { versionId: versionId! });
    assertEquals(await read("a/b", one), "one");
    assertEquals(await store.exists("a/b"), false);
    // The version before is current once the current one is gone for good.
    await store.write("c", "new", { overwrite: true });
    const current = (await store.getFileInfo("c")).extra["versionId"];
    await store.delete("c", { versionId: `${current}` });
    assertEquals(await store.readText("c"), "two");
    // Behind a deletion nothing comes back.
    await store.delete("a/b", { versionId: two.versionId! });
    assertEquals(await store.exists("a/b"), false);
    assertEquals(await read("a/b", one), "one");
    await store.delete("a/b", { versionId: one.versionId! });
    // A file that is made of parts has a version too.
    const upload = await store.openUpload("e", { size: 1 });
    const part = await upload.part(1, new Uint8Array(1));
    const made = await upload.complete([part]);
    assertEquals((await store.getFileInfo("e")).extra, {
      versionId: made.versionId,
    });
  }
});

Deno.test("VER-011 a memory that is not told to keeps none, and takes no other word", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  const { versionId } = await store.write("a", "A");
  assertEquals(versionId, null);
  assertEquals((await store.getFileInfo("a")).extra, {});
  assertEquals(store.supports("versions"), false);
  const Loose = MemoryBackend as unknown as new (options: unknown) => unknown;
  assertThrows(
    () => new Loose({ versions: "true" }),
    InvalidArgumentError,
    "versions is no boolean",
  );
});
