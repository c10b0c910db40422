// Kernel proof: what can be refused without asking is refused without asking, in one
// order: closed, path, options, capabilities, content.
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CapabilityNotSupportedError,
  InvalidArgumentError,
  InvalidPathError,
  isRemoteStoreError,
  Store,
  type StoreLike,
} from "../../mod.ts";
import { Mount } from "../../core/mount.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { FILE_METHODS, fixture, NAMESPACES } from "./every_method.ts";

/** Every way to write the root that a guard of two strings would miss. */
const ROOTS = ["", ".", "/", "./", ".//", "./."];

const MALFORMED = ["..", "a/../b", "..\\x", "a\\..", "a\0b", "\0", "a/\ud800"];

for (const namespace of NAMESPACES) {
  Deno.test(`STORE-002 file calls on the root ask a ${namespace} backend nothing`, async () => {
    const { store, backend } = await fixture({ namespace });
    for (const at of [store, store.child("data")]) {
      for (const root of ROOTS) {
        for (const method of FILE_METHODS) {
          const error = await assertRejects(
            async () => await method.at?.(at, root),
            InvalidPathError,
            "it is the root of the store",
          );
          assertEquals([error.path, error.backend], [root, "failing"]);
        }
        for (const overwrite of [true, false]) {
          for (const action of ["move", "copy"] as const) {
            // The one check of the destination that outranks a missing source.
            const error = await assertRejects(
              () => at[action]("missing", root, { overwrite }),
              InvalidPathError,
            );
            assertEquals(error.path, root);
          }
          await assertRejects(
            () => at.write(root, "x", { overwrite }),
            InvalidPathError,
          );
        }
      }
    }
    assertEquals(backend.calls, []);
  });

  Deno.test(`BE-029 the root of a ${namespace} store exists without a request`, async () => {
    const { store, backend } = await fixture({ namespace });
    const child = store.child("nothing/here");
    for (const at of [store, child]) {
      for (const root of ROOTS) {
        assertEquals(await at.exists(root), true);
        assertEquals(await at.isFolder(root), true);
        assertEquals(await at.isFile(root), false);
      }
    }
    assertEquals(backend.calls, []);
    for (const root of ROOTS) {
      assertEquals((await store.getFolderInfo(root)).fileCount, 4);
      assertEquals((await child.getFolderInfo(root)).fileCount, 0);
      assertEquals((await Array.fromAsync(store.iterChildren(root))).length, 2);
    }
  });

  Deno.test(`PATH-003 malformed paths ask a ${namespace} backend nothing`, async () => {
    const { store, backend } = await fixture({ namespace });
    for (const path of MALFORMED) {
      for (const method of FILE_METHODS) {
        const error = await assertRejects(
          async () => await method.at?.(store, path),
          InvalidPathError,
        );
        assertEquals([error.path, error.backend], [path, "failing"]);
      }
      for (const probe of ["exists", "isFile", "isFolder"] as const) {
        await assertRejects(() => store[probe](path), InvalidPathError);
      }
      assertThrows(() => store.listFiles(path), InvalidPathError);
      assertThrows(() => store.listFolders(path), InvalidPathError);
      assertThrows(() => store.iterChildren(path), InvalidPathError);
      await assertRejects(() => store.move("a", path), InvalidPathError);
    }
    assertEquals(backend.calls, []);
  });
}

Deno.test("PATH a path that is no string is an argument error that rejects", async () => {
  const { store, backend } = await fixture();
  for (const path of [undefined, null, 5, {}, ["a"], Symbol("a")]) {
    for (const method of FILE_METHODS) {
      await assertRejects(
        async () => await method.at?.(store, path as never),
        InvalidArgumentError,
        "a string is needed",
      );
    }
  }
  assertEquals(backend.calls, []);
});

Deno.test("ASYNC-045 what returns a promise never throws at the call", async () => {
  const { store } = await fixture();
  for (const method of FILE_METHODS) {
    const promise = method.at?.(store, "..");
    assert(promise instanceof Promise, method.name);
    await promise.catch(() => {});
  }
});

