import { assertEquals, assertRejects } from "@std/assert";
import {
  deleteBlob,
  deleteBlobs,
  deleteMarker,
} from "../../../backends/azure/deleting.ts";
import {
  isRemoteStoreError,
  NotFoundError,
  PreconditionFailedError,
} from "../../../mod.ts";
import { createFake, once } from "./fake_store.ts";

const isDelete = ({ method }: { method: string }) => method === "DELETE";
const NOW = { ifMatch: null, signal: undefined };

Deno.test("AZ-016 deleteBlob() takes snapshots along, and tells an absent file", async () => {
  const { settings, paths, sent } = createFake();
  paths.put("a", {});
  assertEquals(await deleteBlob(settings.container, "a", NOW), true);
  assertEquals(sent[0]?.headers.get("x-ms-delete-snapshots"), "include");
  assertEquals(await deleteBlob(settings.container, "a", NOW), false);
});

Deno.test("RET-001 deleteBlob() knows its own work where the answer was lost, with a condition too", async () => {
  for (const conditional of [false, true]) {
    const { settings, paths } = createFake({}, once(isDelete, "lost"));
    const { etag } = paths.put("a", {});
    const request = { ...NOW, ifMatch: conditional ? etag : null };
    assertEquals(await deleteBlob(settings.container, "a", request), true);
  }
});

Deno.test("CAS-005 deleteBlob() deletes no other version", async () => {
  const { settings, paths } = createFake();
  paths.put("a", {});
  const request = { ...NOW, ifMatch: '"other"' };
  await assertRejects(
    () => deleteBlob(settings.container, "a", request),
    PreconditionFailedError,
  );
  assertEquals(paths.nodes.has("a"), true);
});

Deno.test("AZ-016 deleteBlobs() sends batches of 256 and says what failed, each by its key", async () => {
  const { settings, paths, service } = createFake();
  const keys = Array.from({ length: 300 }, (_, n) => `a/${n}`);
  for (const key of keys) paths.put(key, {});
  paths.leased.add("a/7");
  const asked = [...keys, "absent"];
  const failed = await deleteBlobs(settings.container, asked, NOW);
  assertEquals(service.counts.get("POST batch"), 2);
  assertEquals([...paths.nodes.keys()], ["a/7"]);
  const codes = [...failed].map(([key, error]) => [
    key,
    isRemoteStoreError(error) ? error.code : error,
  ]);
  assertEquals(codes, [["a/7", "ResourceLocked"], ["absent", "NotFound"]]);
});

Deno.test("AZ-016 deleteBlobs() reports each key of a batch that gave no answer", async () => {
  const { settings } = createFake({}, () => new Response("", { status: 202 }));
  const failed = await deleteBlobs(settings.container, ["a", "b"], NOW);
  assertEquals([...failed.keys()], ["a", "b"]);
});

Deno.test("AZ-016 an absent container is an error of the whole batch", async () => {
  const { settings } = createFake({ container: "other" });
  await assertRejects(
    () => deleteBlobs(settings.container, ["a"], NOW),
    NotFoundError,
  );
});

Deno.test("AZ-016 without a key for the account there are no batches, and single deletes do it", async () => {
  const { store, paths, service } = createFake({
    accountKey: undefined,
    sasToken: "sig=x",
  });
  for (const name of ["d/a", "d/b"]) paths.put(name, {});
  await store.deleteFolder("d", { recursive: true });
  assertEquals(paths.nodes.size, 0);
  assertEquals(service.counts.get("DELETE"), 2);
});

Deno.test("AZ-009 deleteMarker() deletes both kinds of markers, and no file", async () => {
  const { settings, paths } = createFake();
  paths.put("d", { metadata: { hdi_isfolder: "true" } });
  paths.put("d/", {});
  paths.put("e", {});
  await deleteMarker(settings.container, "d", undefined);
  await deleteMarker(settings.container, "e", undefined);
  assertEquals([...paths.nodes.keys()], ["e"]);
});
