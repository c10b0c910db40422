import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  InvalidPathError,
  NotFoundError,
  PermissionDeniedError,
  Store,
} from "../../mod.ts";
import type { Point } from "../fakes/failing_backend.ts";
import { fixture, NAMESPACES } from "./every_method.ts";

const DENIED = { reject: new PermissionDeniedError() };

Deno.test("BE-021 a file call on a folder is InvalidPath on every backend", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    const calls = [
      store.read("data"),
      store.readBytes("data"),
      store.getFileInfo("data"),
      store.head("data"),
      store.delete("data"),
      store.delete("data", { missingOk: true }),
      store.move("data", "x"),
      store.copy("data", "x"),
      store.openBlob("data"),
    ];
    for (const call of calls) {
      const error = await assertRejects(
        () => call,
        InvalidPathError,
        "it is a folder",
      );
      assertEquals(error.path, "data");
    }
  }
});

Deno.test("BE-013 BE-017 a folder call on a file is InvalidPath on every backend", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    const calls = [
      store.deleteFolder("data/a.txt"),
      store.deleteFolder("data/a.txt", { missingOk: true, recursive: true }),
      store.getFolderInfo("data/a.txt"),
      store.getFolderInfo("data/a.txt", { maxDepth: 1 }),
    ];
    for (const call of calls) {
      await assertRejects(() => call, InvalidPathError, "it is a file");
    }
  }
});

Deno.test("BE-021 a probe after a miss fails open", async () => {
  const probes: readonly (readonly ["flat" | "hierarchical", Point])[] = [
    ["flat", "list"],
    ["hierarchical", "stat"],
  ];
  for (const [namespace, point] of probes) {
    const { store, backend } = await fixture({ namespace });
    backend.fail(point, DENIED);
    await assertRejects(() => store.readBytes("missing"), NotFoundError);
    assertEquals(backend.calls, ["read", point]);
  }
  const { store, backend } = await fixture({ namespace: "flat" });
  backend.fail("list", DENIED);
  await assertRejects(() => store.getFileInfo("missing"), NotFoundError);
  backend.fail("stat", DENIED);
  backend.reset();
});

Deno.test("BE-021 a probe that decides fails closed", async () => {
  const denied = async (
    point: Point,
    call: (store: Store) => Promise<unknown>,
  ) => {
    for (const namespace of NAMESPACES) {
      const { store, backend } = await fixture({ namespace });
      backend.fail(point, DENIED);
      await assertRejects(() => call(store), PermissionDeniedError);
    }
  };
  await denied("stat", (store) => store.exists("missing"));
  await denied("stat", (store) => store.isFile("missing"));
  await denied("stat", (store) => store.getFileInfo("missing"));
  await denied("stat", (store) => store.deleteFolder("missing"));
  await denied("stat", (store) => store.getFolderInfo("missing"));
  await denied("stat", (store) => store.move("missing", "x"));
  await denied("stat", (store) => store.copy("missing", "x"));
});

Deno.test("BE-021 a call that finds its file pays for no probe", async () => {
  for (const namespace of NAMESPACES) {
    const { store, backend } = await fixture({ namespace });
    await store.readBytes("data/a.txt");
    assertEquals(backend.calls.filter((call) => call !== "chunk"), ["read"]);
    backend.reset();
    await store.getFileInfo("data/a.txt");
    assertEquals(backend.calls, ["stat"]);
  }
});

Deno.test("BE-012 a backend whose delete tells nothing is asked first", async () => {
  const { store, backend } = await fixture({ namespace: "flat" });
  await assertRejects(() => store.delete("missing"), NotFoundError);
  assertEquals(backend.calls, ["stat", "list"]);
  backend.reset();
  await store.delete("missing", { missingOk: true });
  assertEquals(backend.calls, ["stat", "list"]);
  backend.reset();
  await store.delete("data/a.txt");
  assertEquals(backend.calls, ["stat", "delete"]);
});

Deno.test("BE-012 a backend whose delete tells is not", async () => {
  const { store, backend } = await fixture({
    namespace: "flat",
    deleteTells: true,
  });
  await store.delete("data/a.txt");
  assertEquals(backend.calls, ["delete"]);
  await assertRejects(() => store.delete("missing"), NotFoundError);
  await assertRejects(() => store.delete("data"), InvalidPathError);
});

