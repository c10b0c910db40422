import { assertEquals, assertRejects } from "@std/assert";
import {
  AlreadyExistsError,
  DirectoryNotEmptyError,
  InvalidPathError,
  NotFoundError,
  Store,
} from "../../mod.ts";
import { isCarried, isListed, markedFolder } from "../../core/markers.ts";
import { FailingBackend } from "../fakes/failing_backend.ts";
import { FlatBackend, type FlatOptions } from "../fakes/flat_backend.ts";

const MARKS: FlatOptions = {
  folderMarks: true,
  deleteTells: true,
  pageEntries: 2,
};

function marked(more: readonly string[] = [], options = MARKS) {
  const backend = new FlatBackend(options);
  backend.put("full", "", true);
  for (const name of more) backend.put(name, name);
  return { backend, store: new Store({ backend }) };
}

async function paths(
  listing: AsyncIterable<{ kind: string; path: string }>,
): Promise<string[]> {
  const found = await Array.fromAsync(listing);
  return found.map(({ kind, path }) => `${kind} ${path}`).sort();
}

for (
  const [title, more] of [
    ["with nothing below", []],
    ["with files below", ["full/a", "full/b/c", "full-"]],
  ] as const
) {
  Deno.test(`NAME-006 an object that marks a folder is that folder in every call, ${title}`, async () => {
    const { store } = marked(more);
    assertEquals(await store.exists("full"), true);
    assertEquals(await store.isFolder("full"), true);
    assertEquals(await store.isFile("full"), false);
    const files = more.map((path) => `file ${path}`);
    const top = files.filter((file) => !file.includes("/"));
    assertEquals(
      await paths(store.iterChildren("")),
      [...top, "folder full"].sort(),
    );
    assertEquals(await paths(store.listFolders("")), ["folder full"]);
    assertEquals(
      await paths(store.listFiles("", { recursive: true })),
      [...files].sort(),
    );
    assertEquals(
      (await store.getFolderInfo("full")).fileCount,
      more.filter((path) => path.startsWith("full/")).length,
    );
    for (
      const call of [
        () => store.getFileInfo("full"),
        () => store.head("full"),
        () => store.readBytes("full"),
        () => store.read("full"),
        () => store.openBlob("full"),
        () => store.copy("full", "x"),
        () => store.move("full", "x"),
        () => store.write("full", "x"),
      ]
    ) {
      await assertRejects(call, InvalidPathError, "it is a folder");
    }
  });

  Deno.test(`NAME-006 deleteFolder takes the mark with it, ${title}`, async () => {
    const { backend, store } = marked(more);
    if (more.length > 0) {
      await assertRejects(
        () => store.deleteFolder("full"),
        DirectoryNotEmptyError,
      );
    }
    await store.deleteFolder("full", { recursive: more.length > 0 });
    assertEquals(
      [...backend.objects.keys()],
      more.filter((path) => !path.startsWith("full/")),
    );
    assertEquals(await store.exists("full"), false);
    assertEquals(await store.isFolder("full"), false);
    await assertRejects(() => store.deleteFolder("full"), NotFoundError);
  });
}

Deno.test("NAME-006 marks within marks go with the folder", async () => {
  for (const bulk of [true, false]) {
    const { backend, store } = marked(["full/sub/x"], { ...MARKS, bulk });
    backend.put("full/sub", "", true);
    backend.put("full/sub/empty", "", true);
    backend.put("full/other/");
    assertEquals(
      await paths(store.listFolders("full", { maxDepth: 4 })),
      ["folder full/other", "folder full/sub", "folder full/sub/empty"],
    );
    await assertRejects(
      () => store.deleteFolder("full"),
      DirectoryNotEmptyError,
    );
    await store.deleteFolder("full", { recursive: true });
    assertEquals([...backend.objects.keys()], []);
  }
});

Deno.test("NAME-006 with strictFolders a delete and a write look first", async () => {
  const { backend } = marked();
  const store = new Store({ backend, strictFolders: true });
  const refusals = [
    () => store.delete("full"),
    () => store.delete("full", { missingOk: true }),
    () => store.write("full", "x", { overwrite: true }),
  ];
  for (const call of refusals) {
    await assertRejects(call, InvalidPathError, "it is a folder");
  }
  const failed = await store.deleteMany(["full", "none"], { missingOk: true });
  assertEquals([...failed.keys()], ["full"]);
  assertEquals(await store.isFolder("full"), true);
});

