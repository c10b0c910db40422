import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  containerNotFound,
  DirectoryNotEmptyError,
  InvalidPathError,
  NotFoundError,
  PermissionDeniedError,
  RemoteStoreError,
  Store,
} from "../../mod.ts";
import { FailingBackend } from "../fakes/failing_backend.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";
import { fixture, NAMESPACES } from "./every_method.ts";

async function pathsOf(store: Store): Promise<string[]> {
  const files = await Array.fromAsync(store.listFiles("", { recursive: true }));
  return files.map((file) => file.path).sort();
}

Deno.test("BE-012 delete takes the file and nothing else", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    await store.delete("data/a.txt");
    assertEquals(await pathsOf(store), [
      "data/sub/b.txt",
      "data/sub/c.txt",
      "other.txt",
    ]);
    const error = await assertRejects(
      () => store.delete("data/a.txt"),
      NotFoundError,
      'Cannot delete "data/a.txt": it does not exist',
    );
    assertEquals(error.path, "data/a.txt");
    await store.delete("data/a.txt", { missingOk: true });
  }
});

Deno.test("BE-013 a folder with content goes only where that is asked for", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    const error = await assertRejects(
      () => store.deleteFolder("data"),
      DirectoryNotEmptyError,
      'Cannot delete the folder "data": the folder is not empty and recursive is false',
    );
    assertEquals(error.path, "data");
    await assertRejects(
      () => store.deleteFolder("data", { missingOk: true }),
      DirectoryNotEmptyError,
    );
    assertEquals((await pathsOf(store)).length, 4);
    await store.deleteFolder("data", { recursive: true });
    assertEquals(await pathsOf(store), ["other.txt"]);
    assertEquals(await store.exists("data"), false);
    await assertRejects(() => store.deleteFolder("data"), NotFoundError);
    await store.deleteFolder("data", { missingOk: true, recursive: true });
  }
});

Deno.test("BE-013 a folder's name is no prefix: its namesakes stay", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    await store.write("database/x", "x");
    await store.write("data2", "x");
    await store.deleteFolder("data", { recursive: true });
    assertEquals(await pathsOf(store), ["data2", "database/x", "other.txt"]);
  }
});

Deno.test("BE-013 a lone marker is an empty folder on a flat backend", async () => {
  const backend = new FlatBackend();
  const store = new Store({ backend });
  backend.mark("empty");
  backend.mark("full");
  backend.mark("full/below");
  await store.write("full/below/x", "x");
  assertEquals(await store.isFolder("empty"), true);
  await store.deleteFolder("empty");
  assertEquals(await store.isFolder("empty"), false);
  await assertRejects(() => store.deleteFolder("full"), DirectoryNotEmptyError);
  await store.deleteFolder("full", { recursive: true });
  assertEquals(await Array.fromAsync(store.iterChildren("")), []);
});

Deno.test("BE-013 a folder that holds only an empty folder is not empty", async () => {
  const { store } = await fixture();
  await store.write("a/b/c", "x");
  await store.delete("a/b/c");
  await assertRejects(() => store.deleteFolder("a"), DirectoryNotEmptyError);
  const flat = new FlatBackend();
  flat.mark("a/b");
  await assertRejects(
    () => new Store({ backend: flat }).deleteFolder("a"),
    DirectoryNotEmptyError,
  );
});

Deno.test("BE-013 each page is deleted in one call where the backend can", async () => {
  const { store, backend } = await fixture({ namespace: "flat", bulk: true });
  await store.deleteFolder("data", { recursive: true });
  assertEquals(backend.calls, [
    "list",
    "deleteMany",
    "list",
    "deleteMany",
    "list",
    "deleteMany",
  ]);
  assertEquals(await pathsOf(store), ["other.txt"]);
});

Deno.test("BE-013 what fails inside a bulk delete is reported with its path", async () => {
  const { backend } = await fixture({ namespace: "flat", bulk: true });
  backend.deleteMany = (keys) =>
    Promise.resolve(
      new Map(
        keys.filter((key) => key.endsWith("b.txt")).map((
          key,
        ) => [key, new PermissionDeniedError()]),
      ),
    );
  const store = new Store({ backend }).child("data");
  const error = await assertRejects(
    () => store.deleteFolder("sub", { recursive: true }),
    PermissionDeniedError,
    "access is denied",
  );
  assertEquals([error.path, error.backend], ["sub/b.txt", "failing"]);
});

Deno.test("BE-013 a foreign failure inside a bulk delete is one of ours outside", async () => {
  const { backend } = await fixture({ namespace: "flat", bulk: true });
  backend.deleteMany = (keys) =>
    Promise.resolve(new Map(keys.map((key) => [key, new TypeError("reset")])));
  const error = await assertRejects(
    () => new Store({ backend }).deleteFolder("data", { recursive: true }),
    RemoteStoreError,
    "reset",
  );
  assert(error.path !== null);
});

Deno.test("BE-013 a file that somebody else has deleted is no failure", async () => {
  const { backend } = await fixture({ namespace: "flat", bulk: true });
  const deleteMany = backend.deleteMany?.bind(backend);
  backend.deleteMany = async (keys, request) => {
    await deleteMany?.(keys, request);
    return new Map(keys.map((key) => [key, new NotFoundError()]));
  };
  await new Store({ backend }).deleteFolder("data", { recursive: true });
});

