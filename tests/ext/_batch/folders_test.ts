import { assert, assertEquals, assertRejects } from "@std/assert";
import { MemoryBackend } from "../../../backends/memory.ts";
import { copyFolder, moveFolder } from "../../../ext/batch.ts";
import {
  type CallOptions,
  InvalidArgumentError,
  InvalidPathError,
  NotFoundError,
  PermissionDeniedError,
  Store,
} from "../../../mod.ts";
import { FlatBackend } from "../../fakes/flat_backend.ts";
import { codes } from "../batch_fixture.ts";

const FUNCTIONS = { copyFolder, moveFolder } as const;

const BACKENDS = {
  memory: () => new MemoryBackend(),
  flat: () => new FlatBackend(),
};

async function fill(store: Store, paths: Iterable<string>): Promise<void> {
  for (const path of paths) void await store.write(path, path);
}

async function pathsIn(store: Store, folder: string): Promise<string[]> {
  const files = store.listFiles(folder, { recursive: true });
  return (await Array.fromAsync(files)).map(({ path }) => path).sort();
}

for (const [name, backend] of Object.entries(BACKENDS)) {
  Deno.test(`FOLDER-001 a folder of 200 files is copied and moved whole, on ${name}`, async () => {
    const store = new Store({ backend: backend() });
    const names = Array.from({ length: 200 }, (_, i) => `d${i % 7}/e/${i}`);
    await fill(store, names.map((name) => `from/${name}`));
    await fill(store, ["from2/a", "fro", "to/kept"]);
    const copied = await copyFolder(store, "/from/", "to//x");
    assertEquals([copied.total, copied.allSucceeded], [200, true]);
    assertEquals(
      await pathsIn(store, "to/x"),
      names.map((n) => `to/x/${n}`).sort(),
    );
    assertEquals((await pathsIn(store, "from")).length, 200);
    for (const [source, target] of copied.succeeded) {
      assertEquals(await store.readText(target), source);
    }
    const moved = await moveFolder(store, "from", "there", { concurrency: 3 });
    assertEquals([moved.total, moved.allSucceeded], [200, true]);
    assertEquals(await store.exists("from"), false);
    assertEquals((await pathsIn(store, "there")).length, 200);
    assertEquals(await store.readText("from2/a"), "from2/a");
    const up = await moveFolder(store, "to/x", "");
    assertEquals(up.total, 200);
    assertEquals(await pathsIn(store, "to"), ["to/kept"]);
    assertEquals((await pathsIn(store, "d0")).length, 29);
  });

  Deno.test(`FOLDER-002 what fails keeps its place and the rest is done; the same call does what is left, on ${name}`, async () => {
    const store = new Store({ backend: backend() });
    await fill(store, ["a/1", "a/2", "a/b/3", "z/2"]);
    const first = await moveFolder(store, "a", "z");
    assertEquals(codes(first.failed), [[["a/2", "z/2"], "AlreadyExists"]]);
    assertEquals([first.total, first.succeeded.length], [3, 2]);
    assertEquals(await pathsIn(store, ""), ["a/2", "z/1", "z/2", "z/b/3"]);
    assertEquals(await store.readText("z/2"), "z/2");
    const again = await moveFolder(store, "a", "z", { overwrite: true });
    // Where folders exist of themselves, "a/b" is an empty one by now.
    const left = store.supports("create_folder") ? 2 : 1;
    assertEquals([again.total, again.allSucceeded], [left, true]);
    assertEquals(await store.exists("a"), false);
    assertEquals(await store.readText("z/2"), "a/2");
  });
}