Deno.test("STORE-006 a missing capability is refused before anything is asked", async () => {
  const gates: readonly (readonly [
    capability: Parameters<Store["supports"]>[0],
    calls: Readonly<Record<string, (store: StoreLike) => unknown>>,
  ])[] = [
    ["read", {
      read: (s) => s.read("data/a.txt"),
      readBytes: (s) => s.readBytes("data/a.txt"),
      readText: (s) => s.readText("data/a.txt"),
      openBlob: (s) => s.openBlob("data/a.txt"),
    }],
    ["write", {
      write: (s) => s.write("x", "y"),
      writeText: (s) => s.writeText("x", "y"),
    }],
    ["atomic_write", {
      writeAtomic: (s) => s.writeAtomic("x", "y"),
      openAtomic: (s) => s.openAtomic("x"),
    }],
    ["delete", {
      delete: (s) => s.delete("data/a.txt"),
      deleteFolder: (s) => s.deleteFolder("data"),
    }],
    ["list", {
      listFiles: (s) => s.listFiles("data"),
      listFolders: (s) => s.listFolders("data"),
      iterChildren: (s) => s.iterChildren("data"),
      maxDepth: (s) => s.getFolderInfo("data", { maxDepth: 0 }),
    }],
    ["metadata", {
      getFileInfo: (s) => s.getFileInfo("data/a.txt"),
      getFolderInfo: (s) => s.getFolderInfo("data"),
      head: (s) => s.head("data/a.txt"),
      openBlob: (s) => s.openBlob("data/a.txt"),
    }],
    ["move", { move: (s) => s.move("data/a.txt", "x") }],
    ["copy", { copy: (s) => s.copy("data/a.txt", "x") }],
    ["glob", { glob: (s) => s.glob("*") }],
    ["user_metadata", {
      write: (s) => s.write("x", "y", { metadata: { a: "b" } }),
      openAtomic: (s) => s.openAtomic("x", { metadata: { a: "b" } }),
    }],
    ["conditional_write", {
      write: (s) => s.write("x", "y", { ifMatch: '"1"' }),
    }],
  ];
  for (const [capability, calls] of gates) {
    const { store, backend } = await fixture({
      namespace: "flat",
      without: [capability],
    });
    for (const [name, call] of Object.entries(calls)) {
      try {
        await call(store);
        assert(false, `${name} without ${capability}`);
      } catch (error) {
        if (!isRemoteStoreError(error)) throw error;
        assert(error.code === "CapabilityNotSupported", `${name}: ${error}`);
        assertEquals(error.capability, capability, name);
        assert(error.path !== null, name);
      }
    }
    assertEquals(backend.calls, [], capability);
  }
});

Deno.test("CAP-007 no method is gated by a quality flag", async () => {
  const { store } = await fixture({
    namespace: "flat",
    without: ["seekable_read", "lazy_read", "write_result_native"],
  });
  const range = { offset: 2, length: 3 };
  assertEquals(
    new TextDecoder().decode(await store.readBytes("data/a.txt", { range })),
    "234",
  );
  await store.write("x", "y");
  await store.move("x", "z");
  assertEquals(await store.readText("z"), "y");
});

Deno.test("WR-010 empty metadata needs no capability", async () => {
  const { store } = await fixture({
    namespace: "flat",
    without: ["user_metadata"],
  });
  for (const metadata of [{}, null, undefined]) {
    const { metadata: echo } = await store.write("x", "y", {
      metadata,
      overwrite: true,
    });
    assertEquals(echo, null);
  }
});

Deno.test("Q3 the order is path, shape, gate, content", async () => {
  const { backend } = await fixture({
    namespace: "flat",
    without: ["write", "user_metadata"],
  });
  const store = new Store({ backend });
  const metadata = { _bad: "x" };
  const locked = new ReadableStream<Uint8Array>();
  locked.getReader();
  await assertRejects(
    () => store.write("..", locked, { metadata }),
    InvalidPathError,
  );
  // Shape before capability, on a backend that has neither.
  await assertRejects(
    () => store.write("x", locked, { metadata }),
    InvalidArgumentError,
    '"_bad" starts with an underscore',
  );
  const gate = await assertRejects(
    () => store.write("x", locked, { metadata: { good: "x" } }),
    CapabilityNotSupportedError,
    "does not support write",
  );
  assertEquals(gate.capability, "write");
  assertEquals(backend.calls, []);
});

Deno.test("STORE-006 a refused content is untouched and unlocked", async () => {
  const { store } = await fixture({ namespace: "flat", without: ["write"] });
  const content = ReadableStream.from([new Uint8Array([65])]);
  await assertRejects(
    () => store.write("x", content),
    CapabilityNotSupportedError,
  );
  assertEquals(content.locked, false);
  assertEquals(await new Response(content).text(), "A");
});

Deno.test("Mount joins and strips the root by segments", () => {
  const mount = new Mount(new MemoryBackend(), "data", false);
  assertEquals(mount.fileKey("read", "a//b"), "data/a/b");
  assertEquals(mount.folderKey("list", "."), "data");
  assertEquals(mount.pathOf("data/a"), "a");
  assertEquals(mount.pathOf("data"), ".");
});