Deno.test("NAME-006 the look behind a refused create may fail, and then the refusal stands", async () => {
  const backend = new FailingBackend({ namespace: "flat", ...MARKS });
  const store = new Store({ backend });
  (backend.inner as FlatBackend).put("full", "", true);
  backend.fail("stat", { reject: new Error("down") });
  await assertRejects(() => store.write("full", "x"), AlreadyExistsError);
  await store.write("file", "x");
  await assertRejects(() => store.write("file", "y"), AlreadyExistsError);
});

Deno.test("NAME-006 what a file has become since it was seen as a mark stays", async () => {
  const { backend, store } = marked();
  const stat = backend.stat.bind(backend);
  backend.stat = async (key) => {
    const entry = await stat(key);
    if (entry?.folderMark) backend.put(key, "content");
    return entry;
  };
  await store.deleteFolder("full");
  assertEquals(await store.readText("full"), "content");
});

Deno.test("NAME-007 a mark with bytes is a file like any other", async () => {
  const { backend, store } = marked();
  backend.put("full", "bytes", true);
  assertEquals(await store.isFile("full"), true);
  assertEquals(await store.isFolder("full"), false);
  assertEquals(await store.readText("full"), "bytes");
  assertEquals(await paths(store.iterChildren("")), ["file full"]);
  const { totalSize } = await store.getFolderInfo("");
  assertEquals(totalSize, 5);
  await assertRejects(() => store.deleteFolder("full"), InvalidPathError);
  await assertRejects(() => store.write("full", "x"), AlreadyExistsError);
  assertEquals(backend.objects.size, 1);
});

Deno.test("NAME-007 a marker with bytes is said, and never deleted in silence", async () => {
  for (const bulk of [true, false]) {
    const backend = new FlatBackend({ bulk });
    backend.put("data/", "bytes");
    const store = new Store({ backend });
    assertEquals(await store.isFolder("data"), true);
    assertEquals(await paths(store.iterChildren("")), ["folder data"]);
    const error = await assertRejects(
      () => store.deleteFolder("data"),
      DirectoryNotEmptyError,
      'it holds the object "data/", which no path can name',
    );
    assertEquals(error.path, "data");
    assertEquals(backend.objects.size, 1);
    await store.deleteFolder("data", { recursive: true });
    assertEquals(backend.objects.size, 0);
    backend.put("data/");
    await store.deleteFolder("data");
    assertEquals(backend.objects.size, 0);
  }
});

Deno.test("NAME-008 what no path can name keeps a folder from being empty, by name", async () => {
  const backend = new FlatBackend();
  backend.put("q//x", "x");
  const store = new Store({ backend });
  await assertRejects(
    () => store.deleteFolder("q"),
    DirectoryNotEmptyError,
    'it holds the object "q//x", which no path can name',
  );
  backend.put("q/sub/");
  backend.objects.delete("q//x");
  await assertRejects(
    () => store.deleteFolder("q"),
    DirectoryNotEmptyError,
    "the folder is not empty and recursive is false",
  );
});

Deno.test("NAME-008 no name with a dot segment is ever sent, and it is said that it is left", async () => {
  for (const bulk of [true, false]) {
    const backend = new FlatBackend({ bulk });
    const dots = ["q/../keep", "q/./x", "q/..", "q/a\\..\\b"];
    for (const name of [...dots, "q/x", "q//y", "q/z/"]) backend.put(name);
    const store = new Store({ backend });
    await assertRejects(
      () => store.deleteFolder("q", { recursive: true }),
      DirectoryNotEmptyError,
      "which no path can name",
    );
    assertEquals([...backend.objects.keys()], dots);
  }
});

Deno.test("NAME-006 names are told apart by what they are", () => {
  const entry = {
    kind: "file",
    size: 0,
    lastModified: null,
    etag: null,
    digest: null,
    contentType: null,
    metadata: null,
    extra: null,
  } as const;
  const rows: [string, boolean, boolean, string | null][] = [
    ["a", false, true, null],
    ["a", true, false, "a"],
    ["a/", false, false, "a"],
    ["a/", true, false, "a"],
    ["a//", false, false, null],
    ["a//b", true, false, null],
    ["/", false, false, null],
    ["", true, false, null],
  ];
  for (const [key, folderMark, listed, folder] of rows) {
    const file = { ...entry, key, folderMark };
    assertEquals([isListed(file), markedFolder(file)], [listed, folder], key);
  }
  assertEquals(
    ["a//b", "a/", "a..b", "..a/b"].map(isCarried),
    [true, true, true, true],
  );
  assertEquals(
    ["a/../b", "a/.", "..\\a", "./a", "a\\.\\b"].map(isCarried),
    [false, false, false, false, false],
  );
});