for (const [name, call] of Object.entries(FUNCTIONS)) {
  Deno.test(`FOLDER-003 ${name}() refuses a target in the source, the root, a file and what is not there`, async () => {
    const store = new Store({ backend: new MemoryBackend() });
    await fill(store, ["a/b/c", "file"]);
    for (const target of ["a", "a/", "./a/b", "a/b/x", "a\\x"]) {
      await assertRejects(
        () => call(store, "a", target),
        InvalidArgumentError,
        "that is in the folder",
      );
    }
    for (const source of ["", ".", "a/..", "file"]) {
      await assertRejects(() => call(store, source, "x"), InvalidPathError);
    }
    await assertRejects(() => call(store, "none", "x"), NotFoundError);
    await assertRejects(
      () => call(store, "a", "x", { recursive: true } as never),
      InvalidArgumentError,
      "no option recursive",
    );
    assertEquals(await pathsIn(store, ""), ["a/b/c", "file"]);
    // Its name begins as the source's, and it is another folder.
    assertEquals((await call(store, "a", "a2")).allSucceeded, true);
    void await store.write("empty/x", "");
    await store.delete("empty/x");
    assertEquals((await call(store, "empty", "y")).succeeded, [["empty", "y"]]);
    assertEquals(await store.exists("empty"), name === "copyFolder");
    assertEquals(await store.isFolder("y"), true);
  });

  Deno.test(`FOLDER-004 ${name}() ends at an abort with its reason, and nothing is begun any more`, async () => {
    const store = new Store({ backend: new MemoryBackend() });
    await fill(store, Array.from({ length: 50 }, (_, i) => `a/${i}`));
    const abort = new AbortController();
    const reason = new Error("enough");
    let calls = 0;
    const method = name === "copyFolder" ? "copy" : "move";
    const inner = store[method].bind(store);
    store[method] = async (...args: Parameters<Store["move"]>) => {
      if (++calls === 10) abort.abort(reason);
      await inner(...args);
    };
    const { signal } = abort;
    const error = await assertRejects(() => call(store, "a", "b", { signal }));
    assert(error === reason);
    const before = calls;
    await new Promise((resolve) => setTimeout(resolve, 5));
    assertEquals(calls, before);
    assert(before < 50 && await store.exists("a"));
  });
}

Deno.test("FOLDER-005 folders that somebody fills meanwhile stay; one that cannot be removed is a failure of its own", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await fill(store, ["a/b/1", "a/c/2"]);
  const remove = store.deleteFolder.bind(store);
  store.deleteFolder = async (path: string, options?: CallOptions) => {
    if (path === "a/b") void await store.write("a/b/new", "new");
    if (path === "a/c") throw new PermissionDeniedError("no", { path });
    await remove(path, options);
  };
  const result = await moveFolder(store, "a", "z");
  assertEquals(codes(result.failed), [[["a/c", "z/c"], "PermissionDenied"]]);
  assertEquals([result.total, result.succeeded.length], [3, 2]);
  assertEquals(result.failed[0]?.index, 2);
  assertEquals(await pathsIn(store, ""), ["a/b/new", "z/b/1", "z/c/2"]);
});

async function foldersOf(store: Store): Promise<string[]> {
  const folders = store.listFolders("", { maxDepth: 9 });
  return (await Array.fromAsync(folders)).map(({ path }) => path).sort();
}

for (const [name, call] of Object.entries(FUNCTIONS)) {
  Deno.test(`FOLDER-006 ${name}() carries empty folders where the store has them, each with its outcome`, async () => {
    const store = new Store({ backend: new MemoryBackend() });
    await fill(store, ["a/full/1", "to/file", "to/there/x"]);
    for (const path of ["a/e", "a/deep/er/est", "a/file", "a/there"]) {
      await store.createFolder(path);
    }
    const result = await call(store, "a", "to");
    assertEquals(result.total, 5);
    assertEquals(result.succeeded[0], ["a/full/1", "to/full/1"]);
    assertEquals(result.succeeded.slice(1).map(([, to]) => to).sort(), [
      "to/deep/er/est",
      "to/e",
      "to/there",
    ]);
    assertEquals(codes(result.failed), [[
      ["a/file", "to/file"],
      "InvalidPath",
    ]]);
    assertEquals(await store.isFolder("to/deep/er/est"), true);
    assertEquals(await store.readText("to/file"), "to/file");
    assertEquals(await store.readText("to/there/x"), "to/there/x");
    // What failed stays, with all folders of the source.
    assertEquals(await store.isFolder("a/e"), true);
    await store.deleteFolder("a/file");
    await store.delete("to/file");
    const again = await call(store, "a", "to", { overwrite: true });
    assertEquals(again.allSucceeded, true);
    const kept = (await foldersOf(store)).some((path) => path === "a");
    assertEquals(kept, name === "copyFolder");
  });
}

