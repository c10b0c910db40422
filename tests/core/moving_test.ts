import { assert, assertEquals, assertRejects } from "@std/assert";
import { MemoryBackend } from "../../backends/memory.ts";
import { inDoubt } from "../../core/doubt.ts";
import {
  AlreadyExistsError,
  BackendUnavailableError,
  InvalidPathError,
  NotFoundError,
  PermissionDeniedError,
  PreconditionFailedError,
  RemoteStoreError,
  Store,
} from "../../mod.ts";
import { fixture, NAMESPACES } from "./every_method.ts";

const ACTIONS = ["move", "copy"] as const;
const A = "data/a.txt";

for (const namespace of NAMESPACES) {
  for (const action of ACTIONS) {
    Deno.test(`BE-018 ${action} carries content, type and metadata on a ${namespace} backend`, async () => {
      const { store } = await fixture({ namespace });
      await store.write("x", "text", {
        contentType: "text/x",
        metadata: { k: "v" },
      });
      await store[action]("x", "deep/er/y");
      const info = await store.getFileInfo("deep/er/y");
      assertEquals([info.contentType, info.metadata, info.size], ["text/x", {
        k: "v",
      }, 4]);
      assertEquals(await store.readText("deep/er/y"), "text");
      assertEquals(await store.exists("x"), action === "copy");
    });

    Deno.test(`BE-018 ${action} to a key that the backend cannot keep asks nobody on a ${namespace} backend`, async () => {
      const { store, backend } = await fixture({ namespace });
      const picky = Object.assign(backend, {
        requireKey(key: string) {
          if (key === "data/bad") {
            throw new InvalidPathError("it is bad", { path: key });
          }
        },
      });
      picky.reset();
      const error = await assertRejects(
        () => store.child("data")[action]("missing", "bad"),
        InvalidPathError,
        `Cannot ${action} "missing" to "bad": it is bad`,
      );
      assertEquals([error.path, picky.calls.length], ["bad", 0]);
    });

    Deno.test(`STORE-008a ${action} onto itself sends nothing but the look on a ${namespace} backend`, async () => {
      const { store, backend } = await fixture({ namespace });
      for (const overwrite of [true, false]) {
        for (
          const spelling of [A, "data//a.txt", "/data/./a.txt", "data\\a.txt"]
        ) {
          backend.reset();
          await store[action](A, spelling, { overwrite });
          await store[action](spelling, A, { overwrite });
          assertEquals(backend.calls, ["stat", "stat"]);
        }
        await assertRejects(
          () => store[action]("no", "no", { overwrite }),
          NotFoundError,
        );
        await assertRejects(
          () => store[action]("data", "data", { overwrite }),
          InvalidPathError,
        );
      }
      assertEquals(await store.readText(A), "0123456789");
    });

    Deno.test(`BE-018 ${action} checks in the order of the contract on a ${namespace} backend`, async () => {
      const { store } = await fixture({ namespace });
      const fails = async (
        from: string,
        to: string,
        code: string,
        path: string,
      ) => {
        for (const overwrite of [true, false]) {
          const error = await assertRejects(
            () => store[action](from, to, { overwrite }),
            RemoteStoreError,
          );
          assertEquals(
            [error.code, error.path],
            [code, path],
            `${from} to ${to}`,
          );
        }
      };
      await fails("", "", "InvalidPath", "");
      await fails("missing", "./", "InvalidPath", "./");
      await fails("missing", "data", "NotFound", "missing");
      await fails("missing", "other.txt/x", "NotFound", "missing");
      await fails("data", "other.txt", "InvalidPath", "data");
      if (namespace === "hierarchical") {
        await fails(A, "data", "InvalidPath", "data");
        await fails(A, "other.txt/x", "InvalidPath", "other.txt/x");
        await fails(A, `${A}/x`, "InvalidPath", `${A}/x`);
      }
    });

    Deno.test(`BE-018 ${action} replaces a file only where that is asked for on a ${namespace} backend`, async () => {
      for (const without of [[], ["conditional_write"]] as const) {
        const { store } = await fixture({ namespace, without });
        await store.write("y", "old");
        const error = await assertRejects(
          () => store[action](A, "y"),
          AlreadyExistsError,
          `Cannot ${action} "data/a.txt" to "y": it exists and overwrite is false`,
        );
        assertEquals(error.path, "y");
        assertEquals(await store.readText("y"), "old");
        await store[action](A, "y", { overwrite: true });
        assertEquals(await store.readText("y"), "0123456789");
      }
    });
  }
}

