import { assert, assertEquals, assertRejects } from "@std/assert";
import { R2Backend } from "../../../backends/r2/mod.ts";
import { InvalidPathError, NotFoundError, Store } from "../../../mod.ts";
import { FakeR2 } from "../../fakes/r2/bucket.ts";
import { at, createFake, numbered } from "./setup.ts";

Deno.test("R2-005: no method uses the place of drafts", async () => {
  const { store, fake } = createFake();
  await store.write("a", "x");
  const path = ".~tmp/a";
  const calls: (() => Promise<unknown>)[] = [
    () => store.write(path, "x"),
    () => store.read(path),
    () => store.exists(path),
    () => store.delete(path),
    () => store.copy("a", path),
    () => store.move("a", path),
    () => store.copy(path, "b"),
  ];
  for (const call of calls) {
    await assertRejects(call, InvalidPathError, "kept for uploads under way");
  }
  assertEquals([...fake.objects.keys()], ["a"]);
});

Deno.test("PING-010: ping asks for the start of a listing, and knows a bucket that is gone", async () => {
  const { store, fake } = createFake(at("list", 2, numbered(10006)));
  await store.ping();
  assertEquals([...fake.counts], [["list", 1]]);
  const error = await assertRejects(() => store.ping(), NotFoundError);
  assertEquals(error.path, null);
});

Deno.test("R2-016: native paths begin with the bucket's name, where it was given", () => {
  const bucket = new FakeR2();
  const plain = new Store({ backend: new R2Backend({ bucket }), root: "r" });
  assertEquals(plain.nativePath("a/b"), "r/a/b");
  assertEquals(plain.toKey("r/a/b"), "a/b");
  const named = new R2Backend({ bucket, bucketName: "photos" });
  assertEquals([named.nativePath(""), named.nativePath("a")], [
    "photos",
    "photos/a",
  ]);
  assertEquals([named.toKey("photos"), named.toKey("photos/a")], ["", "a"]);
  assertEquals(named.toKey("photosx/a"), "photosx/a");
  const { details } = new Store({ backend: named }).resolve("a");
  assertEquals(details, { bucket: "photos", objectKey: "a" });
});

Deno.test("unwrap gives the binding, to who knows its class", () => {
  const { fake } = createFake();
  const store = new Store({ backend: new R2Backend({ bucket: fake }) });
  assertEquals(store.unwrap(FakeR2), fake);
});

Deno.test("deleteFolder removes files, and the marker that another tool has left", async () => {
  const { store, fake } = createFake();
  for (const key of ["f/", "f/a", "f/b/"]) {
    fake.store(key, new Uint8Array(0), "e", {}, {});
  }
  await store.deleteFolder("f", { recursive: true });
  assert(fake.objects.size === 0);
});