Deno.test("BE-013 without bulk delete a page's deletes run side by side, but not all at once", async () => {
  const backend = new FailingBackend({ namespace: "flat" });
  const { inner } = backend;
  const seeder = new Store({ backend: inner });
  for (let i = 0; i < 100; i++) await seeder.write(`d/${i}`, "x");
  // One page for all, as S3 would give it.
  backend.list = (prefix, request) => inner.list(prefix, request);
  const store = new Store({ backend });
  await store.deleteFolder("d", { recursive: true });
  assertEquals(backend.deletes.length, 100);
  assert(1 < backend.peak && backend.peak <= 8, `${backend.peak} at once`);
});

Deno.test("BE-013 one failed delete stops none of its page", async () => {
  const backend = new FailingBackend({ namespace: "flat" });
  const { inner } = backend;
  const seeder = new Store({ backend: inner });
  for (let i = 0; i < 20; i++) await seeder.write(`d/${i}`, "x");
  backend.list = (prefix, request) => inner.list(prefix, request);
  backend.fail("delete", { reject: new PermissionDeniedError() }, 3);
  const error = await assertRejects(
    () => new Store({ backend }).deleteFolder("d", { recursive: true }),
    PermissionDeniedError,
  );
  const [left] = await pathsOf(seeder);
  assertEquals(error.path, left);
  assertEquals((await pathsOf(seeder)).length, 1);
});

Deno.test("BE-012 wrong type outranks missingOk", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    await assertRejects(
      () => store.delete("data", { missingOk: true }),
      InvalidPathError,
    );
    assertEquals((await pathsOf(store)).length, 4);
  }
});

Deno.test("GROW-002 markers are deleted in bulk, as files are, and the folder's own last", async () => {
  const backend = new FailingBackend({ namespace: "flat", bulk: true });
  const { inner } = backend;
  if (!(inner instanceof FlatBackend)) throw new Error("a flat one is needed");
  backend.list = (prefix, request) => inner.list(prefix, request);
  for (let i = 0; i < 2500; i++) inner.put(`d/${i}/`);
  inner.put("d/");
  inner.put("d/file", "x");
  const store = new Store({ backend });
  await store.deleteFolder("d", { recursive: true });
  assertEquals(inner.objects.size, 0);
  assertEquals(backend.calls, new Array(4).fill("deleteMany"));
});

Deno.test("GROW-002 without bulk delete markers go a few at a time, however they are listed", async () => {
  for (const listsMarkers of [false, true]) {
    const backend = new FailingBackend({ namespace: "flat", listsMarkers });
    const { inner } = backend;
    if (!(inner instanceof FlatBackend)) throw new Error("no flat one");
    backend.list = (prefix, request) => inner.list(prefix, request);
    for (let i = 0; i < 100; i++) inner.put(`d/${i}/`);
    let inFlight = 0;
    let peak = 0;
    const point = listsMarkers ? "removeFolder" : "delete";
    const run = async () => {
      peak = Math.max(peak, ++inFlight);
      await Promise.resolve();
      inFlight--;
    };
    for (let nth = 1; nth <= 100; nth++) backend.fail(point, { run }, nth);
    const store = new Store({ backend });
    await store.deleteFolder("d", { recursive: true });
    assertEquals(inner.objects.size, 0);
    assert(1 < peak && peak <= 8, `${peak} at once`);
  }
});

Deno.test("GROW-002 a deletion that was cut short finds its folder again", async () => {
  const backend = new FailingBackend({ namespace: "flat" });
  const { inner } = backend;
  if (!(inner instanceof FlatBackend)) throw new Error("a flat one is needed");
  for (const name of ["d/", "d/a", "d/b/", "d/c"]) inner.put(name);
  const store = new Store({ backend });
  backend.fail("delete", { reject: new PermissionDeniedError() }, 3);
  await assertRejects(
    () => store.deleteFolder("d", { recursive: true }),
    PermissionDeniedError,
  );
  assertEquals(await store.isFolder("d"), true);
  await store.deleteFolder("d", { recursive: true });
  assertEquals(inner.objects.size, 0);
});

Deno.test("BE-013 a folder that is not empty keeps its marker, on whatever page its content comes", async () => {
  for (const listsMarkers of [false, true]) {
    const backend = new FlatBackend({ pageEntries: 1, listsMarkers });
    backend.put("d/");
    backend.put("d/file", "x");
    const store = new Store({ backend });
    await assertRejects(() => store.deleteFolder("d"), DirectoryNotEmptyError);
    assertEquals([...backend.objects.keys()], ["d/", "d/file"]);
  }
});

Deno.test("ABSENT-001 a container that goes while its keys are deleted is told as one", async () => {
  const { backend } = await fixture({ namespace: "flat", bulk: true });
  const gone = containerNotFound("the bucket does not exist");
  backend.deleteMany = (keys) =>
    Promise.resolve(new Map(keys.map((key) => [key, gone])));
  const store = new Store({ backend });
  for (
    const call of [
      () => store.deleteFolder("data", { recursive: true }),
      () => store.deleteMany(["data/a.txt"], { missingOk: true }),
    ]
  ) {
    const error = await assertRejects(call, NotFoundError, "the bucket");
    assertEquals(error.path, null);
  }
});