Deno.test("BE-018 a failed delete after the copy is told, and both are there", async () => {
  const { store, backend } = await fixture({ namespace: "flat" });
  const denied = new PermissionDeniedError("no");
  backend.fail("delete", { reject: denied });
  const error = await assertRejects(
    () => store.move(A, "y"),
    RemoteStoreError,
    "it was copied, but could not be deleted, so it is at both places",
  );
  assertEquals([error.path, error.code], [A, "RemoteStoreError"]);
  assert(error.cause instanceof PermissionDeniedError);
  assertEquals(await store.readText(A), await store.readText("y"));
});

Deno.test("BE-018 a delete after the copy that may have been made is in doubt, and says what stands where", async () => {
  const { store, backend } = await fixture({ namespace: "flat" });
  const refusal = new PreconditionFailedError();
  backend.fail("delete", { reject: inDoubt(refusal) });
  const error = await assertRejects(
    () => store.move(A, "y"),
    BackendUnavailableError,
    "it was copied, and its source may have been deleted",
  );
  assert(error.inDoubt);
  assertEquals((error.cause as Error).cause, refusal);
  assertEquals(await store.exists("y"), true);
});

Deno.test("BE-018 at every point where a move breaks off, one end holds the content", async () => {
  for (const namespace of NAMESPACES) {
    const clean = await fixture({ namespace });
    await clean.store.move(A, "y");
    for (const point of new Set(clean.backend.calls)) {
      const { store, backend } = await fixture({ namespace });
      backend.fail(point, { reject: new TypeError("reset") });
      await assertRejects(() => store.move(A, "y"));
      const ends = await Promise.all([store.exists(A), store.exists("y")]);
      assert(ends.includes(true), `neither end after ${point}`);
    }
  }
});

Deno.test("BE-018 the version that was copied is the one that is deleted", async () => {
  const { store, backend } = await fixture({ namespace: "flat" });
  const { etag } = await store.getFileInfo(A);
  await store.move(A, "y");
  assertEquals(backend.deletes, [{ key: A, ifMatch: etag }]);
});

Deno.test("BE-018 a change between copy and delete is not lost", async () => {
  const { store, backend } = await fixture({ namespace: "flat" });
  const seeder = new Store({ backend: backend.inner });
  backend.fail("delete", {
    run: () => seeder.write(A, "changed", { overwrite: true }),
  });
  const error = await assertRejects(() => store.move(A, "y"), RemoteStoreError);
  assert(error.cause instanceof PreconditionFailedError);
  assertEquals(await store.readText(A), "changed");
  assertEquals(await store.readText("y"), "0123456789");
});

Deno.test("BE-018 a move in one step asks for no delete", async () => {
  const { store, backend } = await fixture();
  await store.move(A, "y");
  assertEquals(backend.calls.filter((call) => call !== "stat"), ["move"]);
});

Deno.test("BE-019 a copy leaves the source and its version alone", async () => {
  const { store } = await fixture();
  const before = await store.getFileInfo(A);
  await store.copy(A, "y");
  assertEquals(await store.getFileInfo(A), before);
});

Deno.test("Q6 in a child both ends are the child's", async () => {
  const { store } = await fixture({ namespace: "flat" });
  const child = store.child("data");
  await child.copy("a.txt", "copy.txt");
  assertEquals(await store.exists("data/copy.txt"), true);
  const error = await assertRejects(
    () => child.move("a.txt", "copy.txt"),
    AlreadyExistsError,
  );
  assertEquals(error.path, "copy.txt");
});

for (const action of ACTIONS) {
  Deno.test(`CAS-008 ${action} compares the source in the step that puts, too`, async () => {
    const backend = new MemoryBackend();
    const store = new Store({ backend });
    const { etag } = await store.write("a", "first");
    const look = backend.stat.bind(backend);
    backend.stat = async (key) => {
      const entry = await look(key);
      // Somebody writes right behind the look at the source.
      if (key === "a") await store.write("a", "second", { overwrite: true });
      return entry;
    };
    const error = await assertRejects(
      () => store[action]("a", "b", { sourceIfMatch: etag! }),
      PreconditionFailedError,
    );
    assertEquals([error.path, await store.exists("b")], ["a", false]);
  });
}
