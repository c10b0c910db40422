import { assertEquals, assertRejects } from "@std/assert";
import { MemoryBackend } from "../../../backends/memory.ts";
import { presign } from "../../../backends/azure/mod.ts";
import {
  CapabilityNotSupportedError,
  InvalidPathError,
  Store,
} from "../../../mod.ts";
import { createFake } from "./fake_store.ts";

const options = () => ({
  permissions: "r",
  expires: new Date(Date.now() + 600_000),
});

Deno.test("AZ-044 PRESIGN presign() takes the store's own path, a child's too", async () => {
  const { store, service } = createFake();
  const child = store.child("x");
  await child.write("a b", "A");
  const url = await presign(child, "a b", options());
  assertEquals(new URL(url).pathname, "/files/x/a%20b");
  const got = await service.fetch(url, { method: "GET" });
  assertEquals(await got.text(), "A");
});

Deno.test("AZ-044 PRESIGN presign() signs for no folder and for no other backend", async () => {
  const { store } = createFake();
  for (const root of [store, store.child("x")]) {
    await assertRejects(() => presign(root, "", options()), InvalidPathError);
  }
  const other = new Store({ backend: new MemoryBackend() });
  await assertRejects(
    () => presign(other, "a", options()),
    CapabilityNotSupportedError,
  );
});
