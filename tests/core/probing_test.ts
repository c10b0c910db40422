import { assertEquals, assertRejects } from "@std/assert";
import {
  CapabilityNotSupportedError,
  InvalidPathError,
  NotFoundError,
  Store,
} from "../../mod.ts";
import { fixture, NAMESPACES } from "./every_method.ts";

Deno.test("BE-004 a probe answers by what stands there", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    const rows = {
      "data/a.txt": [true, true, false],
      data: [true, false, true],
      none: [false, false, false],
    };
    for (const [path, expected] of Object.entries(rows)) {
      assertEquals([
        await store.exists(path),
        await store.isFile(path),
        await store.isFolder(path),
      ], expected);
    }
  }
});

Deno.test("BE-004 a probe costs one request, exists on a flat backend two after a miss", async () => {
  const { store, backend } = await fixture({ namespace: "flat" });
  await store.exists("data/a.txt");
  await store.isFile("data");
  await store.isFolder("data");
  await store.exists("data");
  assertEquals(backend.calls, ["stat", "stat", "list", "stat", "list"]);
});

Deno.test("BE-004 without LIST a flat store has no folders", async () => {
  const { store } = await fixture({ namespace: "flat", without: ["list"] });
  assertEquals([await store.isFolder("data"), await store.exists("data")], [
    false,
    false,
  ]);
  await assertRejects(() => store.readBytes("data"), NotFoundError);
});

Deno.test("WR-008 head is the file's info in another shape", async () => {
  const { store } = await fixture();
  const info = await store.getFileInfo("data/a.txt");
  assertEquals(await store.head("/data/a.txt"), {
    path: "data/a.txt",
    size: 10,
    source: "sidecar",
    digest: null,
    etag: info.etag,
    versionId: null,
    lastModified: info.lastModified,
    metadata: null,
  });
});

Deno.test("BE-016 an info is asked for in vain", async () => {
  for (const namespace of NAMESPACES) {
    const { store } = await fixture({ namespace });
    await assertRejects(
      () => store.getFileInfo("none"),
      NotFoundError,
      'Cannot look up "none": it does not exist',
    );
    await assertRejects(
      () => store.head("data"),
      InvalidPathError,
      'Cannot look up "data": it is a folder',
    );
    await assertRejects(
      () => store.openBlob("none"),
      NotFoundError,
      'Cannot open "none"',
    );
  }
});

Deno.test("PING-001 a ping is one request and changes nothing", async () => {
  const { store, backend } = await fixture();
  assertEquals(await store.ping(), undefined);
  assertEquals(backend.calls, ["ping"]);
});

Deno.test("openBlob needs to know the size", async () => {
  const { backend } = await fixture();
  const stat = backend.stat.bind(backend);
  backend.stat = async (key, request) => {
    const entry = await stat(key, request);
    return entry?.kind === "file" ? { ...entry, size: null } : entry;
  };
  await assertRejects(
    () => new Store({ backend }).openBlob("data/a.txt"),
    CapabilityNotSupportedError,
    "does not tell its size",
  );
});