Deno.test("BE-008 a flat backend is asked nothing before a put", async () => {
  const { store, backend } = await fixture({ namespace: "flat" });
  await store.write("data", "shadows the prefix");
  await store.write("data/a.txt/below", "below a file");
  assertEquals(backend.calls, ["write", "commit", "write", "commit"]);
});

Deno.test("ID-211 strictFolders refuses both on a flat backend", async () => {
  const { backend } = await fixture({ namespace: "flat" });
  const store = new Store({ backend, strictFolders: true });
  await assertRejects(
    () => store.write("data", "x", { overwrite: true }),
    InvalidPathError,
    "it is a folder",
  );
  const below = await assertRejects(
    () => store.write("data/a.txt/b/c", "x"),
    InvalidPathError,
    '"a.txt" above it is a file',
  );
  assertEquals(below.path, "data/a.txt/b/c");
  await assertRejects(() => store.copy("other.txt", "data"), InvalidPathError);
  backend.reset();
  await store.write("data/fresh", "x");
  assertEquals(backend.calls, ["list", "stat", "write", "commit"]);
});

Deno.test("ID-211 only a confirmed miss counts as clear", async () => {
  for (const point of ["stat", "list"] as const) {
    const { backend } = await fixture({ namespace: "flat" });
    const store = new Store({ backend, strictFolders: true });
    backend.fail(point, DENIED);
    await assertRejects(
      () => store.write("data/x", "y"),
      PermissionDeniedError,
    );
    assertEquals(backend.calls.includes("write"), false);
  }
});

Deno.test("BE-004 a hierarchical path below a file is absent, not an error", async () => {
  const { store } = await fixture();
  const below = "data/a.txt/below";
  assertEquals(await store.exists(below), false);
  assertEquals(await store.isFile(below), false);
  assertEquals(await store.isFolder(below), false);
  assertEquals(await Array.fromAsync(store.listFiles(below)), []);
  await assertRejects(() => store.readBytes(below), NotFoundError);
  await assertRejects(() => store.getFileInfo(below), NotFoundError);
  await assertRejects(() => store.delete(below), NotFoundError);
  await store.delete(below, { missingOk: true });
  await assertRejects(() => store.write(below, "x"), InvalidPathError);
});

Deno.test("BE-004 on a flat backend a file and a folder of one name both exist", async () => {
  const { store } = await fixture({ namespace: "flat" });
  await store.write("data", "x");
  assertEquals(await store.isFile("data"), true);
  assertEquals(await store.isFolder("data"), true);
  assertEquals(await store.readText("data"), "x");
});

Deno.test("ID-211 the first probe that fails ends the others, and nothing is sent after the call", async () => {
  for (const point of ["stat", "list"] as const) {
    for (const nth of [1, 3]) {
      const { backend } = await fixture({ namespace: "flat" });
      const store = new Store({ backend, strictFolders: true });
      const path = Array.from({ length: 40 }, (_, i) => `f${i}`).join("/");
      backend.fail(point, DENIED, point === "list" ? 1 : nth);
      // The others hang, and end by their signal only.
      for (let other = 4; other < 40; other++) {
        backend.fail("stat", { hang: true }, other);
      }
      await assertRejects(() => store.write(path, "y"), PermissionDeniedError);
      const asked = backend.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 10));
      assertEquals(backend.calls.length, asked);
      assertEquals(backend.late, []);
      assert(asked <= 12, `${asked} requests`);
    }
  }
});

Deno.test("ID-211 probes run a few at a time, and the nearest file is named", async () => {
  const { backend } = await fixture({ namespace: "flat" });
  const store = new Store({ backend, strictFolders: true });
  const names = Array.from({ length: 40 }, (_, i) => `f${i}`);
  await new Store({ backend }).write(names.slice(0, 20).join("/"), "x");
  const error = await assertRejects(
    () => store.write(names.join("/"), "y"),
    InvalidPathError,
    `"f19" above it is a file`,
  );
  assertEquals(error.path, names.join("/"));
});