Deno.test("FOLDER-006 a flat store is asked for no folders, and has none", async () => {
  for (
    const backend of [
      new FlatBackend(),
      new MemoryBackend({ namespace: "flat" }),
    ]
  ) {
    const store = new Store({ backend });
    await fill(store, ["a/1"]);
    store.listFolders = () => {
      throw new Error("it has no empty folders");
    };
    store.createFolder = () => Promise.reject(new Error("nor makes one"));
    assertEquals((await copyFolder(store, "a", "b")).succeeded, [[
      "a/1",
      "b/1",
    ]]);
  }
});

Deno.test("FOLDER-006 an empty folder whose creation ends by an abort, or a lacking right, tells so", async () => {
  const store = new Store({ backend: new MemoryBackend() });
  await fill(store, ["a/1"]);
  await store.createFolder("a/b");
  const create = store.createFolder.bind(store);
  store.createFolder = () => Promise.reject(new PermissionDeniedError("no"));
  const denied = await moveFolder(store, "a", "z");
  assertEquals(codes(denied.failed), [[["a/b", "z/b"], "PermissionDenied"]]);
  assertEquals(await store.isFolder("a/b"), true);
  const abort = new AbortController();
  const { signal } = abort;
  const reason = new Error("enough");
  store.createFolder = (path, options) => {
    abort.abort(reason);
    return create(path, options);
  };
  const ended = () => moveFolder(store, "a", "z", { signal });
  assert(await assertRejects(ended) === reason);
  assertEquals(await store.isFolder("a/b"), true);
});

for (const [name, backend] of Object.entries(BACKENDS)) {
  Deno.test(`FOLDER-007 into a folder around it, each file goes once, and with its own bytes, on ${name}`, async () => {
    const paths = ["a/b/x", "a/b/b/x", "a/b/b/b/x", "a/b/c/y"];
    for (const target of ["a", ""]) {
      const from = target === "" ? "b" : "a/b";
      const store = new Store({ backend: backend() });
      const sources = paths.map((path) => from + path.slice("a/b".length));
      await fill(store, sources.toReversed());
      const placeOf = (path: string) =>
        (target === "" ? "" : `${target}/`) + path.slice(from.length + 1);
      const copied = await copyFolder(store, from, target, { overwrite: true });
      assertEquals([copied.total, copied.allSucceeded], [4, true]);
      for (const source of sources) {
        assertEquals(await store.readText(placeOf(source)), source);
      }
    }
    const store = new Store({ backend: backend() });
    await fill(store, paths.toReversed());
    const moved = await moveFolder(store, "a/b", "a", { concurrency: 5 });
    assertEquals([moved.total, moved.allSucceeded], [4, true]);
    const found: Record<string, string> = {};
    for (const path of await pathsIn(store, "")) {
      found[path] = await store.readText(path);
    }
    assertEquals(found, {
      "a/b/b/x": "a/b/b/b/x",
      "a/b/x": "a/b/b/x",
      "a/c/y": "a/b/c/y",
      "a/x": "a/b/x",
    });
    await assertRejects(
      () => moveFolder(store, "a/b", "a", { concurrency: 0 }),
      InvalidArgumentError,
    );
  });
}
