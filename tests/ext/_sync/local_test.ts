import { assertEquals, assertRejects } from "@std/assert";
import { InvalidPathError, PreconditionFailedError } from "@remote-store/core";
import { FolderSide, itemsOf } from "../../../ext/_sync/local.ts";
import { AnyCaseFolder, MemoryFolder } from "./folder.ts";

const signal = new AbortController().signal;

Deno.test("SYNC-001 itemsOf() takes a file's path below what was picked, else its name", async () => {
  const below = Object.defineProperty(
    new File(["B"], "b.txt"),
    "webkitRelativePath",
    { value: "top/b.txt" },
  );
  const files = [new File(["A"], "a.txt"), below];
  const items = await Array.fromAsync(itemsOf(files));
  assertEquals(items.map(({ path, size }) => [path, size]), [
    ["a.txt", 1],
    ["top/b.txt", 1],
  ]);
});

Deno.test("SYNC-001 FolderSide lists, makes and deletes files in folders", async () => {
  const root = new MemoryFolder({ "a/b/c": new File(["C"], "c") });
  const side = new FolderSide(root);
  const paths = (await Array.fromAsync(side.list())).map(({ path }) => path);
  assertEquals(paths, ["a/b/c"]);
  const text = (text: string) => new TextEncoder().encode(text);
  await side.put("a/d", text("D"), { signal }, undefined);
  await side.put("e/f", new Blob(["F"]), { signal }, undefined);
  await side.put("g", new Blob(["G"]).stream(), { signal }, undefined);
  assertEquals(await root.texts(), {
    "a/b/c": "C",
    "a/d": "D",
    "e/f": "F",
    g: "G",
  });
  const failed = await side.remove(["a/b/c", "a/absent", "x/y"], signal);
  assertEquals([...failed.keys()], ["a/absent", "x/y"]);
  assertEquals(await root.texts(), { "a/d": "D", "e/f": "F", g: "G" });
});

Deno.test("SYNC-001 FolderSide leaves no empty file behind a failure, and the old one as it was", async () => {
  const root = new MemoryFolder({ old: new File(["old"], "old") });
  const side = new FolderSide(root);
  const [old] = await Array.fromAsync(side.list());
  const broken = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(3));
        controller.error(new Error("broken"));
      },
    }, { highWaterMark: 0 });
  await assertRejects(
    () => side.put("new", broken(), { signal }, undefined),
    Error,
    "broken",
  );
  await assertRejects(
    () => side.put("old", broken(), { signal }, old),
    Error,
    "broken",
  );
  assertEquals(await root.texts(), { old: "old" });
});

Deno.test("SYNC-016 FolderSide replaces no file that was not there when it was listed, and takes none away", async () => {
  const root = new MemoryFolder();
  const side = new FolderSide(root);
  await Array.fromAsync(side.list());
  await new FolderSide(root).put(
    "a",
    new Blob(["theirs"]),
    { signal },
    undefined,
  );
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(new Error("broken")),
  });
  for (const content of [new Blob(["ours"]), broken]) {
    await assertRejects(
      () => side.put("a", content, { signal }, undefined),
      PreconditionFailedError,
      "it has changed",
    );
    assertEquals(await root.texts(), { a: "theirs" });
  }
});

Deno.test("SYNC-016 FolderSide replaces no version but the one that was compared", async () => {
  const root = new MemoryFolder({ a: new File(["old"], "a") });
  const side = new FolderSide(root);
  const put = async (between: () => unknown) => {
    const [old] = await Array.fromAsync(side.list());
    between();
    await side.put("a", new Blob(["new"]), { signal }, old);
  };
  const theirs = (text: string, lastModified: number) => {
    const [file] = root.entries.values();
    Object(file).file = new File([text], "a", { lastModified });
  };
  const changes = [
    () => theirs("longer", Date.now()),
    () => theirs("new", 1),
    () => root.entries.delete("a"),
  ];
  for (const change of changes) {
    await assertRejects(() => put(change), PreconditionFailedError, "changed");
  }
  assertEquals(await root.texts(), {});
  const again = new FolderSide(root);
  await again.put("a", new Blob(["old"]), { signal }, undefined);
  await put(() => {});
  assertEquals(await root.texts(), { a: "new" });
});

Deno.test("SYNC-016 FolderSide writes no file over another one whose name the folder takes for the same", async () => {
  const root = new AnyCaseFolder();
  const side = new FolderSide(root);
  const all = await Promise.allSettled(
    ["a.txt", "A.txt", "A.TXT"].map((name) =>
      side.put(name, new Blob([name]), { signal }, undefined)
    ),
  );
  assertEquals(all.map(({ status }) => status), [
    "fulfilled",
    "rejected",
    "rejected",
  ]);
  assertEquals(await root.texts(), { "a.txt": "a.txt" });
});

Deno.test("SYNC-016 FolderSide asks no handle for what no store takes", async () => {
  const root = new MemoryFolder();
  for (const path of ["../a", "a/../../b", ""]) {
    const put = () =>
      new FolderSide(root).put(path, new Blob(["x"]), { signal }, undefined);
    await assertRejects(put, InvalidPathError);
  }
  assertEquals(root.entries.size, 0);
});
