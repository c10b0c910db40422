import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  BackendUnavailableError,
  CapabilityNotSupportedError,
  NotFoundError,
  RemoteStoreError,
} from "../../../mod.ts";
import { createFake, once, type Sent } from "./fake_store.ts";
import { holdIgnored } from "./versions.ts";

const isDelete = ({ method }: Sent) => method === "DELETE";

async function versioned(...args: Parameters<typeof createFake>) {
  const fake = createFake(...args);
  const { store, sent } = fake;
  const old = await store.write("a", "0123456789");
  const current = await store.write("a", "new", { overwrite: true });
  sent.length = 0;
  const id = { versionId: old.versionId! };
  return { ...fake, id, current: { versionId: current.versionId! } };
}

Deno.test("VER-009 Azure: each call about a version is one request, and a delete one look more", async () => {
  const { store, sent, id } = await versioned();
  const requests = async (call: () => Promise<unknown>) => {
    await call();
    return sent.splice(0).map(({ method, url }) => {
      assertEquals(new URL(url).searchParams.get("versionid"), id.versionId);
      return method;
    });
  };
  assertEquals(await requests(() => store.readText("a", id)), ["GET"]);
  assertEquals(await requests(() => store.getFileInfo("a", id)), ["HEAD"]);
  const suffix = { ...id, range: { suffix: 2 } };
  assertEquals(await requests(() => store.readBytes("a", suffix)), [
    "HEAD",
    "GET",
  ]);
  const behind = { ...id, range: { offset: 20 } };
  assertEquals(await requests(() => store.readBytes("a", behind)), [
    "GET",
    "HEAD",
  ]);
  assertEquals(await requests(() => store.delete("a", id)), ["HEAD", "DELETE"]);
  await assertRejects(() => store.readText("a", id), NotFoundError);
  assertEquals(await store.readText("a"), "new");
});

Deno.test("VER-009 Azure: the current version is deleted without an id first, which the error says", async () => {
  const { store, current, id } = await versioned();
  const error = await assertRejects(
    () => store.delete("a", current),
    RemoteStoreError,
    "it is the current version",
  );
  assertEquals(error.code, "RemoteStoreError");
  assertEquals(await store.readText("a"), "new");
  await store.delete("a");
  await store.delete("a", current);
  await assertRejects(() => store.readText("a", current), NotFoundError);
  assertEquals(await store.readText("a", id), "0123456789");
});

Deno.test("VER-009 Azure: a deletion whose answer was lost is known by what is left", async () => {
  const lost = await versioned({}, once(isDelete, "lost"));
  await lost.store.delete("a", lost.id);
  await assertRejects(() => lost.store.readText("a", lost.id), NotFoundError);
  const silent = await versioned(
    {},
    (sent) => isDelete(sent) ? new TypeError("no way") : null,
  );
  await assertRejects(
    () => silent.store.delete("a", silent.id),
    BackendUnavailableError,
  );
  assertEquals(await silent.store.readText("a", silent.id), "0123456789");
});

Deno.test("VER-009 Azure: a service that ignores the id gives no other version, and loses none", async () => {
  const { store, paths } = createFake();
  paths.keepsVersions = false;
  await holdIgnored(store);
});

Deno.test("VER-010 Azure: with hns there are no versions, and who signs for pages is not asked for any", async () => {
  const signer = ({ url, headers }: { url: string; headers: unknown }) =>
    Promise.resolve({ url, headers } as never);
  for (const options of [{ hns: true }, { accountKey: undefined, signer }]) {
    const { store, sent } = createFake(options);
    assert(!store.supports("versions"));
    await assertRejects(
      () => store.delete("a", { versionId: "1" }),
      CapabilityNotSupportedError,
    );
    assertEquals(sent, []);
  }
});
