import { assertEquals, assertRejects } from "@std/assert";
import { FolderSide, itemsOf } from "../../../ext/_sync/local.ts";
import { MemoryFolder } from "./folder.ts";

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
  const paths = (await Array.fromAsync(side.list(signal))).map(({ path }) =>
    path
  );
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
  const [old] = await Array.fromAsync(side.list(signal));
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
