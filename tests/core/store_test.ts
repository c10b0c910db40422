import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  type Backend,
  CapabilityNotSupportedError,
  InvalidArgumentError,
  InvalidPathError,
  Store,
} from "../../mod.ts";
import { MemoryBackend } from "../../backends/memory.ts";
import { FailingBackend } from "../fakes/failing_backend.ts";
import { FlatBackend } from "../fakes/flat_backend.ts";

Deno.test("STORE-001 a store needs a backend and takes a root", () => {
  for (const bad of [undefined, {}, { backend: {} }, { backend: null }]) {
    assertThrows(
      () => new Store(bad as never),
      InvalidArgumentError,
      "it has no backend",
    );
  }
  const backend = new MemoryBackend();
  for (const root of [undefined, "", ".", "/", "./"]) {
    assertEquals(`${new Store({ backend, root })}`, "Store(memory:)");
  }
  assertEquals(
    `${new Store({ backend, root: "/a//b/" })}`,
    "Store(memory:a/b)",
  );
  assertThrows(() => new Store({ backend, root: "a/../b" }), InvalidPathError);
});

Deno.test("STORE-003 the root is put in front, and taken off what comes back", async () => {
  const backend = new MemoryBackend();
  const whole = new Store({ backend });
  const store = new Store({ backend, root: "a/b" });
  const { path } = await store.write("/c//d.txt", "x");
  assertEquals(path, "c/d.txt");
  assertEquals(await whole.readText("a/b/c/d.txt"), "x");
  assertEquals((await store.getFileInfo("c/d.txt")).path, "c/d.txt");
  assertEquals((await store.getFolderInfo("")).path, ".");
});

Deno.test("CHILD-001 a child is a store over a folder", async () => {
  const backend = new MemoryBackend();
  const store = new Store({ backend });
  const child = store.child("a").child("b/c");
  await child.write("x", "1");
  assertEquals(await store.readText("a/b/c/x"), "1");
  assert(child.equals(store.child("a/b/c")));
  assert(child.equals(new Store({ backend, root: "a/b/c" })));
  assertEquals(`${child}`, "Store(memory:a/b/c)");
});

Deno.test("CHILD-003 a child is never the root or outside", () => {
  const store = new Store({ backend: new MemoryBackend() });
  for (const bad of ["", ".", "/", "./", "..", "a/../..", "a\0", "..\\x"]) {
    assertThrows(() => store.child(bad), InvalidPathError);
  }
});

Deno.test("STORE-010 stores are equal by backend and root", () => {
  const backend = new MemoryBackend();
  const store = new Store({ backend, root: "a" });
  assert(store.equals(new Store({ backend, root: "a/" })));
  assert(!store.equals(new Store({ backend })));
  assert(!store.equals(new Store({ backend: new MemoryBackend(), root: "a" })));
  for (const other of [null, undefined, {}, "a", backend]) {
    assert(!store.equals(other));
  }
});

Deno.test("STORE-009 leaving the block closes the backend of its owner only", async () => {
  const backend = new FailingBackend();
  {
    await using store = new Store({ backend });
    await using _child = store.child("a");
    assertEquals(store.supports("read"), true);
  }
  assertEquals(backend.calls, ["close"]);
});

Deno.test("NPR-009 nativePath and toKey are inverse", () => {
  const store = new Store({ backend: new FlatBackend(), root: "a" });
  for (const path of ["x", "x/y", "x//y"]) {
    assertEquals(store.toKey(store.nativePath(path)), path.replace("//", "/"));
  }
  assertEquals([store.nativePath(""), store.nativePath(".")], [
    "bucket/a",
    "bucket/a",
  ]);
  assertEquals(store.toKey("bucket/a"), "");
});

Deno.test("NPR-013 what is outside of the store has no path in it", () => {
  const store = new Store({ backend: new FlatBackend(), root: "data" });
  for (
    const outside of [
      "bucket/database/x",
      "bucket",
      "other/data/x",
      "bucket/dat",
    ]
  ) {
    const error = assertThrows(
      () => store.toKey(outside),
      InvalidPathError,
      "it lies outside of the store",
    );
    assertEquals(error.path, outside);
  }
});

Deno.test("RES-010 resolve is a frozen plan without a request", () => {
  const backend: Backend = Object.assign(
    new FailingBackend({ namespace: "flat" }),
    {
      describe: (key: string) => ({ bucket: "b", key }),
    },
  );
  const store = new Store({ backend, root: "r" });
  const plan = store.resolve("/x//y");
  assertEquals(plan, {
    backend: "failing",
    path: "x/y",
    nativePath: "bucket/r/x/y",
    details: { bucket: "b", key: "r/x/y" },
  });
  assert(Object.isFrozen(plan) && Object.isFrozen(plan.details));
  assertEquals(store.resolve("").path, ".");
  assertEquals(plan.nativePath, store.nativePath("x/y"));
  assertThrows(() => store.resolve(".."), InvalidPathError);
  assertEquals((backend as FailingBackend).calls, []);
});

Deno.test("STORE-013 unwrap gives the backend or its handle, else an error", () => {
  class Handle {
    readonly url = "x";
  }
  class Other {
    readonly kind = "other";
  }
  const handle = new Handle();
  const backend = Object.assign(new MemoryBackend(), {
    unwrap: <T>(type: abstract new (...args: never[]) => T) =>
      handle instanceof type ? handle : null,
  });
  const store = new Store({ backend });
  assertStrictEquals(store.unwrap(MemoryBackend), backend);
  assertStrictEquals(store.child("a").unwrap(Handle), handle);
  assertThrows(
    () => store.unwrap(Other),
    CapabilityNotSupportedError,
    "Cannot unwrap Other: the backend memory has none",
  );
  assertThrows(
    () => new Store({ backend: new MemoryBackend() }).unwrap(Handle),
    CapabilityNotSupportedError,
  );
});

Deno.test("STORE-005 supports answers from the declaration at the mount", () => {
  const store = new Store({ backend: new MemoryBackend() });
  assertEquals([
    store.supports("read"),
    store.supports("glob"),
    store.supports("presign"),
  ], [true, false, false]);
});

Deno.test("STORE-007 a store shows no secrets and hides its state", () => {
  const store = new Store({ backend: new MemoryBackend() });
  assertEquals(Object.keys(store), []);
  assertEquals(JSON.stringify(store), "{}");
});

Deno.test("STORE-012 the path in an error feeds back into the store", async () => {
  const store = new Store({ backend: new MemoryBackend() }).child("deep/er");
  const error = await assertRejects(() => store.readText("x//y"));
  assertEquals((error as { path?: string }).path, "x/y");
});
