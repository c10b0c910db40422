import { assert, assertEquals, assertRejects } from "@std/assert";
import { isContainerNotFound } from "../../../core/backend.ts";
import { AzureBackend, detectHns } from "../../../backends/azure/backend.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  DirectoryNotEmptyError,
  InvalidPathError,
  NotFoundError,
  RemoteStoreError,
  Store,
} from "../../../mod.ts";
import { createFake } from "./fake_store.ts";

Deno.test("AZ-003 capabilities say what this instance can do", () => {
  const { backend } = createFake();
  const real = createFake({ hns: true }).backend;
  const bySas =
    createFake({ accountKey: undefined, sasToken: "sig=x" }).backend;
  assert(!backend.capabilities.has("atomic_move"));
  assert(real.capabilities.has("atomic_move"));
  assert(backend.capabilities.has("presign"));
  assert(!bySas.capabilities.has("presign"));
  assertEquals([backend.namespace, real.namespace], ["flat", "hierarchical"]);
  assertEquals([backend.move, real.deleteMany], [undefined, undefined]);
});

Deno.test("AZ-004 nothing is sent at construction", () => {
  assertEquals(createFake().sent.length, 0);
});

Deno.test("AZ-027 native paths name the container, and foreign ones stay as they are", () => {
  const { backend } = createFake();
  assertEquals(backend.nativePath("a/b"), "files/a/b");
  assertEquals(backend.nativePath(""), "files");
  assertEquals(backend.toKey("files/a/b"), "a/b");
  assertEquals([backend.toKey("files"), backend.toKey("x/y")], ["", "x/y"]);
});

Deno.test("RES-053 describe() names container and account, and no secret", () => {
  assertEquals(createFake({ connectionString: undefined }).backend.describe(), {
    container: "files",
    accountUrl: "https://fake.blob.core.windows.net",
    hns: false,
  });
});

Deno.test("PING-007 ping() looks at the container, by SAS at its listing", async () => {
  const { backend, sent } = createFake();
  await backend.ping({ signal: undefined });
  assertEquals(sent[0]?.method, "HEAD");
  const bySas = createFake({ accountKey: undefined, sasToken: "sig=x" });
  await bySas.backend.ping({ signal: undefined });
  assert(bySas.sent[0]?.url.includes("comp=list&maxresults=1"));
  const absent = createFake({ container: "other" }).backend;
  const error = await absent.ping({ signal: undefined }).catch((e) => e);
  assert(isContainerNotFound(error));
});

const MARK = { metadata: { hdi_isfolder: "true" } };

Deno.test("AZ-009 flat: a marker is a folder in every call, and goes with deleteFolder", async () => {
  for (const below of [false, true]) {
    for (const marker of ["d", "d/"]) {
      const { store, paths, backend } = createFake();
      paths.put(marker, marker === "d" ? MARK : {});
      if (below) paths.put("d/a", {});
      const folders = await Array.fromAsync(store.listFolders(""));
      assertEquals(folders.map((folder) => folder.path), ["d"]);
      assertEquals(await store.exists("d"), true);
      assertEquals(await store.isFolder("d"), true);
      assertEquals(await store.isFile("d"), false);
      assertEquals((await store.getFolderInfo("d")).fileCount, below ? 1 : 0);
      await assertRejects(() => store.getFileInfo("d"), InvalidPathError);
      await assertRejects(() => store.readText("d"), InvalidPathError);
      const strict = new Store({ backend, strictFolders: true });
      await assertRejects(() => strict.delete("d"), InvalidPathError);
      const files = await Array.fromAsync(
        store.listFiles("", { recursive: true }),
      );
      assertEquals(files.map((file) => file.path), below ? ["d/a"] : []);
      await store.deleteFolder("d", { recursive: below });
      assertEquals([...paths.nodes.keys()], []);
      assertEquals(await store.exists("d"), false);
    }
  }
});

Deno.test("AZ-009 flat: a marker that has bytes is never deleted in silence", async () => {
  const bytes = new TextEncoder().encode("kept");
  const marked = createFake();
  marked.paths.put("d", { ...MARK, bytes });
  assertEquals(await marked.store.readText("d"), "kept");
  const files = await Array.fromAsync(marked.store.listFiles(""));
  assertEquals(files.map((file) => file.path), ["d"]);
  const { store, paths } = createFake();
  paths.put("d/", { bytes });
  await assertRejects(() => store.deleteFolder("d"), DirectoryNotEmptyError);
  assertEquals([...paths.nodes.keys()], ["d/"]);
});

Deno.test("NAME-001 flat: what no path can name is listed by nobody, and no other blob is taken for it", async () => {
  const { store, paths } = createFake();
  for (const name of ["a/b", "a//b", "a/../d", "a/c/", "/x"]) {
    paths.put(name, {});
  }
  const files = await Array.fromAsync(store.listFiles("", { recursive: true }));
  assertEquals(files.map((file) => file.path), ["a/b"]);
  const child = await Array.fromAsync(
    store.child("a").listFiles("", { recursive: true }),
  );
  assertEquals(child.map((file) => file.path), ["b"]);
  for (const file of files) await store.delete(file.path);
  assertEquals([...paths.nodes.keys()].sort(), [
    "/x",
    "a/../d",
    "a//b",
    "a/c/",
  ]);
});

Deno.test("AZ-029 a closed backend stays closed", async () => {
  const { store } = createFake();
  await store.close();
  await store.close();
  await assertRejects(() => store.readText("a"), BackendUnavailableError);
});

