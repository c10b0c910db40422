import { assert } from "@std/assert";
import { Store, type StoreLike } from "@remote-store/core";
import { MemoryBackend } from "@remote-store/core/backends/memory";
import { ObservedStore } from "../../../ext/_observe/store.ts";

Deno.test("ObservedStore is a StoreLike, and can be observed again", async () => {
  const store: StoreLike = new ObservedStore(
    new ObservedStore(new Store({ backend: new MemoryBackend() }), {}),
    {},
  );
  assert(!await store.child("a").exists("b"));
});
