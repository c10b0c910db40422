// Kernel proof: a container that is absent is never an empty store.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { containerNotFound, NotFoundError, type Store } from "../../mod.ts";
import { isContainerNotFound } from "../../core/backend.ts";
import { fixture, NAMESPACES } from "./every_method.ts";

const GONE = { reject: containerNotFound('the bucket "b" does not exist') };

Deno.test("ABSENT-001 an absent container is an error of every call that learns of it", async () => {
  const points = ["stat", "read", "write", "list", "delete"] as const;
  const path = "data/a.txt";
  const missing = { missingOk: true };
  const all = { recursive: true };
  const calls: ((store: Store) => Promise<unknown>)[] = [
    (store) => store.exists(path),
    (store) => store.isFile(path),
    (store) => store.isFolder("data"),
    (store) => Array.fromAsync(store.listFiles("data")),
    (store) => Array.fromAsync(store.listFiles("")),
    (store) => Array.fromAsync(store.listFolders("", { maxDepth: 2 })),
    (store) => Array.fromAsync(store.iterChildren("")),
    (store) => store.readBytes(path),
    (store) => store.open(path, missing),
    (store) => store.openBlob(path),
    (store) => store.getFileInfo(path),
    (store) => store.getFolderInfo("data"),
    (store) => store.getFolderInfo(""),
    (store) => store.write(path, "x"),
    (store) => store.delete(path),
    (store) => store.delete(path, missing),
    (store) => store.deleteMany([path, "other.txt"]),
    (store) => store.deleteMany([path, "other.txt"], missing),
    (store) => store.deleteFolder("data"),
    (store) => store.deleteFolder("data", { ...missing, ...all }),
    (store) => store.move(path, "x"),
    (store) => store.copy(path, "x"),
  ];
  for (const namespace of NAMESPACES) {
    for (const [at, call] of calls.entries()) {
      for (const bulk of [true, false]) {
        const { store, backend } = await fixture({ namespace, bulk });
        for (const point of [...points, "deleteMany"] as const) {
          for (let nth = 1; nth < 20; nth++) backend.fail(point, GONE, nth);
        }
        for (const one of [store, store.child("deep")]) {
          const error = await assertRejects(
            () => call(one),
            NotFoundError,
            'the bucket "b" does not exist',
          );
          assertEquals(
            [error.path, error.backend],
            [null, "failing"],
            `call ${at} on a ${namespace} backend`,
          );
          assertEquals(isContainerNotFound(error), true);
        }
      }
    }
  }
});

Deno.test("ABSENT-002 the look behind a miss tells the container, a bare miss stays one", async () => {
  const { store, backend } = await fixture({ namespace: "flat" });
  for (
    const call of [
      () => store.readBytes("missing"),
      () => store.getFileInfo("missing"),
      () => store.exists("missing"),
      () => store.delete("missing", { missingOk: true }),
      () => store.move("missing", "x"),
      () => store.getFolderInfo("missing"),
    ]
  ) {
    backend.fail("list", GONE);
    const error = await assertRejects(call, NotFoundError, 'bucket "b"');
    assertEquals(error.path, null);
  }
  assertEquals(await store.isFile("missing"), false);
  assertEquals(await store.exists("missing"), false);
});

Deno.test("ABSENT-002 after an absent container nothing more is asked for", async () => {
  const { store, backend } = await fixture({ namespace: "flat" });
  for (let nth = 1; nth <= 200; nth++) backend.fail("stat", GONE, nth);
  const paths = Array.from({ length: 200 }, (_, i) => `p${i}`);
  await assertRejects(() => store.deleteMany(paths), NotFoundError, '"b"');
  const asked = backend.calls.length;
  assert(asked <= 8, `${asked} requests`);
});

Deno.test("PING-001 ping tells an absent container, and so does a write", async () => {
  const { store, backend } = await fixture();
  backend.fail("ping", GONE);
  const error = await assertRejects(
    () => store.ping(),
    NotFoundError,
    'Cannot ping: the bucket "b" does not exist',
  );
  assertEquals(error.path, null);
  backend.fail("write", GONE);
  const refused = await assertRejects(
    () => store.write("x", "y"),
    NotFoundError,
    'Cannot write "x": the bucket "b" does not exist',
  );
  assertEquals(refused.path, null);
});

Deno.test("ABSENT-001 BE-021 an absent container on a later page is an error, not an end", async () => {
  for (const namespace of NAMESPACES) {
    for (const page of [2, 3]) {
      const calls: Record<string, (store: Store) => Promise<unknown>> = {
        listFiles: (store) =>
          Array.fromAsync(store.listFiles("data", { recursive: true })),
        // Nothing matches, so that nothing was yielded when the container went.
        pattern: (store) =>
          Array.fromAsync(
            store.listFiles("data", { recursive: true, pattern: "none" }),
          ),
        getFolderInfo: (store) => store.getFolderInfo("data"),
      };
      if (namespace === "flat") {
        calls["deleteFolder"] = (store) =>
          store.deleteFolder("data", { recursive: true });
      }
      for (const [name, call] of Object.entries(calls)) {
        const { store, backend } = await fixture({ namespace });
        const error = new NotFoundError("no such bucket");
        backend.fail(
          "list",
          { reject: containerNotFound(error.message) },
          page,
        );
        await assertRejects(() => call(store), NotFoundError, "no such bucket");
        assertEquals(
          backend.calls.filter((c) => c === "list").length,
          page,
          name,
        );
      }
    }
  }
});
