import { assertEquals, assertRejects } from "@std/assert";
import { remove, removeMany } from "../../../backends/r2/deleting.ts";
import {
  BackendUnavailableError,
  isRemoteStoreError,
  PermissionDeniedError,
  PreconditionFailedError,
} from "../../../mod.ts";
import { at, createFake, LOST, numbered } from "./setup.ts";

const NONE = { ifMatch: null, signal: undefined };

Deno.test("R2-014: a delete with ifMatch looks, and leaves another version", async () => {
  const { settings, store, fake } = createFake();
  const { etag } = await store.write("a", "x");
  const other = { ifMatch: '"other"', signal: undefined };
  await assertRejects(
    () => remove(settings, "a", other),
    PreconditionFailedError,
  );
  assertEquals(await store.exists("a"), true);
  assertEquals(await remove(settings, "a", { ...other, ifMatch: etag }), true);
  assertEquals(await remove(settings, "a", { ...other, ifMatch: etag }), false);
  assertEquals(await remove(settings, "a", NONE), true);
  assertEquals(fake.counts.get("delete"), 2);
});

Deno.test("R2-006: a delete is repeated, and in doubt where its answers are lost", async () => {
  const once = createFake(at("delete", 1, "lost"));
  await once.store.write("a", "x");
  await once.store.delete("a");
  const always = createFake((method) =>
    method === "delete" ? new Error(LOST) : null
  );
  await assertRejects(
    () => remove(always.settings, "a", NONE),
    BackendUnavailableError,
    "the change may have been made",
  );
});

Deno.test("R2-014: many are deleted by the thousand, and what fails is named", async () => {
  const { settings, fake } = createFake();
  const keys = Array.from({ length: 2001 }, (_, i) => `k${i}`);
  for (const key of keys) fake.store(key, new Uint8Array(0), "e", {}, {});
  const failed = await removeMany(
    settings,
    [...keys, "k".repeat(1025), ".~tmp/x"],
    undefined,
  );
  assertEquals([fake.objects.size, fake.counts.get("delete")], [0, 3]);
  const codes = [...failed.values()].map((error) =>
    isRemoteStoreError(error) && error.code
  );
  assertEquals(codes, ["InvalidPath", "InvalidPath"]);
});

Deno.test("R2-014: a call that fails for some fails for its keys only", async () => {
  const { settings } = createFake(at("delete", 1, numbered(10003)));
  const keys = Array.from({ length: 1001 }, (_, i) => `k${i}`);
  const failed = await removeMany(settings, keys, undefined);
  assertEquals(failed.size, 1000);
  assertEquals(failed.get("k0") instanceof PermissionDeniedError, true);
  assertEquals(failed.has("k1000"), false);
});