Deno.test("AZ-006 detectHns() asks once, and fails rather than guess", async () => {
  for (const told of ["true", "false", null]) {
    const headers = told === null
      ? { "x-ms-version": "2023-11-03" }
      : { "x-ms-is-hns-enabled": told };
    const { options, sent } = createFake(
      {},
      () => new Response(null, { headers }),
    );
    if (told === null) {
      await assertRejects(() => detectHns(options), RemoteStoreError);
    } else {
      assertEquals(await detectHns(options), told === "true");
    }
    assertEquals(sent.length, 1);
  }
});

Deno.test("SEC-001 no secret shows in what is printed, in errors or in plans", async () => {
  const secret = btoa("a very secret key");
  const backend = new AzureBackend({
    container: "files",
    hns: false,
    accountName: "fake",
    accountKey: secret,
    retry: { attempts: 1 },
    fetch: (url) =>
      Promise.reject(new TypeError(`failed: ${url}?sig=${secret}`)),
  });
  const store = new Store({ backend });
  const error = await store.readText("a").catch((reason) => reason);
  const printed = [
    Deno.inspect(backend, { depth: 9 }),
    JSON.stringify(backend),
    JSON.stringify(store.resolve("a")),
    Deno.inspect(error, { depth: 9 }),
  ].join("\n");
  assert(!printed.includes(secret), printed);
});

Deno.test("AZ-002 its name is azure, and is in its errors", async () => {
  const error = await createFake().store.readText("a").catch((e) => e);
  assert(error instanceof NotFoundError);
  assertEquals([error.backend, error.path], ["azure", "a"]);
});

Deno.test("AZ-007, AZ-011 every request stays in the container, whatever the spelling of a path", async () => {
  const { store, sent, paths } = createFake();
  await store.write("/a//b/./c", "C");
  await store.copy("a/b/c", "a/d");
  assertEquals(await store.readText("a/b//c"), "C");
  await Array.fromAsync(store.listFiles("a//b/"));
  assertEquals([...paths.nodes.keys()].sort(), ["a/b/c", "a/d"]);
  for (const { url } of sent) {
    assert(/^\/files(?:\/|$)/.test(new URL(url).pathname), url);
  }
});

Deno.test("AZ-010 flat: writing makes no folder, and a folder goes with its last file", async () => {
  const { store, paths } = createFake();
  await store.write("d/e/a", "A");
  assertEquals([...paths.nodes.keys()], ["d/e/a"]);
  assert(await store.isFolder("d/e"));
  await store.delete("d/e/a");
  assertEquals(await store.exists("d"), false);
});

for (const hns of [false, true]) {
  const kind = hns ? "hns" : "flat";
  Deno.test(`AZ-012, AZ-013 ${kind}: a file is no folder and a folder is no file`, async () => {
    const { store } = createFake({ hns });
    await store.write("d/a", "A");
    const is = async (path: string) => [
      await store.exists(path),
      await store.isFile(path),
      await store.isFolder(path),
    ];
    assertEquals(await is("d/a"), [true, true, false]);
    assertEquals(await is("d"), [true, false, true]);
    assertEquals(await is("x"), [false, false, false]);
    assertEquals(await is("d/a/b"), [false, false, false]);
  });

  Deno.test(`AZ-022 ${kind}: a file that is there is replaced only where that is asked for`, async () => {
    const { store } = createFake({ hns });
    await store.write("a", "A");
    await assertRejects(() => store.write("a", "B"), AlreadyExistsError);
    assertEquals(await store.readText("a"), "A");
    await store.write("a", "B", { overwrite: true });
    assertEquals(await store.readText("a"), "B");
  });

  Deno.test(`AZ-024 ${kind}: a folder's sum counts files, the root is never absent, a file is no folder`, async () => {
    const { store } = createFake({ hns });
    assertEquals((await store.getFolderInfo("")).fileCount, 0);
    await store.write("d/e/a", "AA");
    await store.write("d/b", "B");
    const { fileCount, totalSize } = await store.getFolderInfo("d");
    assertEquals([fileCount, totalSize], [2, 3]);
    await assertRejects(() => store.getFolderInfo("x"), NotFoundError);
    await assertRejects(() => store.getFolderInfo("d/b"), InvalidPathError);
  });
}

Deno.test("AZ-020, AZ-021 a read is one request for all, a range one for its bytes", async () => {
  const { store, sent } = createFake();
  await store.write("a", "0123456789");
  for (
    const [range, text, field] of [
      [undefined, "0123456789", null],
      [{ offset: 2, length: 3 }, "234", "bytes=2-4"],
    ] as const
  ) {
    sent.length = 0;
    const bytes = await store.readBytes("a", { range });
    assertEquals(new TextDecoder().decode(bytes), text);
    const fields = sent.map(({ headers }) =>
      headers.get("range") ?? headers.get("x-ms-range")
    );
    assertEquals(fields, [field]);
  }
});

Deno.test("AZ-034 a digest is the MD5 that the service has, and null where it has none", async () => {
  const { store, paths } = createFake();
  paths.put("a", { headers: { "content-md5": "f8VicOenD6gaWTW3Lqy+KQ==" } });
  const { digest } = await store.getFileInfo("a");
  assertEquals(`${digest}`, "md5:7fc56270e7a70fa81a5935b72eacbe29");
  paths.put("b", {});
  assertEquals((await store.getFileInfo("b")).digest, null);
});

Deno.test("AZ-037 one instance serves many callers at once", async () => {
  const { store } = createFake();
  const names = Array.from({ length: 50 }, (_, i) => `d/${i}`);
  await Promise.all(names.map((name) => store.write(name, name)));
  const texts = await Promise.all(names.map((name) => store.readText(name)));
  assertEquals(texts, names);
});
